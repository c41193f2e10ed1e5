/** Values as bytes, for pictures: no finer than the colours that they are drawn in. */
import { positionOn, type ValueScale } from './value-scale.ts';

/** Codes 0…highestLevel are positions on a scale; an odd number of them gives zero a colour of its own. */
export const highestLevel = 250;
export const negativeInfinityCode = 251;
export const positiveInfinityCode = 252;
export const notANumberCode = 253;
export const notComputedCode = 254;

export function quantiseValue(scale: ValueScale, value: number): number {
  if (Number.isNaN(value)) return notANumberCode;
  if (value === Infinity) return positiveInfinityCode;
  if (value === -Infinity) return negativeInfinityCode;
  return Math.round(positionOn(scale, value) * highestLevel);
}
