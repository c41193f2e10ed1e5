/** What a benchmark reports: medians over repeated runs, so that one slow moment of the machine does not count. */

export interface Figure {
  readonly what: string;
  readonly unit: 'ms' | 'MB' | '×';
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** How many measurements. */
  readonly runs: number;
}

export function figure(what: string, unit: Figure['unit'], measurements: readonly number[]): Figure {
  const sorted = measurements.toSorted((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  if (least === undefined || median === undefined || most === undefined) {
    throw new Error(`Nothing was measured for "${what}".`);
  }
  return { what, unit, median, least, most, runs: sorted.length };
}

export function printTable(figures: readonly Figure[]): void {
  const rows = figures.map(({ what, unit, median, least, most, runs }) => [
    what,
    `${format(median)} ${unit}`,
    runs === 1 ? '' : `${format(least)} – ${format(most)}`,
    String(runs),
  ]);
  const table = [['figure', 'median', 'least – most', 'runs'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  for (const row of table) {
    console.log(row.map((cell, column) => pad(cell, widths[column]!, column)).join('  '));
  }
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
