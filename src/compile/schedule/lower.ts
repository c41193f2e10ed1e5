/** Programs → contributions to arrays. */
import { operandsOf } from '../adjoint.ts';
import type { Network } from '../network.ts';
import {
  findParameter,
  type GradientInstruction,
  type InitialGradient,
  type Instruction,
  type LayerProgram,
  type Mask,
  type Operand,
  type Operation,
  type Value,
} from '../program.ts';
import type {
  ArrayOperand,
  Contribution,
  Matrix,
  ParameterOperand,
  ScheduledArray,
  ScheduledGradient,
  ScheduledOperand,
  ScheduledOperation,
} from './schedule.ts';

export interface LoweredLayer {
  readonly program: LayerProgram;
  readonly forward: readonly Contribution[];
  /** Values that are data of the iteration: they are there before anything runs. */
  readonly given: readonly ScheduledArray[];
  /** What the adjoint program of a time step contributes to earlier ones. */
  readonly owed: readonly OwedContribution[];
  /** What it contributes to its own. */
  readonly local: readonly Contribution[];
  /** What it contributes to t ≤ 0, of states that are parameters there, by the time step that it comes from. */
  readonly initial: readonly Contribution[];
  readonly gradients: readonly ScheduledGradient[];
}

/** Of time step t to its target at t − delay, delay ≥ 1. */
export interface OwedContribution extends Contribution {
  readonly delay: number;
}

export function lower(network: Network): LoweredLayer[] {
  const arrays = new Map<string, ScheduledArray>();
  return network.layers.map((program) => new Lowering(network, program, arrays).run());
}

class Lowering {
  private readonly network: Network;
  private readonly program: LayerProgram;
  /** The layers that it reads, by what it calls their outputs. */
  private readonly inputs: ReadonlyMap<string, LayerProgram>;
  /** Of all layers, by content, layer and name. */
  private readonly arrays: Map<string, ScheduledArray>;
  private contributions: Contribution[] = [];
  private readonly given: ScheduledArray[] = [];

  constructor(network: Network, program: LayerProgram, arrays: Map<string, ScheduledArray>) {
    this.network = network;
    this.program = program;
    this.inputs = new Map(
      [...program.inputs].map(([name, id]) => [name, network.layers.find((layer) => layer.id === id)!]),
    );
    this.arrays = arrays;
  }

  run(): LoweredLayer {
    const { program } = this;
    if (this.hasOwnInput()) this.add(this.ownInput(), { kind: 'copy', operand: this.inputBelow() });
    for (const instruction of program.forward) this.lowerInstruction(instruction);
    const forward = this.take();
    const isOwed = ({ out }: Instruction): boolean => out.delay > 0;
    const owed = program.adjoint.filter(isOwed).flatMap((instruction) => {
      this.lowerInstruction(instruction);
      return this.take().map((each) => ({ ...each, delay: instruction.out.delay }));
    });
    for (const instruction of program.adjoint.filter((each) => !isOwed(each))) {
      this.lowerInstruction(instruction);
    }
    const local = this.take();
    const gradients = program.gradients.flatMap((gradient) =>
      gradient.kind === 'initial' ? this.initialGradients(gradient, owed) : [this.gradient(gradient)],
    );
    return { program, forward, given: this.given, owed, local, initial: this.take(), gradients };
  }

  private lowerInstruction({ out, operation }: Instruction): void {
    const target = this.array(out.kind, out.name);
    if (operation.kind === 'mask') this.given.push(target);
    else this.add(target, this.lowerOperation(operation, target));
  }

  private add(target: ScheduledArray, operation: ScheduledOperation): void {
    this.contributions.push({ target, operation, accumulate: false });
  }

  private take(): Contribution[] {
    const taken = this.contributions;
    this.contributions = [];
    return taken;
  }

