/** [T, n] values as the bytes of a picture that is no finer than the screen. */
import type { GatesWatch, Heatmap } from '../protocol/frame.ts';
import { highestLevel, notComputedCode, quantiseValue } from '../protocol/quantise.ts';
import { type Statistics, statisticsOf } from '../protocol/statistics.ts';
import type { ValueScale } from '../protocol/value-scale.ts';

export interface PictureSource {
  /** [T, n] */
  readonly values: Float32Array;
  /** T */
  readonly timeSteps: number;
  /** n */
  readonly units: number;
  /** Time steps from…to are computed; none where `from` > `to`. */
  readonly from: number;
  readonly to: number;
}

export type Picture = Pick<Heatmap, 'columns' | 'rows' | 'codes' | 'scale' | 'statistics'>;

/** `scaleFor` chooses a linear scale for what the values are. */
export function pictureOf(
  source: PictureSource,
  pixels: GatesWatch['pixels'],
  scaleFor: (statistics: Statistics) => ValueScale,
): Picture {
  const { values, timeSteps, units, from, to } = source;
  const statistics = statisticsOf(values.subarray((from - 1) * units, Math.max(from - 1, to) * units));
  const scale = scaleFor(statistics);
  const columns = Math.min(timeSteps, pixels.across);
  const rows = Math.min(units, pixels.down);
  const isFine = columns === timeSteps && rows === units;
  const codes = isFine ? codesOf(source, scale) : averagedCodesOf(source, columns, rows, scale);
  return { columns, rows, codes, scale, statistics };
}

function codesOf({ values, timeSteps, units, from, to }: PictureSource, scale: ValueScale): Uint8Array {
  const codes = new Uint8Array(units * timeSteps).fill(notComputedCode);
  const code = linearQuantiser(scale);
  for (let t = from; t <= to; t += 1) {
    for (let unit = 0; unit < units; unit += 1) {
      codes[unit * timeSteps + t - 1] = code(values[(t - 1) * units + unit]!);
    }
  }
  return codes;
}

/** A mean over values one of which is not finite is not finite either: what is wrong stays in sight. */
function averagedCodesOf(
  { values, timeSteps, units, from, to }: PictureSource,
  columns: number,
  rows: number,
  scale: ValueScale,
): Uint8Array {
  const sums = new Float64Array(rows * columns);
  const counts = new Uint32Array(rows * columns);
  const rowStarts = Uint32Array.from(
    { length: units },
    (_, unit) => Math.floor((unit * rows) / units) * columns,
  );
  for (let t = from; t <= to; t += 1) {
    const column = Math.floor(((t - 1) * columns) / timeSteps);
    for (let unit = 0; unit < units; unit += 1) {
      const pixel = rowStarts[unit]! + column;
      sums[pixel]! += values[(t - 1) * units + unit]!;
      counts[pixel]! += 1;
    }
  }
  const codes = new Uint8Array(rows * columns).fill(notComputedCode);
  const code = linearQuantiser(scale);
  for (let pixel = 0; pixel < codes.length; pixel += 1) {
    if (counts[pixel]! > 0) codes[pixel] = code(sums[pixel]! / counts[pixel]!);
  }
  return codes;
}

/** The same as `quantiseValue`, twice as fast: large pictures have half a million values each. */
function linearQuantiser(scale: ValueScale): (value: number) => number {
  const { lower, upper } = scale;
  const width = upper - lower;
  return (value) => {
    const position = (value - lower) / width;
    return position >= 0 && position <= 1 ? (position * highestLevel + 0.5) | 0 : quantiseValue(scale, value);
  };
}
