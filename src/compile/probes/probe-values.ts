/**
 * Values of the forward pass as probes read them: of one sample, so with one row a time step. Those that the run has
 * recorded are given; unnamed parts of equations, which not every backend keeps, are computed from these, for all time
 * steps at once.
 */
import type { LoweredLayer } from '../schedule/lower.ts';
import { mapOperands } from '../schedule/map-operands.ts';
import type { Contribution, ScheduledArray } from '../schedule/schedule.ts';
import { needed, readsBy } from './needed.ts';

export type ArrayMap = (array: ScheduledArray) => ScheduledArray;

/** What differs in a copy. */
type Changes = Partial<Pick<ScheduledArray, 'name' | 'rows' | 'recorded'>>;

/** One copy of each array that is asked for; the arrays belong to no schedule yet. */
export function copies(changes: (array: ScheduledArray) => Changes): ArrayMap {
  const made = new Map<ScheduledArray, ScheduledArray>();
  return (array) => {
    let copy = made.get(array);
    if (copy === undefined) {
      copy = { ...array, ...changes(array) };
      made.set(array, copy);
    }
    return copy;
  };
}

export function over({ target, operation }: Contribution, map: ArrayMap): Contribution {
  const moved = mapOperands(operation, (operand) => ({ ...operand, array: map(operand.array) }));
  return { target: map(target), operation: moved, accumulate: false };
}

export interface ProbeValues {
  /** Recorded by the run. */
  readonly given: readonly ScheduledArray[];
  /** What computes the others, layer by layer. */
  readonly forward: readonly (readonly Contribution[])[];
  readonly copy: ArrayMap;
}

/** The values that the adjoint contributions `readers` read. */
export function probeValues(layers: readonly LoweredLayer[], readers: readonly Contribution[]): ProbeValues {
  const copy = copies(() => ({ rows: 1 }));
  const isValue = ({ content }: ScheduledArray): boolean => content === 'value';
  const unnamed = layers.flatMap(({ forward }) => forward.filter(({ target }) => !target.recorded));
  const computed = needed(unnamed, readsBy(readers).filter(isValue));
  const read = new Set(readsBy([...readers, ...computed]));
  return {
    given: [...read].filter((array) => isValue(array) && array.recorded).map(copy),
    forward: layers.map(({ forward }) =>
      forward.filter((each) => computed.includes(each)).map((each) => over(each, copy)),
    ),
    copy,
  };
}
