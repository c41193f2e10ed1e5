/** Which rows a run of the bench measures. */
import { type BenchCell, cells } from './cells.ts';
import type { Row } from './race.ts';
import { type SizeName, sizes } from './sizes.ts';

/** What a person asked for; everything where they said nothing. */
export interface Selection {
  readonly sizes: readonly SizeName[];
  readonly cells: readonly string[];
  readonly threads: readonly number[];
}

/** They stand for the others in the rows that would be too many. */
const common: readonly string[] = ['LSTM', 'GRU', 'Elman'];

/** In an order in which one process after the other can serve all rows of a number of threads. */
export function rowsOf(selection: Selection): Row[] {
  const chosen = cells.filter(({ name }) => selection.cells.includes(name));
  return selection.threads.flatMap((threads) =>
    selection.sizes.flatMap((sizeName) => chosen.flatMap((cell) => rowsOfCell(cell, sizeName, threads))),
  );
}

function rowsOfCell(cell: BenchCell, sizeName: SizeName, threads: number): Row[] {
  const row: Row = { cell, layers: 1, input: 'embed', size: sizes[sizeName], sizeName, threads };
  const isCommon = common.includes(cell.name);
  const isWhole = threads > 1;
  // An iteration at XL takes a second on most contestants.
  if (sizeName === 'XL') return isWhole || isCommon ? [row] : [];
  if (!isWhole) return [row];
  const numbers = cell.fused === undefined ? [] : [{ ...row, input: 'numbers' } as const];
  if (!isCommon) return [row, ...numbers];
  const onehot = sizeName === 'S' ? [] : [{ ...row, input: 'onehot' } as const];
  return [row, ...numbers, ...onehot, { ...row, layers: 2 }];
}
