/** Programs → definitions. */
import { operandsOf } from '../../../compile/adjoint.ts';
import type { Network } from '../../../compile/network.ts';
import {
  findParameter,
  type InitialGradient,
  type LayerProgram,
  type PrimitiveFunction,
  type Instruction as ProgramInstruction,
  type Operand as ProgramOperand,
  type Operation as ProgramOperation,
} from '../../../compile/program.ts';
import { timingOf } from '../../../compile/timing.ts';
import { resolveQuantity, type TraceContent, traceKey } from '../../trace.ts';
import {
  type Definition,
  type InitialOperand,
  type Operand,
  type ParameterPlace,
  type Quantity,
  type Term,
  type TermOperation,
  type VectorOperand,
  zero,
} from './definition.ts';

/** What data fills in; no definition computes it. */
export interface InputQuantity {
  readonly kind: 'onehot' | 'numbers' | 'mask';
  readonly quantity: Quantity;
}

/** The gradient of a parameter, or a part of it, from all time steps and samples. */
export interface Gradient {
  readonly parameter: ParameterPlace;
  /** `rows` and `columns`: of each token one, where the operand is its unit vector. */
  readonly kind: 'outer' | 'sum' | 'rows' | 'columns';
  /** The adjoint, and what it is multiplied by in `outer`. */
  readonly operands: readonly Operand[];
  /** Adds to what an earlier one gave. */
  readonly accumulate: boolean;
}

/** The gradient of an initial state, or a part of it: what the first `steps` time steps owe to t ≤ 0. */
export interface InitialStateGradient {
  readonly parameter: ParameterPlace;
  readonly kind: 'initial';
  readonly owed: Definition;
  readonly steps: number;
  readonly accumulate: boolean;
}

export interface NetworkDefinitions {
  readonly inputs: readonly InputQuantity[];
  readonly forward: readonly Definition[];
  readonly backward: readonly Definition[];
  readonly gradients: readonly (Gradient | InitialStateGradient)[];
}

/** Derivatives that are written in the function's input; the others are written in its output. */
const writtenInInput: ReadonlySet<PrimitiveFunction> = new Set(['relu', 'softplus', 'log', 'abs'] as const);

export function networkDefinitions(network: Network): NetworkDefinitions {
  const quantities = new Quantities(network);
  const { layers } = network;
  const inputs: InputQuantity[] = [];
  const forward: Definition[] = [];
  for (const layer of layers) {
    for (const instruction of layer.forward) {
      const { kind } = instruction.operation;
      const quantity = quantities.find(layer, 'value', instruction.out.name);
      if (kind === 'onehot' || kind === 'numbers' || kind === 'mask') inputs.push({ kind, quantity });
      else forward.push({ quantity, terms: [quantities.term(layer, instruction)] });
    }
  }
  const isOneHot = oneHotIn(inputs);
  const gradients = layers.flatMap((layer) =>
    layer.gradients.flatMap((gradient): (Gradient | InitialStateGradient)[] => {
      if (gradient.kind === 'initial') return quantities.initialGradients(layer, gradient);
      const place = placeOf(layer, gradient.parameter);
      const adjoint = quantities.operand(layer, gradient.adjoint, 0);
      const common = { parameter: place, accumulate: gradient.accumulate };
      if (gradient.kind === 'sum') return [{ ...common, kind: 'sum', operands: [adjoint] }];
      if (gradient.kind === 'lookup') return [{ ...common, kind: 'rows', operands: [adjoint] }];
      const factor = quantities.operand(layer, gradient.operand, 0);
      if (isOneHot(factor)) return [{ ...common, kind: 'columns', operands: [adjoint] }];
      return [{ ...common, kind: 'outer', operands: [adjoint, factor] }];
    }),
  );
  return { inputs, forward, backward: quantities.adjoints(), gradients };
}

/** Whether an operand is the input tokens of the same time step as unit vectors. */
export function oneHotIn(inputs: readonly InputQuantity[]): (operand: Operand) => boolean {
  return (operand) =>
    operand.kind === 'quantity' &&
    operand.shift === 0 &&
    inputs.some(({ kind, quantity }) => kind === 'onehot' && quantity === operand.quantity);
}

class Quantities {
  private readonly network: Network;
  private readonly known = new Map<string, Quantity>();

  constructor(network: Network) {
    this.network = network;
  }

  /** A layer's `x` is the output of the layer below. */
  find(layer: LayerProgram, content: TraceContent, name: string): Quantity {
    const target = resolveQuantity(this.network, layer, name);
    const key = traceKey(target.layer.id, target.name, content);
    const size = target.layer.values.get(target.name)?.size ?? layer.temporaries.get(name)!;
    const timing = timingOf(target.layer, this.network.timings.get(target.layer.id)!, target.name, content);
    const quantity = this.known.get(key) ?? { key, size, timing };
    this.known.set(key, quantity);
    return quantity;
  }

