import type { StepRange } from './step-range.ts';
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

/** [T, n] values, time first, to [n, T] codes: a picture with time across and units down. */
export function quantisePicture(
  values: Float32Array,
  timeSteps: number,
  units: number,
  computed: StepRange,
  scale: ValueScale,
): Uint8Array {
  const codes = new Uint8Array(units * timeSteps).fill(notComputedCode);
  const code =
    scale.kind === 'linear' ? linearQuantiser(scale) : (value: number) => quantiseValue(scale, value);
  for (let t = computed.from; t <= computed.to; t++) {
    for (let unit = 0; unit < units; unit++) {
      codes[unit * timeSteps + t - 1] = code(values[(t - 1) * units + unit]!);
    }
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
