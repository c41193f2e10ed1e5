/** A training set, cut into sequences of equal length, whatever its source. */
import type { DataSpec, SourceRange } from '../../language/checked-model.ts';
import type { Batch } from './batch.ts';

export interface Dataset {
  /** Sequences of T steps in the training part. */
  readonly sequenceCount: number;
  /** Distinct tokens by number; absent where the data are numbers. */
  readonly vocabulary: readonly string[] | undefined;
  /** The sequences with these numbers as one minibatch. */
  batch(sequences: ArrayLike<number>): Batch;
  /** How an entry of a batch reads to a person: a token, or a number in the data's own units. */
  inputText(batch: Batch, t: number, sample: number): string;
  targetText(batch: Batch, t: number, sample: number): string;
  /** `prediction`: the network's output for one sample and step, `[m]`. */
  predictionText(prediction: Float32Array): string;
}

/** What is wrong with the data, where it was asked for, and the way out. */
export class DataError extends Error {
  readonly source: SourceRange;

  constructor(message: string, source: SourceRange) {
    super(message);
    this.name = 'DataError';
    this.source = source;
  }
}

/**
 * How many sequences of T steps that do not overlap fit into `steps` steps.
 * @param whole what the file holds, in words
 * @throws {DataError} where there is not even one
 */
export function windowCount(spec: DataSpec, steps: number, whole: string): number {
  const count = Math.floor(steps / spec.window);
  if (count > 0) return count;
  const share = `${Math.round(spec.split.train * 100)} %`;
  const horizon = spec.source.kind === 'csv' ? ' a smaller horizon,' : '';
  const advice = steps > 0 ? `window = ${steps} or less,` : `a larger training share,${horizon}`;
  throw new DataError(
    `A window of ${spec.window} time steps is longer than the training data: ${share} of ${whole} leave ` +
      `${Math.max(steps, 0)} steps with a target. Use ${advice} or more data.`,
    spec.ranges.window,
  );
}
