/** One quantity along time: what has just been computed as tensors, everything else in memory if it is kept. */
import type { Tensor } from './binding.ts';
import type { Constants } from './constants.ts';
import type { LentArray } from './lent-array.ts';
import type { InitialOperand } from './plan/definition.ts';
import type { RawOperations } from './raw-operations.ts';

export interface SeriesOptions {
  readonly operations: RawOperations;
  readonly constants: Constants;
  /** B */
  readonly batchSize: number;
  /** So many rows of what the quantity is before the first time step. */
  readonly filled: (rows: number, initial: InitialOperand) => Tensor;
  /** Absent where it is read only while it is at hand. */
  readonly memory: LentArray | undefined;
}

/** Several time steps that were computed at once. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly tensor: Tensor;
}

export class Series {
  private readonly filled: SeriesOptions['filled'];
  private readonly operations: RawOperations;
  private readonly constants: Constants;
  private readonly batchSize: number;
  private readonly memory: LentArray | undefined;
  /** By time step. */
  private readonly steps = new Map<number, Tensor>();
  private block: Block | undefined;
  /** Steps of which the first ones lie before t = 1. */
  private readonly padded = new Map<string, Tensor>();

  constructor(options: SeriesOptions) {
    this.operations = options.operations;
    this.constants = options.constants;
    this.batchSize = options.batchSize;
    this.filled = options.filled;
    this.memory = options.memory;
  }

  /** Takes note of the steps from…to as they are computed, [(to − from + 1)·B, n]. */
  hold(from: number, to: number, tensor: Tensor): void {
    if (from === to) this.steps.set(from, tensor);
    else this.block = { from, to, tensor };
  }

  /** Steps from…to, [(to − from + 1)·B, n]; `initial` before the first. */
  read(from: number, to: number, initial: InitialOperand): Tensor {
    if (from === to) return this.steps.get(from) ?? this.readStep(from, initial);
    if (this.block?.from === from && this.block.to === to) return this.block.tensor;
    if (to < 1) return this.filled((to - from + 1) * this.batchSize, initial);
    if (this.memory === undefined) return this.joinSteps(from, to);
    return from < 1 ? this.withInitial(this.memory, from, to, initial) : this.memory.read(from, to);
  }

  /** Writes the steps from…to, as they were computed, to memory. */
  keep(from: number, to: number): void {
    if (this.memory === undefined) return;
    if (this.block !== undefined) return this.memory.writeBlock(from, to, this.block.tensor);
    this.memory.writeSteps(from, this.stepsOf(from, to));
  }

  /** Forgets tensors, which are about to be deleted. */
  forget(): void {
    this.steps.clear();
    this.block = undefined;
    this.padded.clear();
  }

  private readStep(t: number, initial: InitialOperand): Tensor {
    if (t < 1) return this.filled(this.batchSize, initial);
    if (this.block !== undefined && this.block.from <= t && t <= this.block.to) {
      this.splitBlock(this.block);
      return this.steps.get(t)!;
    }
    const tensor = this.memory!.read(t, t);
    this.steps.set(t, tensor);
    return tensor;
  }

  private splitBlock({ from, to, tensor }: Block): void {
    const parts = this.operations.split(tensor, to - from + 1, this.constants.axis.rows);
    for (const [index, part] of parts.entries()) this.steps.set(from + index, part);
  }

  private joinSteps(from: number, to: number): Tensor {
    const tensor = this.operations.concatenate(this.stepsOf(from, to), this.constants.axis.rows);
    this.hold(from, to, tensor);
    return tensor;
  }

  private stepsOf(from: number, to: number): Tensor[] {
    return Array.from({ length: to - from + 1 }, (_, index) => this.steps.get(from + index)!);
  }

  /** Gradients of several parameters read the same steps. */
  private withInitial(memory: LentArray, from: number, to: number, initial: InitialOperand): Tensor {
    const key = `${from} ${to} ${JSON.stringify(initial)}`;
    const made = this.padded.get(key);
    if (made !== undefined) return made;
    const before = this.filled((1 - from) * this.batchSize, initial);
    const after = memory.read(1, to);
    const tensor = this.operations.concatenate([before, after], this.constants.axis.rows);
    this.padded.set(key, tensor);
    return tensor;
  }
}
