/** One definition over a range of time steps, all samples and steps at once: rows are samples. */
import type { BatchTensors } from './batch-tensors.ts';
import type { Tensor } from './binding.ts';
import type { Constants } from './constants.ts';
import { derivative, functionOperations } from './functions.ts';
import { crossEntropy, crossEntropyGradient } from './loss.ts';
import type { ParameterTensors } from './parameter-tensors.ts';
import type { Definition, Operand, Quantity, Term } from './plan/definition.ts';
import type { RawOperations } from './raw-operations.ts';
import type { Series } from './series.ts';

export interface EvaluatorParts {
  readonly operations: RawOperations;
  readonly constants: Constants;
  readonly parameters: ParameterTensors;
  readonly batch: BatchTensors;
  readonly series: ReadonlyMap<Quantity, Series>;
  /** T */
  readonly timeSteps: number;
  /** B */
  readonly batchSize: number;
  /** What the mean loss is taken over: T·B, or B above pooling. */
  readonly predictions: number;
}

export class Evaluator {
  private readonly parts: EvaluatorParts;
  private readonly operations: RawOperations;
  /** What a tensor was split into, so that its parts are made once. */
  private readonly splits = new WeakMap<Tensor, readonly Tensor[]>();

  constructor(parts: EvaluatorParts) {
    this.parts = parts;
    this.operations = parts.operations;
  }

  /** [(to − from + 1)·B, n] */
  evaluate({ quantity, terms }: Definition, from: number, to: number): Tensor {
    const rows = (to - from + 1) * this.parts.batchSize;
    let sum: Tensor | undefined;
    for (const term of terms) {
      const value = this.term(term, quantity.size, from, to);
      if (value !== undefined) sum = sum === undefined ? value : this.add(sum, value);
    }
    return sum === undefined
      ? this.parts.constants.filled(rows, quantity.size, 0)
      : this.spread(sum, rows, quantity.size);
  }

  /** A quantity, [(to − from + 1)·B, n]; [n] for a vector and [] for a constant. */
  read(operand: Operand, from: number, to: number): Tensor {
    switch (operand.kind) {
      case 'constant':
        return this.parts.constants.scalar(operand.value);
      case 'vector':
        return this.parts.parameters.vector(operand);
      case 'quantity': {
        const { quantity, shift, initial } = operand;
        return this.parts.series.get(quantity)!.read(from + shift, to + shift, initial);
      }
    }
  }

  /** `tensor` as [rows, size]: it may lack the rows, where it depends on parameters alone, or be a scalar's. */
  spread(tensor: Tensor, rows: number, size: number): Tensor {
    const { shape } = tensor;
    if (shape.length === 2 && shape[0] === rows && shape[1] === size) return tensor;
    return this.operations.apply('BroadcastTo', tensor, this.parts.constants.list(rows, size));
  }

  /** Undefined where all of it lies beyond the last time step. */
  private term(term: Term, size: number, from: number, to: number): Tensor | undefined {
    const { timeSteps, batchSize, constants } = this.parts;
    const last = Math.min(to, timeSteps - term.shift);
    if (last < from) return undefined;
    const value = this.operate(term, from, last);
    if (last === to) return value;
    const known = this.spread(value, (last - from + 1) * batchSize, size);
    const beyond = constants.filled((to - last) * batchSize, size, 0);
    return this.operations.concatenate([known, beyond], constants.axis.rows);
  }

  private add(sum: Tensor, value: Tensor): Tensor {
    const isBias = sum.shape.length === 2 && value.shape.length === 1 && sum.shape[1] === value.shape[0];
    return this.operations.apply(isBias ? 'BiasAdd' : 'AddV2', sum, value);
  }

