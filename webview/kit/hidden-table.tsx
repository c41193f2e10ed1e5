import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatNumber } from './format.ts';

interface HiddenTableProps {
  readonly testId: string;
  readonly caption: string;
  /** Name of the first column, e.g. `t`. */
  readonly rowTitle: string;
  readonly columns: readonly string[];
  readonly rowCount: number;
  /** `index` from 0. */
  readonly rowAt: (index: number) => TableRow;
  /** While a run trains freely, faster than anyone reads, the table follows once a second. */
  readonly isRunning: boolean;
}

export interface TableRow {
  readonly title: number;
  /** One a column; `undefined`: not computed. */
  readonly cells: readonly (number | string | undefined)[];
}

const mostRows = 200;
const millisecondsBetween = 1000;

/** The numbers behind a picture, for screen readers. Long ones are thinned evenly, and say so. */
export function HiddenTable(props: HiddenTableProps) {
  const drawn = useRef<{ readonly table: VNode; readonly at: number } | undefined>(undefined);
  const [, drawAgain] = useState(0);
  const rest =
    props.isRunning && drawn.current ? drawn.current.at + millisecondsBetween - performance.now() : 0;
  if (!drawn.current || rest <= 0) drawn.current = { table: tableOf(props), at: performance.now() };
  useEffect(() => {
    if (rest <= 0) return;
    const timer = setTimeout(() => drawAgain((count) => count + 1), rest);
    return () => clearTimeout(timer);
  });
  // The same object as before leaves the page as it is.
  return drawn.current.table;
}

function tableOf({ testId, caption, rowTitle, columns, rowCount, rowAt }: HiddenTableProps) {
  const stride = Math.max(1, Math.ceil(rowCount / mostRows));
  // Counted from the end, so that the newest row is always there.
  const first = (rowCount - 1) % stride;
  const rows = Array.from({ length: Math.ceil(rowCount / stride) }, (_, index) =>
    rowAt(first + index * stride),
  );
  const thinned = stride === 1 ? '' : ` (one row in ${stride})`;
  return (
    <div class="visually-hidden">
      <table data-testid={testId} data-total-rows={rowCount}>
        <caption>{caption + thinned}</caption>
        <thead>
          <tr>
            <th scope="col">{rowTitle}</th>
            {columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.title}>
              <th scope="row">{row.title}</th>
              {row.cells.map((cell, column) => (
                <td key={columns[column]} data-value={cell}>
                  {typeof cell === 'number' ? formatNumber(cell) : (cell ?? '')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
