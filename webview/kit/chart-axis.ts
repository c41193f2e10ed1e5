import { formatPowerOfTen } from './format.ts';
import { decadeAbove, decadeBelow } from './value-scale.ts';

export interface ChartPoint {
  readonly x: number;
  /** NaN leaves a gap. */
  readonly y: number;
}

/** A logarithmic axis of whole decades around some values. */
export interface DecadeAxis {
  readonly lower: number;
  readonly upper: number;
  /** Where zeros are drawn, one decade under everything else; absent when there are none. */
  readonly floor: number | undefined;
  readonly ticks: readonly AxisTick[];
}

export interface AxisTick {
  readonly value: number;
  readonly label: string;
}

const decadesWhenEmpty = { bottom: -6, top: 0 };
const mostTicks = 6;

/** Values that are neither zero nor positive and finite have no place on the axis and don't shape it. */
export function decadeAxis(values: Iterable<number>): DecadeAxis {
  let smallest = Infinity;
  let largest = 0;
  let zeros = false;
  for (const value of values) {
    if (value === 0) zeros = true;
    if (!(value > 0 && value < Infinity)) continue;
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
  }
  const bottom = largest > 0 ? decadeBelow(smallest) : decadesWhenEmpty.bottom;
  const top = largest > 0 ? Math.max(decadeAbove(largest), bottom + 1) : decadesWhenEmpty.top;
  const floor = zeros ? 10 ** (bottom - 1) : undefined;
  return { lower: floor ?? 10 ** bottom, upper: 10 ** top, floor, ticks: ticksOf(bottom, top, floor) };
}

function ticksOf(bottom: number, top: number, floor: number | undefined): AxisTick[] {
  const stride = Math.ceil((top - bottom + 1) / mostTicks);
  const ticks: AxisTick[] = floor === undefined ? [] : [{ value: floor, label: '0' }];
  for (let exponent = bottom; exponent <= top; exponent++) {
    if ((top - exponent) % stride !== 0) continue;
    ticks.push({ value: 10 ** exponent, label: formatPowerOfTen(exponent) });
  }
  return ticks;
}

/** The axis position of a value: itself, the floor for zero, and none (NaN, a gap) for what has no place. */
export function placeOn(axis: DecadeAxis, value: number): number {
  if (value === 0) return axis.floor ?? axis.lower;
  return value > 0 && value < Infinity ? value : Number.NaN;
}
