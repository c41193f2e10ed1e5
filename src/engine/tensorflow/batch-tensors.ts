/** What the minibatch in hand brings in: inputs straight into memory, tokens and targets as tensors. */
import type { Batch, Steps } from '../data/batch.ts';
import type { Tensor } from './binding.ts';
import type { InputQuantity } from './plan/definitions.ts';
import type { RawOperations } from './raw-operations.ts';

export class BatchTensors {
  private readonly operations: RawOperations;
  private readonly batchSize: number;
  private batch: Batch | undefined;

  constructor(operations: RawOperations, batchSize: number) {
    this.operations = operations;
    this.batchSize = batchSize;
  }

  begin(batch: Batch): void {
    this.batch = batch;
  }

  /** Writes the inputs of the steps from…to to their places in `memory`, [T, B, size]. */
  writeInputs({ kind, quantity }: InputQuantity, memory: Float32Array, from: number, to: number): void {
    const { inputs } = this.current();
    const [first, end] = [(from - 1) * this.batchSize, to * this.batchSize];
    const { size } = quantity;
    switch (kind) {
      case 'numbers':
        return memory.set(numbersOf(inputs).subarray(first * size, end * size), first * size);
      case 'onehot': {
        const tokens = tokensOf(inputs);
        memory.fill(0, first * size, end * size);
        for (let row = first; row < end; row += 1) memory[row * size + tokens[row]!] = 1;
        return;
      }
      case 'mask':
        // It is drawn where it is read.
        return;
    }
  }

  /** Input tokens of the steps from…to, [(to − from + 1)·B]. */
  inputTokens(from: number, to: number): Tensor {
    return this.tokens(this.current().inputs, from, to);
  }

  /** Target tokens of the steps from…to, [(to − from + 1)·B]. */
  targetTokens(from: number, to: number): Tensor {
    return this.tokens(this.current().targets, from, to);
  }

  /** Target numbers of the steps from…to, [(to − from + 1)·B, m]. */
  targetNumbers(from: number, to: number, size: number): Tensor {
    const [first, end] = [(from - 1) * this.batchSize, to * this.batchSize];
    const values = numbersOf(this.current().targets).subarray(first * size, end * size);
    return this.operations.numbers([end - first, size], values);
  }

  private tokens(steps: Steps, from: number, to: number): Tensor {
    const values = tokensOf(steps).subarray((from - 1) * this.batchSize, to * this.batchSize);
    return this.operations.integers([values.length], values);
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

function numbersOf(steps: Steps): Float32Array {
  if (steps.kind !== 'numbers') throw new Error('This model reads numbers, but its data are tokens.');
  return steps.values;
}
