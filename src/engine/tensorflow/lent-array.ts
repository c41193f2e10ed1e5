/**
 * The array of one quantity, [T, B, n], lent to TensorFlow: it reads steps where they lie, and writes them there too if the
 * array lies at a multiple of 64 bytes. Elsewhere it works on copies of its own, and what it computes is copied back.
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

  constructor({ data, timeSteps, batchSize, size, constants, lasting, operations }: LentArrayOptions) {
    this.data = data;
    this.batchSize = batchSize;
    this.size = size;
    this.constants = constants;
    this.operations = operations;
    const isShared = writesInPlace(data, lasting, constants);
    this.inPlace = isShared ? lasting.numbers([timeSteps, batchSize, size], data) : undefined;
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
    this.operations.apply('InplaceUpdate', array, this.constants.range(from - 1, to - 1), values);
  }

  private copyBack(from: number, tensor: Tensor): void {
    this.data.set(this.operations.read(tensor), (from - 1) * this.batchSize * this.size);
  }
}

/** Whether a tensor of the array is the array, found out by writing. */
function writesInPlace(data: Float32Array, operations: RawOperations, constants: Constants): boolean {
  const first = data.subarray(0, 1);
  const before = first[0]!;
  first[0] = 0;
  operations.apply('InplaceUpdate', operations.numbers([1], first), constants.range(0, 0), constants.one);
  const isShared = first[0] === 1;
  first[0] = before;
  return isShared;
}
