/** Whether a network fits into this machine, told before anything is allocated. */
import { totalmem } from 'node:os';
import type { SourceRange } from '../language/checked-model.ts';
import type { Layout } from './compiled/layout.ts';

/** What one WebAssembly memory can hold. */
const mostBytes = 65_536 * 65_536;

/** The network needs more memory than there is; `source` is the layer that needs most of it. */
export class MemoryError extends Error {
  override readonly name = 'MemoryError';
  readonly source: SourceRange;

  constructor(message: string, source: SourceRange) {
    super(message);
    this.source = source;
  }
}

export interface MemoryNeed {
  /** Who needs the memory, as the beginning of a sentence. */
  readonly what: string;
  /** Bytes beside those of the layout. */
  readonly beside: number;
}

const runNeed: MemoryNeed = { what: 'This run', beside: 0 };

/**
 * @param available bytes
 * @throws {MemoryError} where more is needed
 */
export function requireMemory(
  layout: Layout,
  { what, beside }: MemoryNeed = runNeed,
  available = totalmem(),
): void {
  const bytes = layout.bytes + beside;
  if (bytes <= Math.min(available, mostBytes)) return;
  const needs = layout.network.layers.map((layer) => ({ layer, bytes: layout.bytesOfLayer(layer.id) }));
  const largest = needs.reduce((most, each) => (each.bytes > most.bytes ? each : most));
  const limit =
    available < mostBytes
      ? `this machine has ${gigabytes(available)}`
      : `a run can hold ${gigabytes(mostBytes)}`;
  throw new MemoryError(
    `${what} needs ${gigabytes(bytes)} of memory and ${limit}: ` +
      `\`${largest.layer.label}\` alone takes ${gigabytes(largest.bytes)}. Use fewer units, a shorter window or a smaller batch.`,
    largest.layer.source,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toLocaleString('en', { maximumSignificantDigits: 3 })} GB`;
}
