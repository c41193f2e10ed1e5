/** Which contributions have to be made step by step, and which can be made for all time steps at once. */
import { readsOf } from './reads.ts';
import type { Contribution, Phases, ScheduledArray } from './schedule.ts';

export type Phase = keyof Phases;

export function assignPhases(contributions: readonly Contribution[]): Map<Contribution, Phase> {
  const sources = sourcesOf(contributions);
  const recurrent = new Set([...sources].flatMap(([array, reached]) => (reached.has(array) ? [array] : [])));
  const feedsRecurrence = new Set([...recurrent].flatMap((array) => [...(sources.get(array) ?? [])]));

  function phaseOf({ target, operation }: Contribution): Phase {
    const follows = readsOf(operation).some(
      ({ array }) =>
        recurrent.has(array) || [...(sources.get(array) ?? [])].some((each) => recurrent.has(each)),
    );
    if (!follows) return 'before';
    return feedsRecurrence.has(target) ? 'loop' : 'after';
  }

  const phases = new Map(contributions.map((each) => [each, phaseOf(each)]));
  for (const bias of contributions.filter(isBias)) {
    // Rides on the first product of its sum.
    const product = contributions.find(
      (each) => each.target === bias.target && each.operation.kind === 'product',
    );
    if (product !== undefined) phases.set(bias, phases.get(product)!);
  }
  return phases;
}

/** A parameter, one number for each unit, that is added as it is. */
export function isBias({ target, operation }: Contribution): boolean {
  return (
    operation.kind === 'copy' &&
    operation.operand.kind === 'parameter' &&
    operation.operand.size === target.size
  );
}

/** For every array that is written here, all that it is computed from, however indirectly, at whatever time steps. */
function sourcesOf(contributions: readonly Contribution[]): Map<ScheduledArray, Set<ScheduledArray>> {
  const direct = new Map<ScheduledArray, ScheduledArray[]>();
  for (const { target, operation } of contributions) {
    const arrays = readsOf(operation).map(({ array }) => array);
    direct.set(target, [...(direct.get(target) ?? []), ...arrays]);
  }
  const reachedFrom = (start: ScheduledArray): Set<ScheduledArray> => {
    const reached = new Set<ScheduledArray>();
    const open = [start];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const array of direct.get(next) ?? []) {
        if (reached.has(array)) continue;
        reached.add(array);
        open.push(array);
      }
    }
    return reached;
  };
  return new Map([...direct.keys()].map((array) => [array, reachedFrom(array)]));
}
