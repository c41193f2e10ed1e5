/** Messages between the host and the engine process. Sent with structured clone: arrays cross as ArrayBuffers. */
import type { Failure } from './failure.ts';
import type { Frame, MetricPoint, Watch } from './frame.ts';
import type { BackendChoice, BackendDescription, NetworkDescription } from './network.ts';
import type { Granularity, RunState } from './position.ts';

export type EngineCommand =
  /** First message; the engine answers with `started` or `failed`. */
  | {
      readonly kind: 'start';
      /** URI of the `.rnn` file; data files are found relative to it. */
      readonly uri: string;
      /** The file's text, unsaved changes included. */
      readonly text: string;
      readonly backend: BackendChoice;
      readonly watch: Watch;
    }
  | { readonly kind: 'step'; readonly granularity: Granularity }
  /** Runs freely until `pause`, the last epoch's end or a failure. */
  | { readonly kind: 'train' }
  | { readonly kind: 'pause' }
  /** Answered with a `frame`. */
  | { readonly kind: 'watch'; readonly watch: Watch };

export type EngineEvent =
  | {
      readonly kind: 'started';
      readonly network: NetworkDescription;
      readonly backend: BackendDescription;
      readonly frame: Frame;
    }
  /** After every step, and at most some 20 times a second while running freely: the newest wins. */
  | {
      readonly kind: 'progress';
      readonly state: RunState;
      readonly frame: Frame;
      /** Iterations finished since the last progress, oldest first. */
      readonly metrics: readonly MetricPoint[];
    }
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'failed'; readonly failure: Failure };
