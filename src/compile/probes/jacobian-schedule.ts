/**
 * The schedule of a recurrence's Jacobians: ∂q_t/∂p_{t−k} for the states q and p of a layer, of one sample, at all time
 * steps at once.
 */
import type { Network } from '../network.ts';
import { scheduleOf } from '../schedule/build-schedule.ts';
import { type LoweredLayer, lower, type OwedContribution } from '../schedule/lower.ts';
import type { Schedule, ScheduledArray } from '../schedule/schedule.ts';
import { needed, readsBy } from './needed.ts';
import { probeValues } from './probe-values.ts';
import { SeededUnits } from './seeded-units.ts';

/** A quantity that its cell reads at earlier time steps. */
export interface State {
  readonly name: string;
  /** n */
  readonly size: number;
  /** How many time steps ago it is read at most. */
  readonly delay: number;
}

/** ∂of_t/∂by_{t−delay} */
export interface JacobianBlock {
  readonly of: string;
  readonly by: string;
  readonly delay: number;
  /** [T, n, m], or the diagonal of a diagonal block, [T, 1, n]. */
  readonly array: ScheduledArray;
}

export interface JacobianSchedule {
  readonly schedule: Schedule;
  /** Those that are not zero throughout. */
  readonly blocks: readonly JacobianBlock[];
}

/** In the order of their equations; none where the layer has no memory of itself. */
export function statesOf(network: Network, layer: string): State[] {
  const { program, owed } = lowerOne(network, layer);
  return [...program.values.values()].flatMap(({ name, size }) => {
    const own = owed.filter(({ target }) => target.layer === layer && target.name === name);
    return own.length === 0 ? [] : [{ name, size, delay: Math.max(...own.map(({ delay }) => delay)) }];
  });
}

/**
 * @param states of the layer: each is differentiated by each, up to the latter's delay
 * @param timeSteps that are computed at once
 */
export function jacobianSchedule(
  network: Network,
  layer: string,
  states: readonly State[],
  timeSteps: number,
): JacobianSchedule {
  const lowered = lowerOne(network, layer);
  const owed = lowered.owed.filter(({ target, delay }) =>
    states.some((state) => target.layer === layer && target.name === state.name && delay <= state.delay),
  );
  const local = needed(lowered.local, readsBy(owed));
  const values = probeValues([lowered], [...owed, ...local]);

  const seeded = states.map(({ name }) => {
    // What a step owes to a state is added where the state's own adjoint is.
    const { target: state } = lowered.owed.find(
      ({ target }) => target.layer === layer && target.name === name,
    )!;
    const units = new SeededUnits(state, values.copy);
    for (const { target, operation } of local) units.add(target, operation);
    return { blocks: blocksOf(name, units, owed), contributions: units.contributions };
  });
  const blocks = seeded.flatMap((each) => each.blocks);
  const contributions = seeded.flatMap((each) => each.contributions);
  const adjoint = needed(
    contributions,
    blocks.map(({ array }) => array),
  );
  const { program } = lowered;
  const forward = values.forward[0]!;
  const schedule = scheduleOf(
    { ...network, layers: [program], timeSteps },
    [{ program, forward, adjoint, gradients: [] }],
    values.given,
  );
  return { schedule, blocks };
}

/** What one time step owes to the states of earlier ones, with the units of `of` as seeds. */
function blocksOf(of: string, units: SeededUnits, owed: readonly OwedContribution[]): JacobianBlock[] {
  const sums = new Map<string, JacobianBlock>();
  for (const { target, delay, operation } of owed) {
    const by = target.name;
    const name = `∂${of}/∂${by}[t-${delay}]`;
    const sum = sums.get(name) ?? { of, by, delay, array: { ...target, name, stored: true } };
    sums.set(name, sum);
    units.add(sum.array, operation);
  }
  return [...sums.values()].flatMap((sum) => {
    const array = units.whole(sum.array);
    return array === undefined ? [] : [{ ...sum, array }];
  });
}

function lowerOne(network: Network, layer: string): LoweredLayer {
  const lowered = lower(network).find(({ program }) => program.id === layer);
  if (lowered === undefined) throw new Error(`The network has no layer ${layer}.`);
  return lowered;
}
