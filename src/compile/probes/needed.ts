/** The part of a network's contributions that a probe needs. */
import { readsOf } from '../schedule/reads.ts';
import type { Contribution, ScheduledArray } from '../schedule/schedule.ts';

/** Those that `wanted` is computed from, however indirectly. */
export function needed(
  contributions: readonly Contribution[],
  wanted: Iterable<ScheduledArray>,
): Contribution[] {
  const arrays = new Set(wanted);
  // A set that grows while it is walked is walked to its end.
  for (const array of arrays) {
    const own = contributions.filter(({ target }) => target === array);
    for (const read of readsBy(own)) arrays.add(read);
  }
  return contributions.filter(({ target }) => arrays.has(target));
}

export function readsBy(contributions: readonly Contribution[]): ScheduledArray[] {
  return contributions.flatMap(({ operation }) => readsOf(operation)).map(({ array }) => array);
}
