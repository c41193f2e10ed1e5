/** A network → its schedule. */
import type { Network } from '../network.ts';
import type { LayerProgram } from '../program.ts';
import type { LayerTiming, Timing } from '../timing.ts';
import { lower, type OwedContribution } from './lower.ts';
import { later } from './map-operands.ts';
import { assignPhases, type Phase } from './phases.ts';
import { readsOf, readsOfGradient } from './reads.ts';
import type {
  ArrayOperand,
  Contribution,
  LayerSchedule,
  Phases,
  Schedule,
  ScheduledArray,
  ScheduledGradient,
  Stage,
} from './schedule.ts';
import { buildStages } from './stages.ts';
import { mergeSums } from './sums.ts';

/** What one layer contributes to its arrays and to those of the layer below. */
export interface LayerContributions {
  readonly program: LayerProgram;
  readonly forward: readonly Contribution[];
  readonly adjoint: readonly Contribution[];
  readonly gradients: readonly ScheduledGradient[];
}

export function schedule(network: Network): Schedule {
  const lowered = lower(network);
  const layers = lowered.map(({ program, forward, owed, local, initial, gradients }) => {
    return { program, forward, adjoint: [...owed.map(fetched), ...local, ...initial], gradients };
  });
  return scheduleOf(
    network,
    layers,
    lowered.flatMap(({ given }) => given),
  );
}

/**
 * A contribution that an adjoint program makes to an earlier time step, δh[t−1] += f(…t…), turned round: every step
 * fetches what later steps owe it, δh[t] += f(…t+1…). So a step writes nothing but itself, and sums run in one order
 * whether one step is computed or all of them.
 */
export function fetched({ target, operation, delay }: OwedContribution): Contribution {
  return { target, operation: later(operation, delay), accumulate: false };
}

/** @param given arrays that hold something before anything runs */
export function scheduleOf(
  network: Network,
  contributions: readonly LayerContributions[],
  given: readonly ScheduledArray[],
): Schedule {
  const reads = countReads(contributions);
  const written = new Set(given);
  const timingOf = ({ program }: LayerContributions): LayerTiming => network.timings.get(program.id)!;
  const forward = contributions.map((layer) =>
    phases(mergeSums(layer.forward, reads), timingOf(layer).forward, written),
  );
  const adjoint = contributions
    .toReversed()
    .map((layer) => phases(mergeSums(layer.adjoint, reads), timingOf(layer).backward, written))
    .toReversed();
  const layers = contributions.map(
    ({ program, gradients }, index): LayerSchedule => ({
      program,
      forward: forward[index]!,
      adjoint: adjoint[index]!,
      gradients,
    }),
  );
  settleArrays(layers, written);
  return { network, layers, arrays: [...written].filter(({ stored }) => stored) };
}

function phases(
  contributions: readonly Contribution[],
  timing: Timing,
  written: Set<ScheduledArray>,
): Phases {
  const assigned = assignPhases(contributions);
  const stages = (phase: Phase): Stage[] =>
    buildStages(
      contributions.filter((each) => assigned.get(each) === phase),
      phase,
      written,
    );
  return { timing, before: stages('before'), loop: stages('loop'), after: stages('after') };
}

function countReads(layers: readonly LayerContributions[]): Map<ScheduledArray, number> {
  const counts = new Map<ScheduledArray, number>();
  const operands = layers.flatMap(({ forward, adjoint, gradients }) => [
    ...[...forward, ...adjoint].flatMap(({ operation }) => readsOf(operation)),
    ...gradients.flatMap(readsOfGradient),
  ]);
  for (const { array } of operands) counts.set(array, (counts.get(array) ?? 0) + 1);
  return counts;
}

/** What can stay in registers is not stored; what is read beyond the first and the last time step is padded. */
function settleArrays(layers: readonly LayerSchedule[], written: ReadonlySet<ScheduledArray>): void {
  for (const array of written) if (array.recorded) array.stored = true;
  const user = new Map<ScheduledArray, Stage>();

  function touch(array: ScheduledArray, stage: Stage): void {
    const first = user.get(array) ?? stage;
    user.set(array, first);
    if (stage.kind !== 'elementwise' || first !== stage) array.stored = true;
  }

  function read({ array, shift }: ArrayOperand): void {
    if (shift !== 0) array.stored = true;
    array.padBefore = Math.max(array.padBefore, -shift);
    array.padAfter = Math.max(array.padAfter, shift);
  }

  for (const { forward, adjoint, gradients } of layers) {
    for (const { before, loop, after } of [forward, adjoint]) {
      for (const stage of [...before, ...loop, ...after]) {
        for (const { target, operation } of contributionsOf(stage)) {
          touch(target, stage);
          for (const operand of readsOf(operation)) {
            touch(operand.array, stage);
            read(operand);
          }
        }
      }
    }
    for (const operand of gradients.flatMap(readsOfGradient)) {
      operand.array.stored = true;
      read(operand);
    }
  }
}

function contributionsOf(stage: Stage): Pick<Contribution, 'target' | 'operation'>[] {
  switch (stage.kind) {
    case 'products':
      return stage.targets.flatMap(({ target, terms }) => terms.map((operation) => ({ target, operation })));
    case 'elementwise':
      return [...stage.assignments];
    case 'row':
      return [stage.assignment];
  }
}
