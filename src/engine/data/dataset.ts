/** A training set, cut into sequences of equal length, whatever its source. */
import type { DataSpec, SourceRange } from '../../language/checked-model.ts';
import type { Batch } from './batch.ts';
import { readCsv } from './csv.ts';
import { readText } from './text.ts';

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
 * @param bytes the content of the file that the `data` block names
 * @throws {DataError} where the file cannot be used as the block says
 */
export function readDataset(spec: DataSpec, bytes: Uint8Array): Dataset {
  const { path } = spec.source;
  if (bytes.length === 0) {
    throw new DataError(`"${path}" is empty. Put the training data into it.`, spec.ranges.path);
  }
  const text = decode(bytes, spec);
  return spec.source.kind === 'text' ? readText(spec, text) : readCsv(spec, spec.source, text);
}

/** Start of each sequence when `steps` steps are cut into windows of T that do not overlap. */
export function windowCount(spec: DataSpec, steps: number, whole: string): number {
  const count = Math.floor(steps / spec.window);
  if (count > 0) return count;
  const share = `${Math.round(spec.split.train * 100)} %`;
  throw new DataError(
    `A window of ${spec.window} time steps is longer than the training data: ${share} of ${whole} leave ` +
      `${Math.max(steps, 0)} steps with a target. Use window = ${Math.max(steps, 1)} or less, or more data.`,
    spec.ranges.window,
  );
}

function decode(bytes: Uint8Array, spec: DataSpec): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new DataError(
      `"${spec.source.path}" is not UTF-8: line ${lineOfFirstInvalidByte(bytes)} holds bytes that are no character. ` +
        'Save the file as UTF-8.',
      spec.ranges.path,
    );
  }
}

function lineOfFirstInvalidByte(bytes: Uint8Array): number {
  const lenient = new TextDecoder('utf-8').decode(bytes);
  const before = lenient.slice(0, lenient.indexOf('\uFFFD'));
  return before.split('\n').length;
}
