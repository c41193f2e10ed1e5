/** A network → the order in which its quantities are computed, and which of them have to be kept. */
import type { Network } from '../../../compile/network.ts';
import type { Timing } from '../../../compile/timing.ts';
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

/** Stages that run together, over one block of time steps after the other. */
export interface Segment {
  readonly timing: Timing;
  readonly stages: readonly Stage[];
}

export interface Plan {
  readonly inputs: readonly InputQuantity[];
  readonly forward: readonly Segment[];
  readonly backward: readonly Segment[];
  readonly gradients: readonly AnyGradient[];
  /** Quantities that are read at another time step, in another segment or phase, or by gradients. */
  readonly kept: ReadonlySet<Quantity>;
}

/** `isRecorded` tells keys of quantities that are kept in any case. */
export function planOf(network: Network, isRecorded: (key: string) => boolean): Plan {
  const { inputs, gradients, ...phases } = networkDefinitions(network);
  const reads = countReads([...phases.forward, ...phases.backward], gradients);
  const isPart = (quantity: Quantity): boolean => !isRecorded(quantity.key) && reads.get(quantity) === 1;
  const isOneHot = oneHotIn(inputs);
  const stages = (definitions: readonly Definition[]): Stage[] =>
    stagesOf(hoistTerms(mergeProducts(flattenSums(definitions, isPart), isOneHot)));
  const forward = segmentsOf(stages(phases.forward), ['eachStep', 'atEnd', 'lastStep']);
  const backward = segmentsOf(stages(phases.backward), ['lastStep', 'eachStep', 'atEnd']);
  return { inputs, forward, backward, gradients, kept: keptQuantities(forward, backward, gradients) };
}

function stagesOf(definitions: readonly Definition[]): Stage[] {
  const atSameStep = ({ shift }: QuantityOperand): boolean => shift === 0;
  return componentsOf(definitions).map(({ recurs, definitions: members }) => ({
    recurs,
    definitions: componentsOf(members, atSameStep).flatMap((each) => each.definitions),
  }));
}

/**
 * Stages of one timing after those of another. What waits until all of a sequence is there comes in several segments where
 * it is read from its end in between.
 */
function segmentsOf(stages: readonly Stage[], order: readonly Timing[]): Segment[] {
  return order.flatMap((timing) => {
    const segments: Stage[][] = [];
    for (const stage of stages) {
      if (timingOf(stage) !== timing) continue;
      if (segments.length === 0 || stage.definitions.some(readsFromEnd)) segments.push([]);
      segments.at(-1)!.push(stage);
    }
    return segments.map((members) => ({ timing, stages: members }));
  });
}

function timingOf({ definitions: [first] }: Stage): Timing {
  return first!.quantity.timing;
}

function readsFromEnd({ terms }: Definition): boolean {
  return terms.some(({ operation }) => operation.kind === 'reverse');
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
  forward: readonly Segment[],
  backward: readonly Segment[],
  gradients: readonly AnyGradient[],
): Set<Quantity> {
  const elsewhere = [...forward, ...backward].flatMap(({ stages }) => {
    const definitions = stages.flatMap((stage) => stage.definitions);
    const own = new Set(definitions.map(({ quantity }) => quantity));
    return definitions.flatMap(readsOf).filter(({ shift, quantity }) => shift !== 0 || !own.has(quantity));
  });
  return new Set([...elsewhere, ...readsOfGradients(gradients)].map(({ quantity }) => quantity));
}

function readsOfGradients(gradients: readonly AnyGradient[]): QuantityOperand[] {
  const isQuantity = (operand: Operand): operand is QuantityOperand => operand.kind === 'quantity';
  return gradients.flatMap((gradient) =>
    gradient.kind === 'initial' ? readsOf(gradient.owed) : gradient.operands.filter(isQuantity),
  );
}
