/** Rows of text in aligned columns: the first to the left, numbers to the right. */

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

export function printTextTable(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  for (const line of lines) {
    const cells = columns.map(({ align }, column) => {
      const cell = line[column]!;
      return align === 'left' ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
    });
    console.log(cells.join('  ').trimEnd());
  }
}

export function left(title: string): Column {
  return { title, align: 'left' };
}

export function right(title: string): Column {
  return { title, align: 'right' };
}

/** Three significant digits; an absent number is a dash. */
export function formatNumber(value: number | undefined): string {
  if (value === undefined) return '–';
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
