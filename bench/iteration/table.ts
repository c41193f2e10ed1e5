/** The one table of iteration times: a group of lines for each network, a line for each contestant. */
import { formatNumber, left, printTextTable, right } from '../text-table.ts';
import { compare, perTwin } from './comparison.ts';
import { auto } from './field.ts';
import type { Row, RowResult } from './race.ts';

const columns = [
  left('network'),
  left('contestant'),
  right('median ms'),
  right('least – most'),
  right('÷ fused'),
  right('÷ loop'),
  left('remark'),
];

export function printIterationTable(results: readonly RowResult[]): void {
  printTextTable(columns, results.flatMap(linesOf));
}

/** e.g. `2 × LSTM M one-hot, 1 thread` */
export function rowName({ cell, layers, input, sizeName, threads }: Row): string {
  const stack = layers === 1 ? cell.name : `${layers} × ${cell.name}`;
  const given = input === 'onehot' ? ' one-hot' : '';
  return `${stack} ${sizeName}${given}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

function linesOf(result: RowResult): string[][] {
  const lines = compare(result).map(({ contestant, backend, spread, perFused, perLoop, remark }, index) => [
    index === 0 ? rowName(result.row) : '',
    contestant === auto ? `${auto}: ${backend}` : contestant,
    formatNumber(spread?.median),
    spread === undefined ? '' : `${formatNumber(spread.least)} – ${formatNumber(spread.most)}`,
    formatNumber(perFused?.paired),
    formatNumber(perLoop?.paired),
    [remark, contestant === auto ? twinRemark(result) : undefined]
      .filter((each) => each !== undefined)
      .join('; '),
  ]);
  return [...lines, columns.map(() => '')];
}

function twinRemark(result: RowResult): string | undefined {
  const ratio = perTwin(result);
  return ratio && `${formatNumber(ratio.paired)} × the prelude's ${result.row.cell.twin}`;
}
