import { theme } from './theme.ts';

/** Series differ in dash as well as in colour. */
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

export function dashOf(index: number): readonly number[] {
  return dashes[index % dashes.length]!;
}

/** A short piece of the n-th line, for legends. */
export function LineSample({ index }: { readonly index: number }) {
  const { series } = theme.value;
  return (
    <svg width="22" height="8" aria-hidden="true">
      <line
        x1="0"
        x2="22"
        y1="4"
        y2="4"
        stroke={series[index % series.length]!}
        stroke-width="2"
        stroke-dasharray={dashOf(index).join(' ')}
      />
    </svg>
  );
}
