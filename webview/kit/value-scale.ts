import { niceCeiling, type ValueScale } from '../../src/protocol/value-scale.ts';

/** From 0 to the largest norm, rounded up. */
export function normScale(largest: number): ValueScale {
  return { kind: 'linear', lower: 0, upper: niceCeiling(largest) };
}

const mostDecades = 12;

/** Whole decades around the positive norms; smaller ones than 10⁻¹² of the largest share the lowest colour. */
export function logarithmicNormScale(smallest: number, largest: number): ValueScale {
  const top = Math.max(decadeAbove(largest), decadeBelow(smallest) + 1);
  const bottom = Math.max(decadeBelow(smallest), top - mostDecades);
  return { kind: 'logarithmic', lower: 10 ** bottom, upper: 10 ** top };
}

/** Exponent of the greatest power of ten that is ≤ `value`. */
export function decadeBelow(value: number): number {
  // log10 is a rounding error off at some exact powers of ten (float32 10⁻³ is 1.00000004749e-3).
  return Math.floor(Math.log10(value) + 1e-6);
}

/** Exponent of the least power of ten that is ≥ `value`. */
export function decadeAbove(value: number): number {
  return Math.ceil(Math.log10(value) - 1e-6);
}