  private lowerOperation(operation: Exclude<Operation, Mask>, target: ScheduledArray): ScheduledOperation {
    const read = (operand: Operand): ScheduledOperand => this.operand(operand);
    const readArray = (operand: Operand): ArrayOperand => this.arrayOperand(operand, target);
    switch (operation.kind) {
      case 'product':
        return {
          kind: 'product',
          matrix: this.matrix(operation.matrix),
          transposed: operation.transposed,
          negative: false,
          operand: this.vectorOperand(operation.operand, target),
        };
      case 'add':
      case 'subtract':
      case 'multiply':
      case 'divide':
      case 'max':
      case 'min':
        return { kind: operation.kind, left: read(operation.left), right: read(operation.right) };
      case 'negate':
      case 'copy':
        return { kind: operation.kind, operand: read(operation.operand) };
      case 'function':
        if (operation.name === 'softmax') return { kind: 'softmax', operand: readArray(operation.operand) };
        return { kind: 'function', name: operation.name, operand: read(operation.operand) };
      case 'derivative': {
        const { name, adjoint, input, output } = operation;
        if (name === 'softmax') {
          return { kind: 'softmaxDerivative', adjoint: readArray(adjoint), output: readArray(output) };
        }
        return { kind: 'derivative', name, adjoint: read(adjoint), input: read(input), output: read(output) };
      }
      case 'where': {
        const { comparison, adjoint, left, right } = operation;
        return { kind: 'where', comparison, adjoint: read(adjoint), left: read(left), right: read(right) };
      }
      case 'sumUnits':
      case 'reverse':
        return { kind: operation.kind, operand: readArray(operation.operand) };
      case 'concat':
        return { kind: 'concat', operands: operation.operands.map(readArray) };
      case 'slice':
      case 'pad':
        return { kind: operation.kind, operand: readArray(operation.operand), first: operation.first };
      case 'onehot':
        return { kind: 'onehot' };
      case 'lookup':
        return { kind: 'lookup', table: this.matrix(operation.table) };
      case 'numbers':
        return { kind: 'numbers' };
      case 'crossEntropy':
        return { kind: 'crossEntropy', logits: readArray(operation.logits) };
      case 'crossEntropyGradient': {
        // The layer `softmax` has computed them of the same logits.
        const { prediction } = this.network;
        const probabilities = this.arrayOf(prediction, 'value', prediction.output);
        return {
          kind: 'crossEntropyGradient',
          probabilities: { kind: 'array', array: probabilities, shift: 0 },
        };
      }
      case 'squaredError':
        return { kind: 'squaredError', prediction: readArray(operation.prediction) };
      case 'squaredErrorGradient':
        return { kind: 'squaredErrorGradient', prediction: read(operation.prediction) };
    }
  }

  private gradient(gradient: Exclude<GradientInstruction, { kind: 'initial' }>): ScheduledGradient {
    const { parameter, accumulate } = gradient;
    const adjoint: ArrayOperand = {
      kind: 'array',
      array: this.array('adjoint', gradient.adjoint.name),
      shift: 0,
    };
    const { owner } = findParameter(this.program, parameter);
    const firstStep = this.program.steps === 'last' ? this.network.timeSteps : 1;
    const common = { layer: owner, parameter, accumulate, firstStep, adjoint };
    if (gradient.kind !== 'outer') return { ...common, kind: gradient.kind };
    const operand = this.operand(gradient.operand);
    if (operand.kind === 'constant') throw new Error('The checker lets no matrix stand before a number.');
    return { ...common, kind: 'outer', operand };
  }

  /** What is owed to t − delay ≤ 0 comes from the first `delay` time steps: of each delay it is summed apart. */
  private initialGradients(
    { parameter, accumulate, adjoint }: InitialGradient,
    owed: readonly OwedContribution[],
  ): ScheduledGradient[] {
    const state = this.array('adjoint', adjoint.name);
    const own = owed.filter(({ target }) => target === state);
    const { size } = parameterOperand(this.program, parameter);
    return [...new Set(own.map(({ delay }) => delay))].map((delay, index) => {
      const name = `${state.name}[t-${delay}]`;
      const steps = Math.min(delay, this.network.timeSteps);
      let array: ScheduledArray = { ...state, name, steps, recorded: false };
      for (const each of own) if (each.delay === delay) this.add(array, each.operation);
      if (size !== state.size) {
        const sum = { ...array, name: `${name}·sum`, size };
        this.add(sum, { kind: 'sumUnits', operand: { kind: 'array', array, shift: 0 } });
        array = sum;
      }
      return {
        kind: 'sum',
        layer: this.program.id,
        parameter,
        accumulate: accumulate || index > 0,
        firstStep: 1,
        adjoint: { kind: 'array', array, shift: 0 },
      };
    });
  }

