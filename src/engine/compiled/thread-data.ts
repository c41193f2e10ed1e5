/** What a helping thread is started with. */
import type { Samples } from './shares.ts';

export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly rendezvous: number;
  readonly thread: number;
  readonly samples: Samples;
}
