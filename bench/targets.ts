/** What we hold ourselves to, and whether it is met: everything recorded, with the backend that `auto` takes. */
import { type ComparedTiming, compare, perTwin, type Ratio } from './iteration/comparison.ts';
import { auto } from './iteration/field.ts';
import type { RowResult } from './iteration/race.ts';
import { type SizeName, sizeNames } from './iteration/sizes.ts';
import type { PanelsResult } from './panels.ts';
import { formatNumber, left, printTextTable, right } from './text-table.ts';

interface Target {
  readonly what: string;
  readonly limits: Readonly<Record<SizeName, number>>;
  /** What was measured at a size; of several ratios the largest counts. */
  ratios(measured: Measured, size: SizeName): readonly (Ratio | undefined)[];
}

/**
 * What targets are judged on: single layers, on as many threads as were measured. One-hot inputs, of which products
 * are a choice of columns, do not count.
 */
export interface Measured {
  readonly rows: readonly RowResult[];
  readonly panels: readonly PanelsResult[];
}

export interface TargetResult {
  readonly what: string;
  readonly size: SizeName;
  readonly limit: number;
  /** Absent where it was not measured. */
  readonly ratio: Ratio | undefined;
  /** Whether both, the ratio of medians and that of least times, are within the limit. */
  readonly isMet: boolean | undefined;
}

const all = (limit: number) => ({ S: limit, M: limit, L: limit, XL: limit });
const gru = { S: 0.05, M: 0.5, L: 1.0, XL: 1.4 };

const targets: readonly Target[] = [
  perFused('LSTM', 'LSTM', { S: 0.15, M: 1.3, L: 1.8, XL: 1.4 }),
  perFused('GRU, same equations', 'GRUResetAfter', gru),
  perFused('GRU of the prelude', 'GRU', gru),
  perFused('Elman', 'Elman', { S: 0.05, M: 0.55, L: 1.1, XL: 1.3 }),
  {
    what: 'ours ÷ PyTorch with everything kept, any cell',
    limits: { S: 0.05, M: 0.5, L: 1, XL: 1 },
    ratios: ({ rows }, size) => rowsAt(rows, size).map((row) => ours(row)?.perLoop),
  },
  {
    what: "a user's cell ÷ the prelude cell of equal arithmetic",
    limits: all(1.2),
    ratios: ({ rows }, size) => rowsAt(rows, size).map(perTwin),
  },
  {
    what: 'panels open ÷ closed',
    limits: all(1.05),
    ratios: ({ panels }, size) => panels.flatMap(({ sizeName, ratio }) => (sizeName === size ? [ratio] : [])),
  },
];

function perFused(what: string, cell: string, limits: Target['limits']): Target {
  return {
    what: `ours ÷ PyTorch fused, ${what}`,
    limits,
    ratios: ({ rows }, size) =>
      rowsAt(rows, size)
        .filter(({ row }) => row.cell.name === cell)
        .map((row) => ours(row)?.perFused),
  };
}

function rowsAt(rows: readonly RowResult[], size: SizeName): RowResult[] {
  const threads = Math.max(...rows.map(({ row }) => row.threads));
  return rows.filter(
    ({ row }) =>
      row.sizeName === size && row.threads === threads && row.layers === 1 && row.input !== 'onehot',
  );
}

function ours(result: RowResult): ComparedTiming | undefined {
  return compare(result).find(({ contestant }) => contestant === auto);
}

export function judge(measured: Measured): TargetResult[] {
  return targets.flatMap(({ what, limits, ratios }) =>
    sizeNames.map((size) => {
      const limit = limits[size];
      const ratio = largest(ratios(measured, size).filter((each) => each !== undefined));
      const isMet = ratio && ratio.paired <= limit && ratio.ofLeast <= limit;
      return { what, size, limit, ratio, isMet };
    }),
  );
}

function largest(ratios: readonly Ratio[]): Ratio | undefined {
  if (ratios.length === 0) return undefined;
  return {
    paired: Math.max(...ratios.map(({ paired }) => paired)),
    ofLeast: Math.max(...ratios.map(({ ofLeast }) => ofLeast)),
  };
}

export function printTargets(results: readonly TargetResult[]): void {
  const columns = [
    left('target'),
    left('size'),
    right('limit'),
    right('median'),
    right('of least times'),
    left(''),
  ];
  const judged = results.filter(({ ratio }) => ratio !== undefined);
  const rows = judged.map(({ what, size, limit, ratio, isMet }) => [
    what,
    size,
    `≤ ${limit}`,
    formatNumber(ratio?.paired),
    formatNumber(ratio?.ofLeast),
    isMet ? 'met' : 'MISSED',
  ]);
  printTextTable(columns, rows);
  const others = results.length - judged.length;
  if (others > 0) console.log(`${others} of ${results.length} targets were not measured.`);
}
