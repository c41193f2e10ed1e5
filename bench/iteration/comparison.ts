/** The times of a row, and what they come to relative to each other. */
import { median, type Spread, spreadOf } from '../statistics.ts';
import type { Timing } from './entrant.ts';
import { auto, pytorchFused, pytorchLoop } from './field.ts';
import type { RowResult } from './race.ts';

export interface Ratio {
  /** Median over rounds of one time ÷ the other of the same round, in which the machine was as fast for both. */
  readonly paired: number;
  /** Least time ÷ least time: what remains of it where the machine was busy with something else, too. */
  readonly ofLeast: number;
}

export interface ComparedTiming extends Timing {
  /** Milliseconds of an iteration, over the rounds; absent where nothing was measured. */
  readonly spread: Spread | undefined;
  readonly perFused: Ratio | undefined;
  readonly perLoop: Ratio | undefined;
}

export function compare({ timings }: RowResult): ComparedTiming[] {
  const fused = timings.find(({ contestant }) => contestant === pytorchFused);
  const loop = timings.find(({ contestant }) => contestant === pytorchLoop);
  return timings.map((timing) => ({
    ...timing,
    spread: spread(timing),
    perFused: ratio(timing, fused),
    perLoop: ratio(timing, loop),
  }));
}

/** `auto` on a user's cell ÷ `auto` on the prelude's cell of equal arithmetic. */
export function perTwin({ timings, twin }: RowResult): Ratio | undefined {
  return ratio(
    timings.find(({ contestant }) => contestant === auto),
    twin,
  );
}

function ratio(timing: Timing | undefined, other: Timing | undefined): Ratio | undefined {
  const [own, theirs] = [spread(timing), spread(other)];
  if (own === undefined || theirs === undefined) return undefined;
  const inCommon = timing!.rounds.flatMap((time, round) => {
    const divisor = other!.rounds[round];
    return time === undefined || divisor === undefined ? [] : [time / divisor];
  });
  if (inCommon.length === 0) return undefined;
  return { paired: median(inCommon), ofLeast: own.least / theirs.least };
}

function spread(timing: Timing | undefined): Spread | undefined {
  const measured = timing?.rounds.filter((time) => time !== undefined) ?? [];
  return measured.length === 0 ? undefined : spreadOf(measured);
}
