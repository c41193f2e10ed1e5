/** A network → the order in which its quantities are computed, and which of them have to be kept. */
import type { Network } from '../../../compile/network.ts';
import { componentsOf } from './components.ts';
import { type Definition, type Operand, type Quantity, type QuantityOperand, readsOf } from './definition.ts';
import {
  type Gradient,
  type InitialStateGradient,
  type InputQuantity,
  networkDefinitions,
  oneHotIn,
} from './definitions.ts';
import { hoistTerms } from './hoist.ts';
import { mergeProducts } from './merge-products.ts';
import { flattenSums } from './sums.ts';

export type AnyGradient = Gradient | InitialStateGradient;

export interface Stage {
  /** For a loop over time; the others are computed for all time steps at once. */
  readonly recurs: boolean;
  /** Each comes after those that it reads at the same time step. */
  readonly definitions: readonly Definition[];
}

export interface Plan {
  readonly inputs: readonly InputQuantity[];
  readonly forward: readonly Stage[];
  readonly backward: readonly Stage[];
  readonly gradients: readonly AnyGradient[];
  /** Quantities that are read at another time step, in another phase, or by gradients. */
  readonly kept: ReadonlySet<Quantity>;
}

/** `isRecorded` tells keys of quantities that are kept in any case. */
export function planOf(network: Network, isRecorded: (key: string) => boolean): Plan {
  const { inputs, gradients, ...phases } = networkDefinitions(network);
  const reads = countReads([...phases.forward, ...phases.backward], gradients);
  const isPart = (quantity: Quantity): boolean => !isRecorded(quantity.key) && reads.get(quantity) === 1;
  const isOneHot = oneHotIn(inputs);
  const [forward, backward] = [phases.forward, phases.backward].map((definitions) =>
    stagesOf(hoistTerms(mergeProducts(flattenSums(definitions, isPart), isOneHot))),
  ) as [Stage[], Stage[]];
  return { inputs, forward, backward, gradients, kept: keptQuantities(forward, backward, gradients) };
}

function stagesOf(definitions: readonly Definition[]): Stage[] {
  const atSameStep = ({ shift }: QuantityOperand): boolean => shift === 0;
  return componentsOf(definitions).map(({ recurs, definitions: members }) => ({
    recurs,
    definitions: componentsOf(members, atSameStep).flatMap((each) => each.definitions),
  }));
}

function countReads(
  definitions: readonly Definition[],
  gradients: readonly AnyGradient[],
): Map<Quantity, number> {
  const counts = new Map<Quantity, number>();
  for (const { quantity } of [...definitions.flatMap(readsOf), ...readsOfGradients(gradients)]) {
    counts.set(quantity, (counts.get(quantity) ?? 0) + 1);
  }
  return counts;
}

function keptQuantities(
  forward: readonly Stage[],
  backward: readonly Stage[],
  gradients: readonly AnyGradient[],
): Set<Quantity> {
  const readsIn = (stages: readonly Stage[]): QuantityOperand[] =>
    stages.flatMap(({ definitions }) => definitions.flatMap(readsOf));
  const computed = new Set(forward.flatMap(({ definitions }) => definitions.map(({ quantity }) => quantity)));
  const elsewhere = [
    ...readsIn(forward).filter(({ shift }) => shift !== 0),
    ...readsIn(backward).filter(({ shift, quantity }) => shift !== 0 || computed.has(quantity)),
    ...readsOfGradients(gradients),
  ];
  return new Set(elsewhere.map(({ quantity }) => quantity));
}

function readsOfGradients(gradients: readonly AnyGradient[]): QuantityOperand[] {
  const isQuantity = (operand: Operand): operand is QuantityOperand => operand.kind === 'quantity';
  return gradients.flatMap((gradient) =>
    gradient.kind === 'initial' ? readsOf(gradient.owed) : gradient.operands.filter(isQuantity),
  );
}
