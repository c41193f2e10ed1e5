/**
 * Compiled code for what recurs, TensorFlow for the large products outside of the loop over time, on one memory. A
 * single time step is compiled code throughout, so that stepping and running agree to float32 rounding.
 */
import type {
  ArrayOperand,
  ProductOperation,
  ProductTarget,
  ScheduledArray,
} from '../../compile/schedule/schedule.ts';
import { type Direction, type Steps, stepsOf } from '../../compile/timing.ts';
import type { Threads } from '../compiled/compiled-executor.ts';
import { ComputeThreads } from '../compiled/compute-threads.ts';
import { bytesPerFloat } from '../compiled/layout.ts';
import { programModule } from '../compiled/program-module.ts';
import { hasRelaxedSimd } from '../compiled/relaxed-simd.ts';
import type { RunMemory } from '../compiled/run-memory.ts';
import type { Batch } from '../data/batch.ts';
import type { Executor } from '../executor.ts';
import { bindingOf, type Tensor, type TfjsNode } from '../tensorflow/binding.ts';
import { Constants } from '../tensorflow/constants.ts';
import { LentArray } from '../tensorflow/lent-array.ts';
import { RawOperations } from '../tensorflow/raw-operations.ts';
import { type HybridStep, type OuterGradient, type SplitSchedule, splitSchedule } from './split-schedule.ts';

const forwardWalk = 0;
const backwardWalk = 1;

/** Rows of T·B. */
interface Rows {
  readonly first: number;
  readonly count: number;
}

export class HybridExecutor implements Executor {
  private readonly memory: RunMemory;
  /** Of tensors that are deleted soon. */
  private readonly operations: RawOperations;
  /** Of tensors that last as long as the run. */
  private readonly lasting: RawOperations;
  private readonly targets: ReadonlyMap<ScheduledArray, LentArray>;
  private readonly split: SplitSchedule;
  private readonly compute: ComputeThreads;

  constructor(memory: RunMemory, tf: TfjsNode, { threads, script }: Threads) {
    this.memory = memory;
    const binding = bindingOf(tf);
    this.operations = new RawOperations(binding);
    this.lasting = new RawOperations(binding);
    const { layout } = memory;
    this.split = splitSchedule(layout);
    this.targets = this.lendTargets();
    const bytes = programModule({
      layout,
      walks: this.split.walks,
      gradients: this.split.compiledGradients,
      threads,
      relaxed: hasRelaxedSimd(),
    });
    const meetingPlace = layout.meetingPlaces[1];
    this.compute = new ComputeThreads({ memory, bytes, threads, script, meetingPlace });
  }

  /** Returns when all helpers have started. */
  ready(): Promise<void> {
    return this.compute.ready();
  }

  begin(batch: Batch): void {
    this.memory.load(batch);
    this.compute.program.pack();
  }

  forward(from: number, to: number): void {
    if (from === to) this.compute.walk(forwardWalk, from, to);
    else this.run(this.split.forward, { from, to }, 'ascending');
  }

  backward(from: number, to: number): void {
    if (from === to) this.compute.walk(backwardWalk, from, to);
    else this.run(this.split.backward, { from, to }, 'descending');
  }

  gradients(): void {
    this.compute.gradients();
    for (const gradient of this.split.largeGradients) this.outer(gradient);
  }

  dispose(): void {
    this.compute.stop();
    this.lasting.dispose();
  }

  private lendTargets(): Map<ScheduledArray, LentArray> {
    const { memory, operations, lasting } = this;
    const { timeSteps, batchSize } = memory.layout.network;
    const constants = new Constants(lasting);
    const steps = [...this.split.forward, ...this.split.backward];
    const targets = steps.flatMap((step) => (step.kind === 'product' ? [step.target.target] : []));
    return new Map(
      targets.map((array) => {
        const data = memory.floats(memory.layout.address(array), memory.layout.rows * array.size);
        const { size } = array;
        return [
          array,
          new LentArray({ data, timeSteps, batchSize, size, constants, lasting, operations }),
        ] as const;
      }),
    );
  }

  private run(steps: readonly HybridStep[], walk: Steps, direction: Direction): void {
    const { timeSteps } = this.memory.layout.network;
    for (const step of steps) {
      if (step.kind === 'walk') {
        this.compute.walk(step.walk, walk.from, walk.to);
      } else {
        const { from, to } = stepsOf(step.timing, walk, direction, timeSteps);
        if (from <= to) this.product(step.target, from, to);
      }
    }
  }

  /** target (+)= bias + Σ ± v Wᵀ, rows being samples */
  private product({ target, accumulate, bias, terms }: ProductTarget, from: number, to: number): void {
    const { operations, memory } = this;
    const { batchSize } = memory.layout.network;
    const rows = { first: (from - 1) * batchSize, count: (to - from + 1) * batchSize };
    const lent = this.targets.get(target)!;
    const addends = terms.map((term) => this.term(term, rows));
    if (accumulate) addends.push(lent.read(from, to));
    if (bias !== undefined) {
      const { values } = memory.layout.parameter(bias.layer, bias.name);
      addends.push(operations.numbers([bias.size], memory.floats(values, bias.size)));
    }
    lent.writeBlock(from, to, this.sum(addends));
    operations.dispose();
  }

  private term({ matrix, transposed, negative, operand }: ProductOperation, rows: Rows): Tensor {
    const { operations } = this;
    const product = operations.product(this.matrix(operand, rows), this.parameter(matrix), {
      left: false,
      right: !transposed,
    });
    return negative ? operations.apply('Neg', product) : product;
  }

  /** δW (+)= Σ δ ⊗ v */
  private outer({ layer, parameter, accumulate, adjoint, operand }: OuterGradient): void {
    const { operations, memory } = this;
    if (operand.kind !== 'array') throw new Error('Only products of quantities are large.');
    const rows = { first: 0, count: memory.layout.rows };
    const product = operations.product(this.matrix(adjoint, rows), this.matrix(operand, rows), {
      left: true,
      right: false,
    });
    const size = adjoint.array.size * operand.array.size;
    const gradient = memory.floats(memory.layout.parameter(layer, parameter).gradient, size);
    const shape = [adjoint.array.size, operand.array.size];
    const addends = accumulate ? [product, operations.numbers(shape, gradient)] : [product];
    gradient.set(operations.read(this.sum(addends)));
    operations.dispose();
  }

  private sum(addends: readonly Tensor[]): Tensor {
    return addends.reduce((sum, addend) => this.operations.apply('AddV2', sum, addend));
  }

  private matrix(operand: ArrayOperand | ProductOperation['operand'], rows: Rows): Tensor {
    if (operand.kind !== 'array') throw new Error('Only products of quantities are large.');
    return this.operations.numbers([rows.count, operand.array.size], this.rows(operand, rows));
  }

  private parameter({ layer, name, rows, columns }: ProductOperation['matrix']): Tensor {
    const { values } = this.memory.layout.parameter(layer, name);
    return this.operations.numbers([rows, columns], this.memory.floats(values, rows * columns));
  }

  private rows({ array, shift }: ArrayOperand, { first, count }: Rows): Float32Array {
    const start = this.memory.layout.address(array, shift) + first * bytesPerRow(array);
    return this.memory.floats(start, count * array.size);
  }
}

function bytesPerRow({ size }: ScheduledArray): number {
  return size * bytesPerFloat;
}
