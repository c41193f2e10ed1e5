/** What a benchmark reports: medians over repeated runs, so that one slow moment of the machine does not count. */
import { type Spread, spreadOf } from './statistics.ts';
import { formatNumber, left, printTextTable, right } from './text-table.ts';

export interface Figure extends Spread {
  readonly what: string;
  readonly unit: 'ms' | 'MB' | '×';
  /** How many measurements. */
  readonly runs: number;
}

export function figure(what: string, unit: Figure['unit'], measurements: readonly number[]): Figure {
  return { what, unit, ...spreadOf(measurements), runs: measurements.length };
}

export function printFigures(figures: readonly Figure[]): void {
  const columns = [left('figure'), right('median'), right('95 of 100'), right('least – most'), right('runs')];
  const rows = figures.map(({ what, unit, median, p95, least, most, runs }) => [
    what,
    `${formatNumber(median)} ${unit}`,
    runs < 20 ? '' : `${formatNumber(p95)} ${unit}`,
    runs === 1 ? '' : `${formatNumber(least)} – ${formatNumber(most)}`,
    String(runs),
  ]);
  printTextTable(columns, rows);
}
