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

/** Cells that PyTorch fuses stand for the others where rows are too many to measure all. */
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
  // At XL one iteration takes a second on most contestants.
  if (sizeName === 'XL') return threads > 1 || isCommon ? [row] : [];
  const rows: Row[] = [row];
  if (threads > 1 || cell.name === 'LSTM') rows.push({ ...row, layers: 2 });
  if (isCommon && threads > 1 && sizeName !== 'S') rows.push({ ...row, input: 'onehot' });
  return rows;
}
