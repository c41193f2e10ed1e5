/** The minibatch in hand as tensors, a time step at a time. */
import type { Network } from '../../compile/network.ts';
import type { Batch, Steps } from '../data/batch.ts';
import type { Tensor, TensorFlow } from './functions.ts';

export class BatchTensors {
  private readonly tf: TensorFlow;
  private readonly batchSize: number;
  private readonly outputSize: number;
  private batch: Batch | undefined;

  constructor(tf: TensorFlow, network: Network) {
    this.tf = tf;
    this.batchSize = network.batchSize;
    this.outputSize = network.outputSize;
  }

  begin(batch: Batch): void {
    this.batch = batch;
  }

  /** Input tokens of step t, [B]. */
  inputTokens(t: number): Tensor {
    return this.tf.tensor1d(this.tokens(t), 'int32');
  }

  /** Input tokens of step t as unit vectors, [B, size]. */
  inputUnitVectors(t: number, size: number): Tensor {
    return this.unitVectors(this.tokens(t), size);
  }

  /** Input tokens of all steps as unit vectors, [T·B, size]. */
  allInputUnitVectors(size: number): Tensor {
    return this.unitVectors(tokensOf(this.current().inputs), size);
  }

  /** Input numbers of step t, [B, n]. */
  inputNumbers(t: number): Tensor {
    return this.numbers(this.current().inputs, t);
  }

  /** Targets of step t, [B, m]: unit vectors where they are tokens. */
  targets(t: number): Tensor {
    const { targets } = this.current();
    if (targets.kind === 'numbers') return this.numbers(targets, t);
    return this.unitVectors(this.step(targets.values, t), this.outputSize);
  }

  private tokens(t: number): Int32Array {
    return this.step(tokensOf(this.current().inputs), t);
  }

  private numbers(steps: Steps, t: number): Tensor {
    if (steps.kind !== 'numbers') throw new Error('This model reads numbers, but its data are tokens.');
    const { size, values } = steps;
    const from = (t - 1) * this.batchSize * size;
    return this.tf.tensor2d(values.slice(from, from + this.batchSize * size), [this.batchSize, size]);
  }

  private step(tokens: Int32Array, t: number): Int32Array {
    return tokens.slice((t - 1) * this.batchSize, t * this.batchSize);
  }

  private unitVectors(tokens: Int32Array, size: number): Tensor {
    const entries = new Float32Array(tokens.length * size);
    for (const [row, token] of tokens.entries()) entries[row * size + token] = 1;
    return this.tf.tensor2d(entries, [tokens.length, size]);
  }

  private current(): Batch {
    if (this.batch === undefined) throw new Error('No minibatch is loaded.');
    return this.batch;
  }
}

function tokensOf(steps: Steps): Int32Array {
  if (steps.kind !== 'tokens') throw new Error('This model reads tokens, but its data are numbers.');
  return steps.values;
}
