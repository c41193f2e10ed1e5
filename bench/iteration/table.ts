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

/** On an idle machine the rounds of a contestant lie closer together than that. */
const wideSpread = 1.5;

export function printIterationTable(results: readonly RowResult[]): void {
  printTextTable(columns, results.flatMap(linesOf));
  const spreads = results.flatMap(compare).flatMap(({ spread }) => spread ?? []);
  const wide = spreads.filter(({ most, least }) => most > wideSpread * least).length;
  console.log(
    `Medians over rounds; ratios are medians of those within a round. ${wide} of ${spreads.length} spreads are wider ` +
      `than a factor of ${wideSpread}: of many, the machine had something else to do, and ratios say little.`,
  );
}

/** e.g. `2 × LSTM M, 1 thread`, `LSTM L one-hot, 2 threads` */
export function rowName({ cell, layers, input, sizeName, threads }: Row): string {
  const stack = layers === 1 ? cell.name : `${layers} × ${cell.name}`;
  const given = { embed: '', onehot: ' one-hot', numbers: ' numbers' }[input];
  return `${stack} ${sizeName}${given}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

function linesOf(result: RowResult): string[][] {
  const lines = compare(result).map(({ contestant, backend, spread, perFused, perLoop, remark }, index) => [
    index === 0 ? rowName(result.row) : '',
    backend === undefined || backend === contestant ? contestant : `${contestant}: ${backend}`,
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
