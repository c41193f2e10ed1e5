/** Messages between the host and its webviews. The host validates whatever a webview sends. */
import type { Frame, GatesWatch, MetricPoint } from './frame.ts';
import type { BackendDescription, NetworkDescription } from './network.ts';
import type { Granularity, RunState } from './position.ts';

export type PanelName = 'unrolled' | 'gates' | 'gradientFlow' | 'training';

/** The whole state that a panel draws from; a panel that appears gets it at once. */
export interface RunSnapshot {
  readonly state: RunState;
  readonly network: NetworkDescription;
  readonly backend: BackendDescription;
  readonly frame: Frame;
  /** Every iteration finished so far, oldest first. */
  readonly metrics: readonly MetricPoint[];
}

/** VS Code carries messages as JSON, arrays apart, and JSON has no NaN: such a number crosses by its name. */
export type NumberOrName = number | 'NaN' | 'Infinity' | '-Infinity';

export type PanelFrame = Omit<Frame, 'loss'> & { readonly loss: NumberOrName | undefined };

export type PanelSnapshot = Omit<RunSnapshot, 'frame'> & { readonly frame: PanelFrame };

export type ToWebview =
  /** No run: panels show what to do next. */
  | { readonly kind: 'noRun' }
  /** A new run, or a panel that has just become visible. */
  | { readonly kind: 'snapshot'; readonly snapshot: PanelSnapshot }
  | {
      readonly kind: 'progress';
      readonly state: RunState;
      readonly frame: PanelFrame;
      /** Iterations finished since the panel's last message. */
      readonly metrics: readonly MetricPoint[];
    };

export type RunCommand =
  | { readonly kind: 'step'; readonly granularity: Granularity }
  | { readonly kind: 'train' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'stop' };

export type FromWebview =
  /** The panel's script runs; answered with `noRun` or `snapshot`. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'run'; readonly command: RunCommand }
  /** The Gates panel's choice of layer and content. */
  | { readonly kind: 'watchGates'; readonly gates: GatesWatch }
  /** The Unrolled panel's choice of sample. */
  | { readonly kind: 'watchSample'; readonly sample: number }
  /** Show where a quantity or layer is defined; `quantity` absent: the layer's line in the model. */
  | { readonly kind: 'reveal'; readonly layer: string; readonly quantity: string | undefined };
