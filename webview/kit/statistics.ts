import { type Statistics, statisticsOf } from '../../src/protocol/statistics.ts';
import { formatNumber } from './format.ts';
import type { StepRange } from './step-range.ts';

/** Of the computed steps of [T] values. */
export function statisticsOfSteps(values: Float32Array, { from, to }: StepRange): Statistics {
  return statisticsOf(values.subarray(from - 1, Math.max(from - 1, to)));
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
