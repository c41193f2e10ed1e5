/** Programs → definitions. */
import { operandsOf } from '../../../compile/adjoint.ts';
import type { Network } from '../../../compile/network.ts';
import type {
  LayerProgram,
  Instruction as ProgramInstruction,
  Operand as ProgramOperand,
  Operation as ProgramOperation,
} from '../../../compile/program.ts';
import type { FunctionName } from '../../../language/checked-model.ts';
import { resolveQuantity, type TraceContent, traceKey } from '../../trace.ts';
import type { Definition, Operand, ParameterPlace, Quantity, Term, TermOperation } from './definition.ts';

/** What data fills in; no definition computes it. */
export interface InputQuantity {
  readonly kind: 'onehot' | 'numbers';
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

export interface NetworkDefinitions {
  readonly inputs: readonly InputQuantity[];
  readonly forward: readonly Definition[];
  readonly backward: readonly Definition[];
  readonly gradients: readonly Gradient[];
}

/** Derivatives that are written in the function's input; the others are written in its output. */
const writtenInInput: ReadonlySet<FunctionName> = new Set<FunctionName>(['relu', 'softplus', 'log', 'abs']);

export function networkDefinitions(network: Network): NetworkDefinitions {
  const quantities = new Quantities(network);
  const { layers } = network;
  const inputs: InputQuantity[] = [];
  const forward: Definition[] = [];
  for (const layer of layers) {
    for (const instruction of layer.forward) {
      const { kind } = instruction.operation;
      const quantity = quantities.find(layer, 'value', instruction.out.name);
      if (kind === 'onehot' || kind === 'numbers') inputs.push({ kind, quantity });
      else forward.push({ quantity, terms: [quantities.term(layer, instruction)] });
    }
  }
  const isOneHot = oneHotIn(inputs);
  const gradients = layers.flatMap((layer) =>
    layer.gradients.map((gradient): Gradient => {
      const place = { layer: layer.id, name: gradient.parameter };
      const adjoint = quantities.operand(layer, gradient.adjoint, 0);
      const common = { parameter: place, accumulate: gradient.accumulate };
      if (gradient.kind === 'sum') return { ...common, kind: 'sum', operands: [adjoint] };
      if (gradient.kind === 'lookup') return { ...common, kind: 'rows', operands: [adjoint] };
      const factor = quantities.operand(layer, gradient.operand, 0);
      if (isOneHot(factor)) return { ...common, kind: 'columns', operands: [adjoint] };
      return { ...common, kind: 'outer', operands: [adjoint, factor] };
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
    const quantity = this.known.get(key) ?? { key, size };
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

  /** A contribution at t − k is computed at t, so at t it is what is computed at t + k. */
  term(layer: LayerProgram, { out, operation }: ProgramInstruction): Term {
    const shift = out.delay;
    const operands = operandsRead(operation).map((operand) => this.operand(layer, operand, shift));
    return { operation: termOperation(layer, operation), operands, shift };
  }

  operand(layer: LayerProgram, operand: ProgramOperand, shift: number): Operand {
    switch (operand.kind) {
      case 'constant':
        return { kind: 'constant', value: operand.value };
      case 'parameter': {
        const { shape } = layer.parameters.find(({ name }) => name === operand.name)!;
        return { kind: 'vector', parts: [{ layer: layer.id, name: operand.name }], size: shape[0] ?? 1 };
      }
      case 'value':
      case 'adjoint': {
        const quantity = this.find(layer, operand.kind, operand.name);
        const initial = operand.kind === 'value' ? layer.values.get(operand.name)!.initial : 0;
        return { kind: 'quantity', quantity, shift: shift - operand.delay, initial };
      }
    }
  }
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
      return { kind: 'product', blocks: [[{ layer: layer.id, name, transposed }]] };
    }
    case 'lookup':
      return { kind: 'lookup', blocks: [[{ layer: layer.id, name: operation.table, transposed: true }]] };
    case 'function':
    case 'derivative':
      return { kind: operation.kind, name: operation.name };
    case 'onehot':
    case 'numbers':
      throw new Error(`Data fills in ${operation.kind}; it is not computed.`);
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'negate':
    case 'copy':
    case 'sumUnits':
    case 'crossEntropy':
    case 'crossEntropyGradient':
    case 'squaredError':
    case 'squaredErrorGradient':
      return { kind: operation.kind };
  }
}
