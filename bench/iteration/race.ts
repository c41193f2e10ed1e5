/**
 * One row: everybody trains the same network. First the losses of a few iterations are compared, then they are timed
 * in turn, round after round, so that a slow moment of the machine slows all of them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { median } from '../statistics.ts';
import { cellNamed } from './cells.ts';
import { type Contestant, ContestantError } from './contestant.ts';
import { auto, type Field, pytorchFused, pytorchLoop, takesPart } from './field.ts';
import type { SizeName } from './sizes.ts';
import { type Workload, writeWorkload } from './workload.ts';

export interface Row extends Workload {
  readonly sizeName: SizeName;
  readonly threads: number;
}

export interface Timing {
  readonly contestant: string;
  /** Median milliseconds of an iteration in each round; undefined where it sat out. */
  readonly rounds: readonly (number | undefined)[];
  /** Iterations in all rounds together. */
  readonly iterations: number;
  /** Of the iterations by which losses were compared. */
  readonly losses: readonly number[];
  /** Which of our backends ran it. */
  readonly backend: string | undefined;
  /** Why there are no times, or how they are to be read. */
  readonly remark: string | undefined;
}

export interface RowResult {
  readonly row: Row;
  readonly timings: readonly Timing[];
  /** `auto` on the prelude's cell of equal arithmetic, timed in the same rounds. */
  readonly twin: Timing | undefined;
}

/**
 * Losses of different programs may differ by this much, relatively. Rounding makes up some 1e-7; gates or biases in
 * another order, or a bias that moves twice as fast, more than 1e-4.
 */
const lossTolerance = 1e-5;

const checkedIterations = 3;
/** A contestant that is slower than this is left out. */
const longestIterationMilliseconds = 10_000;
const rounds = 5;
/** An iteration is measured this often in a turn, unless they take so long together. */
const iterationsInTurn = 100;
const turnMilliseconds = 150;
/** A contestant that has trained for so long sits out the other rounds. */
const allowanceMilliseconds = 2500;
/** Threads of the contestant before have stopped to spin by then. */
const restMilliseconds = 20;

/** One contestant in one row. */
interface Entrant {
  readonly name: string;
  readonly isTwin: boolean;
  readonly contestant: Contestant;
  readonly backend: string | undefined;
  readonly losses: number[];
  readonly rounds: (number | undefined)[];
  iterations: number;
  spentMilliseconds: number;
  remark: string | undefined;
  isOut: boolean;
}

export async function race(row: Row, field: Field): Promise<RowResult> {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
  try {
    await writeWorkload(join(folder, 'own'), row);
    if (row.cell.twin !== undefined)
      await writeWorkload(join(folder, 'twin'), { ...row, cell: cellNamed(row.cell.twin) });
    const [entrants, absent] = await enter(row, field, folder);
    compareLosses(row, entrants);
    for (let round = 0; round < rounds; round += 1)
      for (const entrant of entrants) await takeTurn(entrant, round, field);
    for (const { contestant, isOut } of entrants) if (!isOut) await contestant.release();
    return {
      row,
      timings: [...entrants.filter(({ isTwin }) => !isTwin).map(timingOf), ...absent],
      twin: entrants.filter(({ isTwin }) => isTwin).map(timingOf)[0],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function enter(row: Row, field: Field, folder: string): Promise<[Entrant[], Timing[]]> {
  const entrants: Entrant[] = [];
  const absent: Timing[] = [];
  const names = field.names.filter((name) => takesPart(name, row.cell));
  for (const name of names) {
    try {
      entrants.push(await prepare(name, false, join(folder, 'own'), field));
    } catch (error) {
      if (!(error instanceof ContestantError)) throw error;
      absent.push(absentTiming(name, error.message));
    }
  }
  if (row.cell.twin !== undefined) entrants.push(await prepare(auto, true, join(folder, 'twin'), field));
  return [entrants, absent];
}

async function prepare(name: string, isTwin: boolean, folder: string, field: Field): Promise<Entrant> {
  const contestant = await field.contestant(name, isTwin);
  try {
    const { backend } = await contestant.prepare(folder);
    const losses: number[] = [];
    for (let iteration = 0; iteration < checkedIterations; iteration += 1)
      losses.push(...(await contestant.run(1, 0, longestIterationMilliseconds)).losses);
    const counts = { iterations: 0, spentMilliseconds: 0, remark: undefined, isOut: false };
    return { name, isTwin, contestant, backend, losses, rounds: [], ...counts };
  } catch (error) {
    field.replace(contestant);
    throw error;
  }
}

function compareLosses({ cell }: Row, entrants: readonly Entrant[]): void {
  const compared = entrants.filter(({ isTwin }) => !isTwin);
  const reference = compared.find(({ name }) => name === pytorchLoop) ?? compared[0];
  if (reference === undefined) return;
  for (const entrant of compared) {
    if (entrant.name === pytorchFused && cell.fused === 'sameProducts') {
      entrant.remark = 'other equations, products of the same sizes';
    } else if (!agree(entrant.losses, reference.losses)) {
      entrant.remark = `LOSSES DIFFER: ${entrant.losses.join(', ')}; ${reference.name}: ${reference.losses.join(', ')}`;
    }
  }
}

function agree(losses: readonly number[], others: readonly number[]): boolean {
  return losses.every((loss, index) => Math.abs(loss - others[index]!) <= lossTolerance * others[index]!);
}

async function takeTurn(entrant: Entrant, round: number, field: Field): Promise<void> {
  if (entrant.isOut || entrant.spentMilliseconds >= allowanceMilliseconds) {
    entrant.rounds[round] = undefined;
    return;
  }
  await rest(restMilliseconds);
  try {
    const { milliseconds } = await entrant.contestant.run(iterationsInTurn, turnMilliseconds);
    entrant.rounds[round] = median(milliseconds);
    entrant.iterations += milliseconds.length;
    entrant.spentMilliseconds += milliseconds.reduce((sum, each) => sum + each, 0);
  } catch (error) {
    if (!(error instanceof ContestantError)) throw error;
    entrant.rounds[round] = undefined;
    entrant.remark = error.message;
    entrant.isOut = true;
    field.replace(entrant.contestant);
  }
}

function timingOf({ name, rounds, iterations, losses, backend, remark }: Entrant): Timing {
  return { contestant: name, rounds, iterations, losses, backend, remark };
}

function absentTiming(contestant: string, remark: string): Timing {
  return { contestant, rounds: [], iterations: 0, losses: [], backend: undefined, remark };
}
