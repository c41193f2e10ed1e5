/** Numbers that stand in for sizes of a cell that is in no model, and back to the sizes that they stand for. */
import { addSizes, multiplySizes, type Size } from './sizes.ts';

/**
 * The smallest is divisible by all that a cell would divide a size by, and each is so much larger than the one before
 * that sums of small multiples of them can be told apart. That is exact for four of them and for no more.
 */
const smallest = 5040 * 11;
const ratio = 5040;
const most = 4;

/** Halves, thirds and quarters of a size are whole multiples of one part in so many. */
const parts = 12;
/** Larger multiples come from no sum of sizes: they are products of two. */
const largestFactor = 100;

/** @returns undefined for more sizes than can be told apart */
export function standInsFor(names: readonly string[]): ReadonlyMap<string, number> | undefined {
  if (names.length > most) return undefined;
  return new Map(names.map((name, index) => [name, smallest * ratio ** index]));
}

/** What a number stands for: `units + x`; itself where no size is in it. Undefined where that cannot be told. */
export function sizeStoodFor(number: number, standIns: ReadonlyMap<string, number>): Size | undefined {
  const byDescent = [...standIns].sort(([, one], [, other]) => other - one);
  let size: Size = 0;
  let rest = number;
  for (const [name, standIn] of byDescent) {
    const factor = Math.round((rest / standIn) * parts) / parts;
    if (Math.abs(factor) > largestFactor) return undefined;
    size = addSizes(size, multiplySizes(factor, name));
    rest -= factor * standIn;
  }
  if (size === 0) return number;
  return Math.abs(rest) > largestFactor ? undefined : addSizes(size, rest);
}