  private operate({ operation, operands, shift }: Term, from: number, to: number): Tensor {
    const { operations } = this;
    const { constants, parameters, batch, batchSize, timeSteps } = this.parts;
    if (operation.kind === 'reverse') {
      return this.reversed(this.read(operands[0]!, timeSteps + 1 - to, timeSteps + 1 - from));
    }
    const inputs = operands.map((operand) => this.read(operand, from, to));
    const [first, second] = inputs as [Tensor, Tensor];
    const rows = (to - from + 1) * batchSize;
    /** The inputs with all of their rows, also where they depend on parameters alone. */
    const whole = (): Tensor[] =>
      inputs.map((input, index) => this.spread(input, rows, sizeOf(operands[index]!)));
    switch (operation.kind) {
      case 'product': {
        const stacked = operations.concatenate(
          inputs.map((input) => this.asRows(input)),
          constants.axis.units,
        );
        return operations.apply('MatMul', stacked, parameters.transposedBlocks(operation.blocks));
      }
      case 'part':
        return this.split(first, operation.sizes)[operation.index]!;
      case 'add':
        return operations.apply('AddV2', first, second);
      case 'subtract':
        return operations.apply('Sub', first, second);
      case 'multiply':
        return operations.apply('Mul', first, second);
      case 'divide':
        return operations.apply('RealDiv', first, second);
      case 'max':
        return operations.apply('Maximum', first, second);
      case 'min':
        return operations.apply('Minimum', first, second);
      case 'where': {
        const [delta, left, right] = inputs as [Tensor, Tensor, Tensor];
        const name = operation.comparison === 'atLeast' ? 'GreaterEqual' : 'Greater';
        const isTrue = operations.apply(name, left, right);
        return operations.apply('SelectV2', isTrue, delta, constants.scalar(0));
      }
      case 'concat':
        return operations.concatenate(whole(), constants.axis.units);
      case 'slice': {
        const start = constants.list(0, operation.first);
        const extent = constants.list(-1, operation.size);
        return operations.apply('Slice', whole()[0]!, start, extent);
      }
      case 'pad':
        return this.pad(whole()[0]!, operation.first, operation.size);
      case 'negate':
        return operations.apply('Neg', first);
      case 'copy':
        return first;
      case 'sumUnits':
        return operations.sumOfRow(whole()[0]!, constants.axis.units);
      case 'function':
        return operations.apply(functionOperations[operation.name], first);
      case 'derivative': {
        // These operations want operands of one shape.
        const [rows, units] = first.shape as [number, number];
        const written = this.spread(second, rows, units);
        return derivative(operation.name, first, written, operations, constants);
      }
      case 'lookup': {
        const tokens = batch.inputTokens(from + shift, to + shift);
        return operations.apply(
          'GatherV2',
          parameters.transposedBlocks(operation.blocks),
          tokens,
          constants.axis.rows,
        );
      }
      case 'crossEntropy':
        return crossEntropy(first, batch.targetTokens(from + shift, to + shift), operations, constants);
      case 'crossEntropyGradient': {
        const tokens = batch.targetTokens(from + shift, to + shift);
        return crossEntropyGradient(first, tokens, this.parts.predictions, operations, constants);
      }
      case 'squaredError': {
        const difference = operations.apply('SquaredDifference', first, this.targets(first, from, to));
        return operations.meanOfRow(difference, constants.axis.units);
      }
      case 'squaredErrorGradient': {
        const difference = operations.apply('Sub', first, this.targets(first, from, to));
        const scale = 2 / (this.parts.predictions * first.shape[1]!);
        return operations.apply('Mul', difference, constants.scalar(scale));
      }
    }
  }

  /** Whole time steps, the last first. */
  private reversed(tensor: Tensor): Tensor {
    const { constants, batchSize } = this.parts;
    const [rows, units] = tensor.shape as [number, number];
    const steps = this.operations.apply('Reshape', tensor, constants.list(-1, batchSize, units));
    const reversed = this.operations.apply('ReverseV2', steps, constants.list(0));
    return this.operations.apply('Reshape', reversed, constants.list(rows, units));
  }

  /** `size` units, those of `part` from `first` on and zeros beside them. */
  private pad(part: Tensor, first: number, size: number): Tensor {
    const { constants } = this.parts;
    const [rows, units] = part.shape as [number, number];
    const zeros = (count: number): Tensor[] => (count === 0 ? [] : [constants.filled(rows, count, 0)]);
    const parts = [...zeros(first), part, ...zeros(size - first - units)];
    return this.operations.concatenate(parts, constants.axis.units);
  }

  private targets(prediction: Tensor, from: number, to: number): Tensor {
    return this.parts.batch.targetNumbers(from, to, prediction.shape[1]!);
  }

  private split(packed: Tensor, sizes: readonly number[]): readonly Tensor[] {
    const { constants } = this.parts;
    const made = this.splits.get(packed);
    if (made !== undefined) return made;
    const parts = this.operations.splitBySizes(
      packed,
      constants.list(...sizes),
      constants.axis.units,
      sizes.length,
    );
    this.splits.set(packed, parts);
    return parts;
  }

  /** A vector as one row. */
  private asRows(tensor: Tensor): Tensor {
    if (tensor.shape.length === 2) return tensor;
    return this.operations.apply('Reshape', tensor, this.parts.constants.list(1, -1));
  }
}

function sizeOf(operand: Operand): number {
  switch (operand.kind) {
    case 'quantity':
      return operand.quantity.size;
    case 'vector':
      return operand.size;
    case 'constant':
      return 1;
  }
}
