/** Sizes of a cell that stands in no model, by the names of what they are: `units`, `x + units`, `units / 2`. */
import type { SizeText } from './notation.ts';

/** Larger multiples come from no sum of sizes: they are products of two. */
const largestFactor = 100;
/** Halves, thirds and quarters of a size are whole multiples of one part in so many. */
const parts = 12;

/**
 * @param sizes stand-ins by name, each a multiple of `parts` and so much larger than the next smaller one that no number
 * is a sum of small multiples of them in two ways
 */
export function sizeTextOf(sizes: ReadonlyMap<string, number>): SizeText {
  const byDescent = [...sizes].sort(([, one], [, other]) => other - one);
  const smallest = byDescent.at(-1)?.[1] ?? Infinity;
  return (size) => {
    // Numbers that the source itself has.
    if (!Number.isInteger(size) || Math.abs(size) * largestFactor < smallest) return String(size);
    const terms: string[] = [];
    let rest = size;
    for (const [name, standIn] of byDescent) {
      const factor = Math.round((rest / standIn) * parts) / parts;
      if (factor === 0) continue;
      if (Math.abs(factor) > largestFactor) return unknown;
      terms.push(multipleText(factor, name === 'x' ? widthOfInput : name));
      rest -= factor * standIn;
    }
    if (rest !== 0) terms.push(String(rest));
    return Math.abs(rest) > largestFactor ? unknown : terms.reverse().join(' + ').replaceAll('+ -', '- ');
  };
}

/** In an equation `x` is the input itself. */
const widthOfInput = 'width(x)';
const unknown = '…';

function multipleText(factor: number, name: string): string {
  if (factor === 1) return name;
  const divisor = Array.from({ length: parts }, (_, index) => index + 1).find((count) =>
    Number.isInteger(factor * count),
  )!;
  const multiple = factor * divisor === 1 ? name : `${factor * divisor} * ${name}`;
  return divisor === 1 ? multiple : `${multiple} / ${divisor}`;
}
