/**
 * What a visible panel shows of the iteration in hand. Only what is watched is computed, copied and sent. What is
 * drawn as a colour crosses as a byte; what is read as a number crosses as the number that was computed.
 */
import type { Position } from './position.ts';
import type { Statistics } from './statistics.ts';
import type { ValueScale } from './value-scale.ts';

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
  /** Besides gates, states and values. */
  readonly preActivations: boolean;
  /** Of the screen, for one heatmap: finer pictures are averaged down to them before they are sent. */
  readonly pixels: { readonly across: number; readonly down: number };
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
  /** Of the cell that is being read, if these heatmaps have it and it is computed. */
  readonly reading: HeatmapReading | undefined;
  readonly sample: SampleSteps | undefined;
}

/** ‖q_t‖ or ‖∂L/∂q_t‖ for t = 1…T: Frobenius norm over batch and units. */
export interface NormSeries {
  readonly layer: string;
  readonly quantity: string;
  readonly content: HeatmapContent;
  /**
   * The time steps that belong to this iteration, where they are not those of the frame: above pooling T alone, and of what
   * waits for the end of the sequence all or none. None where `from` > `to`.
   */
  readonly computed?: { readonly from: number; readonly to: number };
  /** [T]; NaN, too, at the steps that this iteration has not reached. */
  readonly norms: Float32Array;
}

/**
 * [T, n] values as a picture, time across and units down: one pixel a value, or with `columns` < T or `rows` < n one
 * pixel the mean of the values at its place that are computed.
 */
export interface Heatmap {
  readonly layer: string;
  readonly quantity: string;
  readonly content: HeatmapContent;
  /** n */
  readonly units: number;
  /** At most T; t is in column ⌊(t − 1) · columns / T⌋. */
  readonly columns: number;
  /** At most n; a unit (from 0) is in row ⌊unit · rows / n⌋. */
  readonly rows: number;
  /** [rows, columns] codes, see `quantiseValue`. */
  readonly codes: Uint8Array;
  readonly scale: ValueScale;
  /** Of the [T, n] values themselves, those of this iteration. */
  readonly statistics: Statistics;
}

/** One value behind a heatmap of the watched gates. */
export interface HeatmapCell {
  readonly quantity: string;
  /** From 1. */
  readonly t: number;
  /** From 0. */
  readonly unit: number;
}

/** The value of a cell, as computed. */
export interface HeatmapReading extends HeatmapCell {
  readonly layer: string;
  readonly content: HeatmapContent;
  /** Whose value it is; absent: the mean over the batch. */
  readonly sample: number | undefined;
  readonly value: number;
}

/** One sample of the batch along time, as text: tokens, or numbers in the data's own units. */
export interface SampleSteps {
  readonly index: number;
  /** [T] */
  readonly inputs: readonly string[];
  /** [T]; undefined where no loss is taken: with pooling before T. */
  readonly targets: readonly (string | undefined)[];
  /** Of the time steps that are computed; undefined before the first of them. */
  readonly predictions: readonly (string | undefined)[];
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