  private operand(operand: Operand): ScheduledOperand {
    switch (operand.kind) {
      case 'value':
        return { kind: 'array', array: this.array('value', operand.name), shift: -operand.delay };
      case 'adjoint':
        return { kind: 'array', array: this.array('adjoint', operand.name), shift: -operand.delay };
      case 'parameter':
        return parameterOperand(this.program, operand.name);
      case 'constant':
        return operand;
    }
  }

  private vectorOperand(operand: Operand, target: ScheduledArray): ArrayOperand | ParameterOperand {
    const lowered = this.operand(operand);
    return lowered.kind === 'constant' ? this.arrayOperand(operand, target) : lowered;
  }

  /** What has no time steps, a parameter or a number, is copied to an array of its own. */
  private arrayOperand(operand: Operand, target: ScheduledArray): ArrayOperand {
    const lowered = this.operand(operand);
    if (lowered.kind === 'array') return lowered;
    const array: ScheduledArray = {
      ...target,
      name: `${target.name}·operand`,
      size: lowered.kind === 'parameter' ? lowered.size : 1,
      recorded: false,
    };
    this.add(array, { kind: 'copy', operand: lowered });
    return { kind: 'array', array, shift: 0 };
  }

  private matrix(name: string): Matrix {
    const { owner, shape } = findParameter(this.program, name);
    const [rows = 1, columns = 1] = shape;
    return { layer: owner, name, rows, columns };
  }

  private array(content: 'value' | 'adjoint', name: string): ScheduledArray {
    const below = this.inputs.get(name);
    if (below === undefined) return this.arrayOf(this.program, content, name);
    if (content === 'value' && name === 'x' && this.hasOwnInput()) return this.ownInput();
    return this.arrayOf(below, content, below.output);
  }

  /** `x` is the output of the layer below, save where the two differ before the first time step. */
  private hasOwnInput(): boolean {
    if (!this.inputs.has('x')) return false;
    const { initial } = this.inputBelow().array;
    if (initial.kind === 'constant' && initial.value === 0) return false;
    return this.program.forward.some(({ operation }) => readsDelayed(operation, 'x'));
  }

  private inputBelow(): ArrayOperand {
    const below = this.inputs.get('x')!;
    return { kind: 'array', array: this.arrayOf(below, 'value', below.output), shift: 0 };
  }

  private ownInput(): ScheduledArray {
    return this.arrayOf(this.program, 'value', 'x');
  }

  private arrayOf(layer: LayerProgram, content: 'value' | 'adjoint', name: string): ScheduledArray {
    const key = `${content} ${layer.id} ${name}`;
    let array = this.arrays.get(key);
    if (array === undefined) {
      const value = layer.values.get(name);
      const size = value?.size ?? layer.temporaries.get(name);
      if (size === undefined) throw new Error(`Layer ${layer.id} has no ${name}.`);
      array = {
        layer: layer.id,
        name,
        content,
        rows: this.network.batchSize,
        size,
        initial: content === 'value' ? initialOf(layer, value) : zero,
        recorded: value !== undefined && value.role !== 'intermediate' && value.role !== 'input',
        stored: false,
        padBefore: 0,
        padAfter: 0,
      };
      this.arrays.set(key, array);
    }
    return array;
  }
}

const zero = { kind: 'constant', value: 0 } as const;

function initialOf(layer: LayerProgram, value: Value | undefined): ScheduledArray['initial'] {
  const initial = value?.initial ?? zero;
  return initial.kind === 'constant' ? initial : parameterOperand(layer, initial.name);
}

function parameterOperand(layer: LayerProgram, name: string): ParameterOperand {
  const { owner, shape } = findParameter(layer, name);
  const [size = 1] = shape;
  return { kind: 'parameter', layer: owner, name, size };
}

function readsDelayed(operation: Operation, name: string): boolean {
  return operandsOf(operation).some((each) => each.kind === 'value' && each.name === name && each.delay > 0);
}
