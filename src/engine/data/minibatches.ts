/** The order in which sequences are trained on: every epoch shuffles them anew and leaves out an incomplete rest. */
import type { DataSpec, TrainSpec } from '../../language/checked-model.ts';
import type { Random } from '../random.ts';
import type { Batch } from './batch.ts';
import { DataError, type Dataset } from './dataset.ts';

export class Minibatches {
  readonly perEpoch: number;
  private readonly dataset: Dataset;
  private readonly batchSize: number;
  private readonly random: Random;
  private order: Int32Array = new Int32Array();
  private taken = 0;

  /** @throws {DataError} where there are fewer sequences than one minibatch needs */
  constructor(dataset: Dataset, data: DataSpec, train: TrainSpec, random: Random) {
    this.dataset = dataset;
    this.batchSize = train.batch;
    this.random = random;
    this.perEpoch = Math.floor(dataset.sequenceCount / train.batch);
    if (this.perEpoch === 0) {
      throw new DataError(
        `A batch of ${train.batch} is more than the training data hold: ${dataset.sequenceCount} sequences of ` +
          `${data.window} time steps. Use batch = ${dataset.sequenceCount} or less, a shorter window, or more data.`,
        train.ranges.batch,
      );
    }
  }

  next(): Batch {
    if (this.taken + this.batchSize > this.order.length) {
      this.order = this.random.permutation(this.dataset.sequenceCount);
      this.taken = 0;
    }
    const sequences = this.order.subarray(this.taken, this.taken + this.batchSize);
    this.taken += this.batchSize;
    return this.dataset.batch(sequences);
  }
}
