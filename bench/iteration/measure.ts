/** Measures all rows that were asked for, one after the other. */
import { Field, findPyTorch } from './field.ts';
import { type RowResult, race } from './race.ts';
import { rowsOf, type Selection } from './rows.ts';
import { rowName } from './table.ts';

/** @param progress is told which row is measured next */
export async function measureIterations(
  selection: Selection,
  progress: (message: string) => void,
): Promise<RowResult[]> {
  const python = findPyTorch();
  progress(
    python?.label ?? 'PyTorch takes no part: neither python3 nor the program that PYTHON names has it.',
  );
  const rows = rowsOf(selection);
  const results: RowResult[] = [];
  for (const threads of selection.threads) {
    const field = new Field(threads, python);
    try {
      for (const row of rows.filter((each) => each.threads === threads)) {
        progress(`[${results.length + 1}/${rows.length}] ${rowName(row)}`);
        results.push(await race(row, field));
      }
    } finally {
      field.close();
    }
  }
  return results;
}
