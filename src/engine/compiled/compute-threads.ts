/** A compiled module on the engine's thread and on helping threads. */
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { instantiate, type ProgramExports } from './program-module.ts';
import { Rendezvous, type Task } from './rendezvous.ts';
import type { RunMemory } from './run-memory.ts';
import { runShare } from './run-share.ts';
import { samplesOf } from './shares.ts';
import type { ThreadData } from './thread-data.ts';

export interface ComputeThreadsOptions {
  readonly memory: RunMemory;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** All threads, the engine's own among them. */
  readonly threads: number;
  /** The program of a helping thread. */
  readonly script: string;
  /** An address in the run's memory that no other threads meet at. */
  readonly meetingPlace: number;
}

export class ComputeThreads {
  readonly program: ProgramExports;
  readonly threads: number;
  /** Whether helpers take part: results are the same bits without them. */
  useHelpers = true;
  /** Why a helper has not started. */
  private failure: Error | undefined;
  private readonly rendezvous: Rendezvous;
  private readonly batchSize: number;

  constructor({ memory, bytes, threads, script, meetingPlace }: ComputeThreadsOptions) {
    const module = new WebAssembly.Module(bytes);
    this.program = instantiate(module, memory.memory);
    this.threads = threads;
    this.rendezvous = new Rendezvous(memory.memory, meetingPlace);
    this.batchSize = memory.layout.network.batchSize;
    for (let thread = 1; thread < threads; thread += 1) {
      const data: ThreadData = {
        module,
        memory: memory.memory,
        rendezvous: meetingPlace,
        thread,
        samples: samplesOf(thread, threads, this.batchSize),
      };
      const worker = new Worker(script, { workerData: data });
      worker.once('error', (error) => {
        this.failure = error;
      });
      // A run that nobody disposes of must not keep the process alive.
      worker.unref();
    }
  }

  /**
   * Returns when all helpers have started.
   * @throws what keeps one from starting
   */
  async ready(): Promise<void> {
    while (!this.isComplete) {
      if (this.failure !== undefined) throw this.failure;
      await delay(1);
    }
  }

  /** A single time step is done before a helper has woken up. */
  walk(walk: number, from: number, to: number): void {
    if (from === to) this.program.walks[walk]!(from, to, 0, this.batchSize);
    else this.share({ kind: 'walk', walk, from, to });
  }

  gradients(): void {
    this.share({ kind: 'gradients' });
  }

  stop(): void {
    this.rendezvous.post({ kind: 'stop' });
  }

  private share(task: Task): void {
    const { program, rendezvous, threads, batchSize } = this;
    const isShared = this.useHelpers && threads > 1 && this.isComplete;
    if (isShared) rendezvous.post(task);
    // Until all helpers have started, the engine does their shares too.
    const own = isShared ? 1 : threads;
    for (let thread = 0; thread < own; thread += 1) {
      runShare(program, task, thread, samplesOf(thread, threads, batchSize));
    }
    if (isShared) rendezvous.awaitHelpers(threads - 1);
  }

  private get isComplete(): boolean {
    return this.rendezvous.present === this.threads - 1;
  }
}
