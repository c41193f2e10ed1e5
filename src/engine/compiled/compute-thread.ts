/** A helper of the engine: does its share of every task over the memory that it shares with the engine. */
import { workerData } from 'node:worker_threads';
import { instantiate } from './program-module.ts';
import { Rendezvous } from './rendezvous.ts';
import { runShare } from './run-share.ts';
import type { ThreadData } from './thread-data.ts';

function help({ module, memory, rendezvous: address, thread, samples }: ThreadData): void {
  const program = instantiate(module, memory);
  const rendezvous = new Rendezvous(memory, address);
  rendezvous.join();
  for (let task = rendezvous.next(); task.kind !== 'stop'; task = rendezvous.next()) {
    runShare(program, task, thread, samples);
    rendezvous.finish();
  }
}

help(workerData as ThreadData);
