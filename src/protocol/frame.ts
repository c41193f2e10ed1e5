/**
 * What a visible panel shows of the iteration in hand. Only what is watched is computed, copied and sent.
 * Arrays are Float32Array, time first; entries not yet computed in this iteration are NaN and lie outside
 * `forwardThrough` and `backwardFrom`.
 */
import type { Position } from './position.ts';

/** What the panels that are visible need; absent parts are not sent. */
export interface Watch {
  /** Norms of every layer's states and outputs, and the watched sample's tokens or numbers. */
  readonly unrolled: boolean;
  readonly gates: GatesWatch | undefined;
  /** Norms of every state's adjoint. */
  readonly gradientFlow: boolean;
  /** Index of the sample of the batch whose inputs, targets and predictions are shown, from 0. */
  readonly sample: number;
}

export interface GatesWatch {
  /** A layer's id. */
  readonly layer: string;
  readonly show: HeatmapContent;
  /** One sample's values, or the mean over the batch. */
  readonly of: 'batchMean' | 'sample';
}

/** `value`: the quantity itself; `adjoint`: ∂L/∂quantity, L being the batch-mean loss of the iteration. */
export type HeatmapContent = 'value' | 'adjoint';

export interface Frame {
  readonly position: Position;
  /** T */
  readonly timeSteps: number;
  /** Values of t = 1…forwardThrough belong to this iteration; 0: none. */
  readonly forwardThrough: number;
  /** Adjoints of t = backwardFrom…T belong to this iteration; T + 1: none. */
  readonly backwardFrom: number;
  /** Mean loss of the iteration, once the loss phase has passed. */
  readonly loss: number | undefined;
  readonly norms: readonly NormSeries[];
  readonly heatmaps: readonly Heatmap[];
  readonly sample: SampleSteps | undefined;
}

/** ‖q_t‖ or ‖∂L/∂q_t‖ for t = 1…T: Frobenius norm over batch and units. */
export interface NormSeries {
  readonly layer: string;
  readonly quantity: string;
  readonly content: HeatmapContent;
  /** [T] */
  readonly norms: Float32Array;
}

export interface Heatmap {
  readonly layer: string;
  readonly quantity: string;
  readonly content: HeatmapContent;
  /** n */
  readonly units: number;
  /** [T, n] */
  readonly values: Float32Array;
}

/** One sample of the batch along time, as text: tokens, or numbers in the data's own units. */
export interface SampleSteps {
  readonly index: number;
  /** [T] */
  readonly inputs: readonly string[];
  /** [T] */
  readonly targets: readonly string[];
  /** Predictions of t = 1…forwardThrough. */
  readonly predictions: readonly string[];
}

/** One iteration's point on the training curves. */
export interface MetricPoint {
  readonly iteration: number;
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
  /** The same after clipping; equal to `gradientNorm` where nothing was clipped. */
  readonly clippedGradientNorm: number;
  /** Milliseconds that the iteration took, stepping pauses excluded. */
  readonly milliseconds: number;
}
