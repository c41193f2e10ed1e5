import { formatNumber } from './format.ts';
import { type StepRange, stepCount } from './step-range.ts';

/** What a picture of values holds; `smallest` and `largest` are of its finite values, absent when there is none. */
export interface Statistics {
  readonly smallest: number | undefined;
  readonly largest: number | undefined;
  readonly notANumber: number;
  readonly positiveInfinite: number;
  readonly negativeInfinite: number;
}

/** Of the computed steps of [T, n] values. */
export function describeValues(values: Float32Array, units: number, computed: StepRange): Statistics {
  let smallest = Infinity;
  let largest = -Infinity;
  let notANumber = 0;
  let positiveInfinite = 0;
  let negativeInfinite = 0;
  const end = stepCount(computed) === 0 ? 0 : computed.to * units;
  for (let index = (computed.from - 1) * units; index < end; index++) {
    const value = values[index]!;
    if (Number.isNaN(value)) notANumber++;
    else if (value === Infinity) positiveInfinite++;
    else if (value === -Infinity) negativeInfinite++;
    else {
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
    }
  }
  const some = smallest <= largest;
  return {
    smallest: some ? smallest : undefined,
    largest: some ? largest : undefined,
    notANumber,
    positiveInfinite,
    negativeInfinite,
  };
}

export function largestMagnitude({ smallest, largest }: Statistics): number {
  return Math.max(Math.abs(smallest ?? 0), Math.abs(largest ?? 0));
}

/** `from 0.02 to 0.98, 3 NaN, 1 infinite`. */
export function describeRange(statistics: Statistics): string {
  const { smallest, largest, notANumber } = statistics;
  const infinite = statistics.positiveInfinite + statistics.negativeInfinite;
  const parts: string[] = [];
  if (smallest !== undefined && largest !== undefined) {
    parts.push(`from ${formatNumber(smallest)} to ${formatNumber(largest)}`);
  }
  if (notANumber > 0) parts.push(`${notANumber} NaN`);
  if (infinite > 0) parts.push(`${infinite} infinite`);
  return parts.length > 0 ? parts.join(', ') : 'nothing computed yet';
}
