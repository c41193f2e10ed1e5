/** Messages between the host and the engine process. Sent with structured clone: arrays cross as ArrayBuffers. */
import type { Failure } from './failure.ts';
import type { Frame, HeatmapCell, HeatmapReading, MetricPoint, Watch } from './frame.ts';
import type { GradientReport } from './gradient-check.ts';
import type { BackendChoice, BackendDescription, NetworkDescription } from './network.ts';
import type { Granularity, RunState } from './position.ts';

/** What an engine is to work on. */
export interface EngineTask {
  /** URI of the `.rnn` file; data files are found relative to it. */
  readonly uri: string;
  /** The file's text, unsaved changes included. */
  readonly text: string;
  /** Name of the `train` block; the first one, if left out. */
  readonly train?: string | undefined;
  readonly backend: BackendChoice;
}

export type EngineCommand =
  /** First message; the engine answers with `started` or `failed`. */
  | ({ readonly kind: 'start'; readonly watch: Watch } & EngineTask)
  /** In place of `start`, to an engine that does nothing else; answered with `gradientsChecked` or `failed`. */
  | ({ readonly kind: 'checkGradients' } & EngineTask)
  | { readonly kind: 'step'; readonly granularity: Granularity }
  /** Runs freely until `pause`, the last epoch's end or a failure. */
  | { readonly kind: 'train' }
  | { readonly kind: 'pause' }
  /** Answered with a `frame`, in a free run with the next `progress`. */
  | { readonly kind: 'watch'; readonly watch: Watch }
  /** The cell that is being read from now on, of which frames tell the value. Answered with a `reading`. */
  | { readonly kind: 'read'; readonly cell: HeatmapCell | undefined }
  /** The last `progress` of a free run has arrived: until then the engine makes no other. */
  | { readonly kind: 'received' };

export type EngineEvent =
  | {
      readonly kind: 'started';
      readonly network: NetworkDescription;
      readonly backend: BackendDescription;
      readonly frame: Frame;
    }
  /**
   * After every step, pause and end; while running freely at most 20 times a second, less often where making a frame
   * takes long, and never two before the first was `received`: the newest wins.
   */
  | {
      readonly kind: 'progress';
      readonly state: RunState;
      readonly frame: Frame;
      /** Of the iterations finished since the last progress, oldest first; of many those that `thinMetrics` keeps. */
      readonly metrics: readonly MetricPoint[];
    }
  | { readonly kind: 'frame'; readonly frame: Frame }
  /** Of the frame that was sent last. */
  | { readonly kind: 'reading'; readonly reading: HeatmapReading | undefined }
  | { readonly kind: 'gradientsChecked'; readonly report: GradientReport }
  | { readonly kind: 'failed'; readonly failure: Failure };