  /** Each adjoint with all that flows to it; what is never reached is 0. */
  adjoints(): Definition[] {
    const terms = new Map<Quantity, Term[]>();
    for (const layer of this.network.layers.toReversed()) {
      for (const instruction of layer.adjoint) {
        const target = this.find(layer, 'adjoint', instruction.out.name);
        terms.set(target, [...(terms.get(target) ?? []), this.term(layer, instruction)]);
      }
    }
    const adjoints = [...this.known.values()].filter(({ key }) => key.startsWith('adjoint '));
    return adjoints.map((quantity) => ({ quantity, terms: terms.get(quantity) ?? [] }));
  }

  /** Of each delay a part. */
  initialGradients(layer: LayerProgram, gradient: InitialGradient): InitialStateGradient[] {
    const { parameter, accumulate, adjoint } = gradient;
    const { size } = this.find(layer, 'adjoint', adjoint.name);
    const owed = layer.adjoint.filter(({ out }) => out.name === adjoint.name && out.delay > 0);
    return [...new Set(owed.map(({ out }) => out.delay))].map((delay, index) => {
      const instructions = owed.filter(({ out }) => out.delay === delay);
      return {
        kind: 'initial',
        parameter: placeOf(layer, parameter),
        owed: {
          quantity: { key: `${adjoint.name}[t-${delay}]`, size, timing: 'eachStep' },
          terms: instructions.map(({ operation }) => this.termNow(layer, operation, 0)),
        },
        steps: Math.min(delay, this.network.timeSteps),
        accumulate: accumulate || index > 0,
      };
    });
  }

  /** A contribution at t − k is computed at t, so at t it is what is computed at t + k. */
  term(layer: LayerProgram, { out, operation }: ProgramInstruction): Term {
    return this.termNow(layer, operation, out.delay);
  }

  private termNow(layer: LayerProgram, operation: ProgramOperation, shift: number): Term {
    const operands = operandsRead(operation).map((operand) => this.operand(layer, operand, shift));
    return { operation: termOperation(layer, operation), operands, shift };
  }

  operand(layer: LayerProgram, operand: ProgramOperand, shift: number): Operand {
    switch (operand.kind) {
      case 'constant':
        return { kind: 'constant', value: operand.value };
      case 'parameter':
        return vectorOf(layer, operand.name);
      case 'value':
      case 'adjoint': {
        const quantity = this.find(layer, operand.kind, operand.name);
        const initial = operand.kind === 'value' ? initialOf(layer, operand.name) : zero;
        return { kind: 'quantity', quantity, shift: shift - operand.delay, initial };
      }
    }
  }
}

function vectorOf(layer: LayerProgram, name: string): VectorOperand {
  const { shape } = findParameter(layer, name);
  return { kind: 'vector', parts: [placeOf(layer, name)], size: shape[0] ?? 1 };
}

function placeOf(layer: LayerProgram, name: string): ParameterPlace {
  return { layer: findParameter(layer, name).owner, name };
}

function initialOf(layer: LayerProgram, name: string): InitialOperand {
  const { initial } = layer.values.get(name)!;
  return initial.kind === 'constant' ? initial : vectorOf(layer, initial.name);
}

function operandsRead(operation: ProgramOperation): ProgramOperand[] {
  if (operation.kind !== 'derivative') return operandsOf(operation);
  const { name, adjoint, input, output } = operation;
  return [adjoint, writtenInInput.has(name) ? input : output];
}

function termOperation(layer: LayerProgram, operation: ProgramOperation): TermOperation {
  switch (operation.kind) {
    case 'product': {
      const { matrix: name, transposed } = operation;
      return { kind: 'product', blocks: [[{ ...placeOf(layer, name), transposed }]] };
    }
    case 'lookup':
      return { kind: 'lookup', blocks: [[{ ...placeOf(layer, operation.table), transposed: true }]] };
    case 'function':
    case 'derivative':
      return { kind: operation.kind, name: operation.name };
    case 'where':
      return { kind: 'where', comparison: operation.comparison };
    case 'slice':
    case 'pad':
      return { kind: operation.kind, first: operation.first, size: operation.size };
    case 'onehot':
    case 'numbers':
    case 'mask':
      throw new Error(`Data fills in ${operation.kind}; it is not computed.`);
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'max':
    case 'min':
    case 'negate':
    case 'copy':
    case 'sumUnits':
    case 'reverse':
    case 'concat':
    case 'crossEntropy':
    case 'crossEntropyGradient':
    case 'squaredError':
    case 'squaredErrorGradient':
      return { kind: operation.kind };
  }
}
