/**
 * One row: everybody trains the same network. First the losses of a few iterations are compared, then they are timed
 * in turn, round after round, so that a slow moment of the machine slows all of them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { type BenchCell, cellNamed } from './cells.ts';
import { Entrant, type Timing } from './entrant.ts';
import { auto, type Field, pytorchFused, pytorchLoop, takesPart } from './field.ts';
import type { SizeName } from './sizes.ts';
import { type Workload, writeWorkload } from './workload.ts';

export interface Row extends Workload {
  readonly sizeName: SizeName;
  readonly threads: number;
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

const rounds = 5;
/** Threads of the contestant before have stopped to spin by then. */
const restMilliseconds = 20;

export async function race(row: Row, field: Field): Promise<RowResult> {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
  try {
    const entrants = await enter(row, field, join(folder, 'own'));
    const twin = await enterTwin(row, field, join(folder, 'twin'));
    const all = twin === undefined ? entrants : [...entrants, twin];
    compareLosses(row.cell, entrants);
    for (let round = 0; round < rounds; round += 1) {
      for (const entrant of all) {
        await rest(restMilliseconds);
        await entrant.takeTurn();
      }
    }
    for (const entrant of all) await entrant.release();
    return { row, timings: entrants.map(({ timing }) => timing), twin: twin?.timing };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function enter(row: Row, field: Field, folder: string): Promise<Entrant[]> {
  await writeWorkload(folder, row);
  const names = field.names.filter((name) => takesPart(name, row.cell));
  const entrants = names.map((name) => new Entrant(name, field));
  for (const entrant of entrants) await entrant.prepare(folder);
  return entrants;
}

async function enterTwin(row: Row, field: Field, folder: string): Promise<Entrant | undefined> {
  if (row.cell.twin === undefined) return undefined;
  await writeWorkload(folder, { ...row, cell: cellNamed(row.cell.twin) });
  const twin = new Entrant(auto, field);
  await twin.prepare(folder, true);
  return twin;
}

/** With those of PyTorch's loop, which has every cell, or else with those of our first backend. */
function compareLosses(cell: BenchCell, entrants: readonly Entrant[]): void {
  const able = entrants.filter(({ losses }) => losses.length > 0);
  const reference = able.find(({ name }) => name === pytorchLoop) ?? able[0];
  for (const entrant of able) {
    if (entrant.name === pytorchFused && cell.fused === 'sameProducts') {
      entrant.remark = 'other equations, products of the same sizes';
      continue;
    }
    entrant.lossesAgree = agree(entrant.losses, reference!.losses);
    if (!entrant.lossesAgree) {
      entrant.remark = `LOSSES DIFFER: ${entrant.losses.join(', ')}; ${reference!.name}: ${reference!.losses.join(', ')}`;
    }
  }
}

/** As far as both have come. */
function agree(losses: readonly number[], others: readonly number[]): boolean {
  return losses.every((loss, index) => {
    const other = others[index];
    return other === undefined || Math.abs(loss - other) <= lossTolerance * Math.abs(other);
  });
}
