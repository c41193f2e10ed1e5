/** Medians, and how far measurements lie apart. */

export interface Spread {
  readonly median: number;
  /** 95 of 100 are no larger (nearest rank). */
  readonly p95: number;
  readonly least: number;
  readonly most: number;
}

/** @throws where nothing was measured */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  const p95 = sorted[Math.ceil(0.95 * sorted.length) - 1];
  if (least === undefined || median === undefined || p95 === undefined || most === undefined)
    throw new Error('Nothing was measured.');
  return { median, p95, least, most };
}

export function median(values: readonly number[]): number {
  return spreadOf(values).median;
}
