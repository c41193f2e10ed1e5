import type { HeatmapContent } from './frame.ts';
import type { QuantityRole } from './network.ts';

/** Maps values to positions 0…1 along a colour bar. */
export interface ValueScale {
  readonly kind: 'linear' | 'logarithmic';
  readonly lower: number;
  readonly upper: number;
}

/** What a heatmap of a quantity is drawn on. */
export function heatmapScale(
  role: QuantityRole | 'intermediate',
  content: HeatmapContent,
  largestMagnitude: number,
): ValueScale {
  return role === 'gate' && content === 'value' ? gateScale : symmetricScale(largestMagnitude);
}

/** Gates lie in (0, 1) by their equations, so that their colours mean the same in every picture. */
export const gateScale: ValueScale = { kind: 'linear', lower: 0, upper: 1 };

/** Zero in the middle; the limit is rounded up so that it rarely moves while stepping. */
export function symmetricScale(largestMagnitude: number): ValueScale {
  const limit = niceCeiling(largestMagnitude);
  return { kind: 'linear', lower: -limit, upper: limit };
}

/** Position of a finite value, 0…1; what lies beyond an end is drawn at that end. */
export function positionOn(scale: ValueScale, value: number): number {
  const { lower, upper } = scale;
  const position =
    scale.kind === 'linear'
      ? (value - lower) / (upper - lower)
      : value <= lower
        ? 0
        : Math.log(value / lower) / Math.log(upper / lower);
  return Math.min(1, Math.max(0, position));
}

const roundNumbers = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** Smallest of a few round numbers × 10ᵏ that is ≥ `value`; 1 for 0. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const nice = roundNumbers.find((factor) => factor * power >= value * (1 - 1e-6));
  return Number(((nice ?? 10) * power).toPrecision(2));
}
