/** One quantity along time: what has just been computed as tensors, everything else in memory if it is kept. */
import type { Tensor } from './binding.ts';
import type { Constants } from './constants.ts';
import type { RawOperations } from './raw-operations.ts';

export interface SeriesOptions {
  readonly operations: RawOperations;
  readonly constants: Constants;
  /** B */
  readonly batchSize: number;
  /** n */
  readonly size: number;
  /** [T, B, n]; absent where it is read only while it is at hand. */
  readonly memory: Float32Array | undefined;
}

/** Several time steps that were computed at once. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly tensor: Tensor;
}

export class Series {
  readonly size: number;
  private readonly operations: RawOperations;
  private readonly constants: Constants;
  private readonly batchSize: number;
  private readonly memory: Float32Array | undefined;
  /** By time step. */
  private readonly steps = new Map<number, Tensor>();
  private block: Block | undefined;

  constructor(options: SeriesOptions) {
    this.operations = options.operations;
    this.constants = options.constants;
    this.batchSize = options.batchSize;
    this.size = options.size;
    this.memory = options.memory;
  }

  /** Takes note of the steps from…to as they are computed, [(to − from + 1)·B, n]. */
  hold(from: number, to: number, tensor: Tensor): void {
    if (from === to) this.steps.set(from, tensor);
    else this.block = { from, to, tensor };
  }

  /** Steps from…to, [(to − from + 1)·B, n]; `initial` before the first. */
  read(from: number, to: number, initial: number): Tensor {
    if (from === to) return this.steps.get(from) ?? this.readStep(from, initial);
    if (this.block?.from === from && this.block.to === to) return this.block.tensor;
    if (this.memory === undefined) return this.joinSteps(from, to);
    return from < 1 ? this.withInitial(from, to, initial) : this.fromMemory(from, to);
  }

  /** Writes the steps from…to, as they were computed, to memory. */
  keep(from: number, to: number): void {
    if (this.memory === undefined) return;
    if (this.block !== undefined) return this.write(from, this.block.tensor);
    for (let t = from; t <= to; t += 1) this.write(t, this.steps.get(t)!);
  }

  /** Forgets tensors, which are about to be deleted. */
  forget(): void {
    this.steps.clear();
    this.block = undefined;
  }

  private readStep(t: number, initial: number): Tensor {
    if (t < 1) return this.constants.filled(this.batchSize, this.size, initial);
    if (this.block !== undefined && this.block.from <= t && t <= this.block.to) {
      this.splitBlock(this.block);
      return this.steps.get(t)!;
    }
    const tensor = this.fromMemory(t, t);
    this.steps.set(t, tensor);
    return tensor;
  }

  private splitBlock({ from, to, tensor }: Block): void {
    const parts = this.operations.split(tensor, to - from + 1, this.constants.axis.rows);
    for (const [index, part] of parts.entries()) this.steps.set(from + index, part);
  }

  private joinSteps(from: number, to: number): Tensor {
    const parts = Array.from({ length: to - from + 1 }, (_, index) => this.steps.get(from + index)!);
    const tensor = this.operations.concatenate(parts, this.constants.axis.rows);
    this.hold(from, to, tensor);
    return tensor;
  }

  private withInitial(from: number, to: number, initial: number): Tensor {
    const before = Math.min(0, to) - from + 1;
    const filled = this.constants.filled(before * this.batchSize, this.size, initial);
    return to < 1
      ? filled
      : this.operations.concatenate([filled, this.read(1, to, initial)], this.constants.axis.rows);
  }

  private fromMemory(from: number, to: number): Tensor {
    const stride = this.batchSize * this.size;
    const rows = (to - from + 1) * this.batchSize;
    const entries = this.memory!.subarray((from - 1) * stride, to * stride);
    return this.operations.numbers([rows, this.size], entries);
  }

  private write(from: number, tensor: Tensor): void {
    this.memory!.set(this.operations.read(tensor), (from - 1) * this.batchSize * this.size);
  }
}
