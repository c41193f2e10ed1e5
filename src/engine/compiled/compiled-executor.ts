/**
 * Executes the programs of a network as SIMD code over the memory of the run, on one thread or on several: these give
 * the same bits, as each entry is computed by one thread and in one order.
 */
import type { Schedule } from '../../compile/schedule/schedule.ts';
import type { Batch } from '../data/batch.ts';
import type { Executor } from '../executor.ts';
import { ComputeThreads } from './compute-threads.ts';
import { programModule, type Walk } from './program-module.ts';
import { hasRelaxedSimd } from './relaxed-simd.ts';
import type { RunMemory } from './run-memory.ts';

const forwardWalk = 0;
const backwardWalk = 1;

export interface Threads {
  readonly threads: number;
  /** The program of a helping thread. */
  readonly script: string;
}

export class CompiledExecutor implements Executor {
  readonly compute: ComputeThreads;
  private readonly memory: RunMemory;

  constructor(memory: RunMemory, { threads, script }: Threads) {
    this.memory = memory;
    const { layout } = memory;
    const { layers } = layout.schedule;
    const bytes = programModule({
      layout,
      walks: wholeWalks(layout.schedule),
      gradients: layers.flatMap(({ gradients }) => gradients),
      threads,
      relaxed: hasRelaxedSimd(),
    });
    const meetingPlace = layout.meetingPlaces[0];
    this.compute = new ComputeThreads({ memory, bytes, threads, script, meetingPlace });
  }

  begin(batch: Batch): void {
    this.memory.load(batch);
    this.compute.program.pack();
  }

  forward(from: number, to: number): void {
    this.compute.walk(forwardWalk, from, to);
  }

  backward(from: number, to: number): void {
    this.compute.walk(backwardWalk, from, to);
  }

  gradients(): void {
    this.compute.gradients();
  }

  dispose(): void {
    this.compute.stop();
  }
}

/** Forward from data to loss, and backward from loss to data. */
export function wholeWalks({ layers }: Schedule): readonly [Walk, Walk] {
  return [
    { layers: layers.map(({ forward }) => forward), direction: 'ascending' },
    { layers: layers.map(({ adjoint }) => adjoint).toReversed(), direction: 'descending' },
  ];
}
