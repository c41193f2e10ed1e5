/**
 * The array of one quantity, [T, B, n], lent to TensorFlow. Where the array lies at a multiple of 64 bytes, TensorFlow reads
 * and writes it in place; anywhere else it works on copies of its own, and what it computes is copied back. Copies of all
 * quantities in each iteration would keep the garbage collector busy on the processor that TensorFlow shares with it.
 */
import type { Tensor } from './binding.ts';
import type { Constants } from './constants.ts';
import type { RawOperations } from './raw-operations.ts';

export interface LentArrayOptions {
  readonly data: Float32Array;
  /** T */
  readonly timeSteps: number;
  /** B */
  readonly batchSize: number;
  /** n */
  readonly size: number;
  readonly constants: Constants;
  /** Of tensors that last as long as the array is lent. */
  readonly lasting: RawOperations;
  /** Of tensors that are deleted soon. */
  readonly operations: RawOperations;
}

export class LentArray {
  private readonly data: Float32Array;
  private readonly batchSize: number;
  private readonly size: number;
  private readonly constants: Constants;
  private readonly operations: RawOperations;
  /** [T, B, n]; undefined where it would be a copy. */
  private readonly inPlace: Tensor | undefined;
  /** 0…T − 1 */
  private readonly indices: Int32Array;

  constructor({ data, timeSteps, batchSize, size, constants, lasting, operations }: LentArrayOptions) {
    this.data = data;
    this.batchSize = batchSize;
    this.size = size;
    this.constants = constants;
    this.operations = operations;
    this.inPlace = isWrittenInPlace(data, operations)
      ? lasting.numbers([timeSteps, batchSize, size], data)
      : undefined;
    this.indices = Int32Array.from({ length: timeSteps }, (_, index) => index);
  }

  /** Steps from…to, [(to − from + 1)·B, n]. */
  read(from: number, to: number): Tensor {
    const stride = this.batchSize * this.size;
    const rows = (to - from + 1) * this.batchSize;
    return this.operations.numbers([rows, this.size], this.data.subarray((from - 1) * stride, to * stride));
  }

  /** Steps from…to, [(to − from + 1)·B, n]. */
  writeBlock(from: number, to: number, tensor: Tensor): void {
    if (this.inPlace === undefined) return this.copyBack(from, tensor);
    const shape = this.constants.list(to - from + 1, this.batchSize, this.size);
    this.update(this.inPlace, from, to, this.operations.apply('Reshape', tensor, shape));
  }

  /** Steps from `from` on, [B, n] each. */
  writeSteps(from: number, steps: readonly Tensor[]): void {
    // For a single step, copying back takes fewer operations.
    if (this.inPlace === undefined || steps.length === 1) {
      for (const [index, step] of steps.entries()) this.copyBack(from + index, step);
    } else {
      this.update(this.inPlace, from, from + steps.length - 1, this.operations.stack(steps));
    }
  }

  private update(array: Tensor, from: number, to: number, values: Tensor): void {
    const steps = this.operations.integers([to - from + 1], this.indices.subarray(from - 1, to));
    this.operations.apply('InplaceUpdate', array, steps, values);
  }

  private copyBack(from: number, tensor: Tensor): void {
    this.data.set(this.operations.read(tensor), (from - 1) * this.batchSize * this.size);
  }
}

/** Whether a tensor of the array is the array, found out by writing. */
function isWrittenInPlace(data: Float32Array, operations: RawOperations): boolean {
  const first = data.subarray(0, 1);
  const [before = 0] = first;
  first[0] = 0;
  const place = operations.integers([1], Int32Array.of(0));
  const one = operations.numbers([1], Float32Array.of(1));
  operations.apply('InplaceUpdate', operations.numbers([1], first), place, one);
  operations.dispose();
  const isInPlace = first[0] === 1;
  first[0] = before;
  return isInPlace;
}
