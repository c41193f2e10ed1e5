/** The network of a run, as views need to know it: names, sizes and equations, no numbers. */
import type { SourceRange } from './source-range.ts';

/** `gate`: in (0, 1) by its equation; `state`: read at an earlier time step; `value`: everything else. */
export type QuantityRole = 'input' | 'gate' | 'state' | 'preActivation' | 'value';

export interface QuantityDescription {
  readonly name: string;
  readonly role: QuantityRole;
  /** Units, n. */
  readonly size: number;
  /** The defining equation as written; for a pre-activation the part of it that it names. */
  readonly equation: string;
  readonly source: SourceRange;
}

/** `residual`: where a residual group adds what it received; `bidirectional`: where the outputs of its two cells meet. */
export type LayerKind =
  | 'numbers'
  | 'onehot'
  | 'embed'
  | 'cell'
  | 'dense'
  | 'layer_norm'
  | 'tie'
  | 'residual'
  | 'last'
  | 'mean'
  | 'bidirectional'
  | 'dropout'
  | 'softmax'
  | 'linear';

export interface LayerDescription {
  /** `layers.0`, `layers.1`, … for recurrent cells from input to output; else the kind, numbered where it recurs. */
  readonly id: string;
  /** As written in the model: `LSTM(64)`. */
  readonly label: string;
  readonly kind: LayerKind;
  /** The quantity that the layer hands on. */
  readonly output: string;
  readonly quantities: readonly QuantityDescription[];
  readonly source: SourceRange;
}

export interface NetworkDescription {
  /** From input to output. */
  readonly layers: readonly LayerDescription[];
  /** T */
  readonly timeSteps: number;
  /** B */
  readonly batchSize: number;
  readonly parameterCount: number;
  readonly iterationsPerEpoch: number;
  readonly epochs: number;
  readonly loss: 'cross_entropy' | 'mse';
}

/** What executes the programs of a run. */
export interface BackendDescription {
  readonly name: BackendName;
  /** e.g. `Compiled to WebAssembly, 2 threads`. */
  readonly label: string;
  /** Why this one, with what was measured. */
  readonly reason: string;
}

/** `compiled`: WebAssembly; `hybrid`: that, and TensorFlow for the large products; `tensorflow`: TensorFlow alone. */
export type BackendName = 'compiled' | 'hybrid' | 'tensorflow';
export type BackendChoice = 'auto' | BackendName;
