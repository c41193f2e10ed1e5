/** A network → its schedule. */
import type { Network } from '../network.ts';
import { type LoweredLayer, lower } from './lower.ts';
import { assignPhases, type Phase } from './phases.ts';
import { readsOf, readsOfGradient } from './reads.ts';
import type {
  ArrayOperand,
  Contribution,
  LayerSchedule,
  Phases,
  Schedule,
  ScheduledArray,
  Stage,
} from './schedule.ts';
import { buildStages } from './stages.ts';
import { mergeSums } from './sums.ts';

export function schedule(network: Network): Schedule {
  const lowered = lower(network);
  const reads = countReads(lowered);
  const written = new Set<ScheduledArray>();
  const forward = lowered.map((layer) => phases(mergeSums(layer.forward, reads), written));
  const adjoint = lowered
    .toReversed()
    .map((layer) => phases(mergeSums(layer.adjoint, reads), written))
    .toReversed();
  const layers = lowered.map(
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

function phases(contributions: readonly Contribution[], written: Set<ScheduledArray>): Phases {
  const assigned = assignPhases(contributions);
  const stages = (phase: Phase): Stage[] =>
    buildStages(
      contributions.filter((each) => assigned.get(each) === phase),
      phase,
      written,
    );
  return { before: stages('before'), loop: stages('loop'), after: stages('after') };
}

function countReads(layers: readonly LoweredLayer[]): Map<ScheduledArray, number> {
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
