import { formatNumber } from './format.ts';

interface HiddenTableProps {
  readonly testId: string;
  readonly caption: string;
  /** Name of the first column, e.g. `t`. */
  readonly rowTitle: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  readonly title: number;
  /** One a column; `undefined`: not computed. */
  readonly cells: readonly (number | string | undefined)[];
}

const mostRows = 200;

/** The numbers behind a picture, for screen readers. Long ones are thinned evenly, and say so. */
export function HiddenTable({ testId, caption, rowTitle, columns, rows }: HiddenTableProps) {
  const stride = Math.ceil(rows.length / mostRows);
  // Counted from the end, so that the newest row is always there.
  const shown = stride <= 1 ? rows : rows.filter((_, index) => (rows.length - 1 - index) % stride === 0);
  const thinned = stride <= 1 ? '' : ` (one row in ${stride})`;
  return (
    <div class="visually-hidden">
      <table data-testid={testId} data-total-rows={rows.length}>
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
          {shown.map((row) => (
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
