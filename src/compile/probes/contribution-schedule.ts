/**
 * The schedule of a contribution matrix: what the loss of each time step s, by itself, contributes to the adjoint of
 * a quantity at each time step t ≤ s. Adjoint programs are linear in their seeds, so the gradients of many losses walk
 * back through time together, as rows of one batch. Down to the topmost layer with a memory of earlier time steps a
 * loss reaches its own time step only: there the ordinary adjoint of one sample holds all of them.
 */
import type { Network } from '../network.ts';
import { fetched, type LayerContributions, scheduleOf } from '../schedule/build-schedule.ts';
import { type LoweredLayer, lower } from '../schedule/lower.ts';
import type { Contribution, LayerSchedule, Schedule, ScheduledArray } from '../schedule/schedule.ts';
import { needed } from './needed.ts';
import { type ArrayMap, copies, over, probeValues } from './probe-values.ts';

export interface ProbedQuantity {
  /** A layer's id. */
  readonly layer: string;
  readonly quantity: string;
}

export interface ContributionSchedule {
  readonly schedule: Schedule;
  /** From the loss down to what closes off the topmost layer with a memory, or to the probed layer if that lies above. */
  readonly above: readonly LayerSchedule[];
  /** ∂L_t/∂ what `above` leads to, at t, `[T, 1, n]`. */
  readonly gradient: ScheduledArray;
  /** From there on down to the probed layer; absent where that lies above. */
  readonly through: ThroughTime | undefined;
}

export interface ThroughTime {
  readonly layers: readonly LayerSchedule[];
  /** `[T, seeds, n]`, with each row of `gradient` at its own time step, before anything runs. */
  readonly seeds: ScheduledArray;
  /** ∂L_s/∂ probed quantity at t, `[T, seeds, n]`; the same array as `seeds` where that is what is probed. */
  readonly contributions: ScheduledArray;
}

interface Part {
  readonly layer: LoweredLayer;
  readonly adjoint: readonly Contribution[];
}

/**
 * @param seeds losses that walk back together
 * @throws where the run computes no adjoint of that quantity, or a layer above reads the sequence from its end
 */
export function contributionSchedule(
  network: Network,
  probed: ProbedQuantity,
  seeds: number,
): ContributionSchedule {
  const lowered = lower(network);
  const parts = lowered.map((layer): Part => {
    return { layer, adjoint: [...layer.owed.map(fetched), ...layer.local] };
  });
  const wanted = adjointOf(parts, probed);
  const lowest = lowered.findIndex(({ program }) => program.id === probed.layer);
  if (lowered.slice(lowest).some(({ program }) => program.kind === 'reversal')) {
    const what = `${probed.quantity} in ${probed.layer}`;
    throw new Error(
      `Losses of earlier time steps reach ${what}, too: a layer above reads the sequence from its end.`,
    );
  }
  const topmost = lowered.findLastIndex(({ owed }) => owed.length > 0);
  const hasMemory = topmost >= lowest;
  const cut = hasMemory ? cutFrom(lowered, topmost) : lowest;
  const boundary = hasMemory ? adjointOf(parts, outputOf(lowered[cut]!)) : wanted;
  const split = hasMemory ? cut + 1 : lowest;
  const above = needed(
    parts.slice(split).flatMap(({ adjoint }) => adjoint),
    [boundary],
  );
  const through = needed(
    parts.slice(lowest, split).flatMap(({ adjoint }) => adjoint),
    [wanted],
  );

  const values = probeValues(lowered, [...above, ...through]);
  const alone = copies((array) => ({ rows: 1, recorded: array === boundary }));
  const seeded = copies((array) => ({ rows: seeds, recorded: array === boundary || array === wanted }));
  const contributions = parts.map(({ layer, adjoint }, index): LayerContributions => {
    const [kept, map] = index < split ? [through, seeded] : [above, alone];
    const own = adjoint.filter((each) => kept.includes(each));
    return {
      program: layer.program,
      forward: values.forward[index]!,
      adjoint: own.map((each) => over(each, byContent(values.copy, map))),
      gradients: [],
    };
  });

  const given = hasMemory ? [...values.given, seeded(boundary)] : values.given;
  const schedule = scheduleOf(network, contributions.filter(hasAny), given);
  const among = (some: readonly Part[]): LayerSchedule[] =>
    schedule.layers.filter(({ program }) => some.some(({ layer }) => layer.program === program));
  return {
    schedule: { ...schedule, network: { ...network, layers: schedule.layers.map(({ program }) => program) } },
    above: among(parts.slice(split)),
    gradient: alone(boundary),
    through: hasMemory
      ? {
          layers: among(parts.slice(lowest, split)),
          seeds: seeded(boundary),
          contributions: seeded(wanted),
        }
      : undefined,
  };
}

/** The lowest layer from `topmost` on whose output is all that the layers above it read of it and those below. */
function cutFrom(layers: readonly LoweredLayer[], topmost: number): number {
  const indexOf = (id: string): number => layers.findIndex(({ program }) => program.id === id);
  const lowestRead = ({ program }: LoweredLayer): number =>
    Math.min(Number.POSITIVE_INFINITY, ...[...program.inputs.values()].map(indexOf));
  return layers.findIndex(
    (_, index) => index >= topmost && layers.slice(index + 1).every((above) => lowestRead(above) >= index),
  );
}

/** The array of an adjoint that some layer contributes to. */
function adjointOf(parts: readonly Part[], { layer, quantity }: ProbedQuantity): ScheduledArray {
  const targets = parts.flatMap(({ adjoint }) => adjoint.map(({ target }) => target));
  const found = targets.find((target) => target.layer === layer && target.name === quantity);
  if (found === undefined) throw new Error(`A run computes no adjoint of ${quantity} in ${layer}.`);
  return found;
}

function outputOf({ program }: LoweredLayer): ProbedQuantity {
  return { layer: program.id, quantity: program.output };
}

function byContent(value: ArrayMap, adjoint: ArrayMap): ArrayMap {
  return (array) => (array.content === 'value' ? value(array) : adjoint(array));
}

function hasAny({ forward, adjoint }: LayerContributions): boolean {
  return forward.length + adjoint.length > 0;
}
