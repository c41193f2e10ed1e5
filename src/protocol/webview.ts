/** Messages between the host and its webviews. The host validates whatever a webview sends. */
import type { Frame, GatesWatch, HeatmapCell, HeatmapReading, MetricPoint } from './frame.ts';
import type { BackendDescription, NetworkDescription } from './network.ts';
import type { Granularity, RunState } from './position.ts';

export type PanelName = 'unrolled' | 'gates' | 'gradientFlow' | 'training';

/** The whole state that a panel draws from; a panel that appears gets it at once. */
export interface RunSnapshot {
  readonly state: RunState;
  readonly network: NetworkDescription;
  readonly backend: BackendDescription;
  readonly frame: Frame;
  /** Of the iterations finished so far, oldest first: all, or of a long run those that `thinMetrics` keeps. */
  readonly metrics: readonly MetricPoint[];
}

/** VS Code carries messages as JSON, arrays apart, and JSON has no NaN: such a number crosses by its name. */
export type NumberOrName = number | 'NaN' | 'Infinity' | '-Infinity';

export type PanelReading = Omit<HeatmapReading, 'value'> & { readonly value: NumberOrName };

export type PanelFrame = Omit<Frame, 'loss' | 'reading'> & {
  readonly loss: NumberOrName | undefined;
  readonly reading: PanelReading | undefined;
};

export type PanelSnapshot = Omit<RunSnapshot, 'frame'> & { readonly frame: PanelFrame };

/** The next one is sent when the page has answered with `painted`. */
export type ToWebview =
  /** No run: panels show what to do next. */
  | { readonly kind: 'noRun' }
  /** A new run, or a panel that has just become visible. */
  | { readonly kind: 'snapshot'; readonly snapshot: PanelSnapshot }
  | {
      readonly kind: 'progress';
      readonly state: RunState;
      readonly frame: PanelFrame;
      /** Of the iterations finished since the panel's last message. */
      readonly metrics: readonly MetricPoint[];
    }
  /** Another cell of the frame that is shown is being read. */
  | { readonly kind: 'reading'; readonly reading: PanelReading | undefined };

export type RunCommand =
  | { readonly kind: 'step'; readonly granularity: Granularity }
  | { readonly kind: 'train' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'stop' };

export type FromWebview =
  /** The panel's script runs; answered with `noRun` or `snapshot`. */
  | { readonly kind: 'ready' }
  /** What was sent is on the screen. */
  | {
      readonly kind: 'painted';
      /** What drawing it took. */
      readonly milliseconds: number;
    }
  | { readonly kind: 'run'; readonly command: RunCommand }
  /** The Gates panel's choice of layer and content. */
  | { readonly kind: 'watchGates'; readonly gates: GatesWatch }
  /** The cell of the Gates panel that is being read. */
  | { readonly kind: 'read'; readonly cell: HeatmapCell | undefined }
  /** The Unrolled panel's choice of sample. */
  | { readonly kind: 'watchSample'; readonly sample: number }
  /** Show where a quantity or layer is defined; `quantity` absent: the layer's line in the model. */
  | { readonly kind: 'reveal'; readonly layer: string; readonly quantity: string | undefined };
