/** Did-you-mean: the known name nearest to a misspelt one. */

/** Damerau–Levenshtein distance (optimal string alignment): insert, delete, replace, swap neighbours. */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let distance = Math.min(
        previous[column]! + 1,
        current[column - 1]! + 1,
        previous[column - 1]! + (same ? 0 : 1),
      );
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && swapped) distance = Math.min(distance, beforePrevious[column - 2]! + 1);
      current.push(distance);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length]!;
}

/**
 * The nearest candidates: about a third of the letters wrong at most, case aside, or the one that the name begins;
 * several only where they are equally near, none where nothing is near.
 */
export function nearestNames(name: string, candidates: Iterable<string>): readonly string[] {
  let nearest: string[] = [];
  let smallest = Math.floor((name.length + 1) / 3);
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > smallest) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance > smallest) continue;
    if (distance < smallest) nearest = [];
    smallest = distance;
    nearest.push(candidate);
  }
  if (nearest.length > 0 || name.length < 2) return nearest;
  const continued = [...candidates].filter((candidate) => candidate.startsWith(name));
  return continued.length === 1 ? continued : [];
}

/** More names than these nobody reads. */
const mostListed = 50;

/** ` Did you mean \`x\`?` or, with nothing near, the known names. */
export function suggest(nearest: readonly string[], known: readonly string[], listing: string): string {
  if (nearest[0] !== undefined) return ` Did you mean \`${nearest[0]}\`?`;
  if (known.length === 0) return '';
  const listed = known.slice(0, mostListed).map((word) => `\`${word}\``);
  const others = known.length > mostListed ? [`and ${known.length - mostListed} more`] : [];
  return ` ${listing}: ${[...listed, ...others].join(', ')}.`;
}
