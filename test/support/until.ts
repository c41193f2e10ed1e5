/** Waiting for what another process brings about. */
import { setTimeout as delay } from 'node:timers/promises';

const pauseMs = 50;

/** Reads again and again until there is a value, and gives it; after `timeoutMs` it fails, naming what it waited for. */
export async function until<Value>(
  what: string,
  timeoutMs: number,
  read: () => Promise<Value | undefined | false>,
): Promise<Value> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms for ${what}.`);
    await delay(pauseMs);
  }
}
