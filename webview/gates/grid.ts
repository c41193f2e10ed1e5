import type { StepRange } from '../kit/step-range.ts';

/** One value of a heatmap: t from 1, unit from 0. */
export interface Cell {
  readonly t: number;
  readonly unit: number;
}

interface GridSize {
  readonly timeSteps: number;
  readonly units: number;
}

/** Of a heatmap, in CSS pixels. */
export const mostHeight = 128;

/** Height of a heatmap in CSS pixels: two a unit where that is neither too flat nor too tall to compare. */
export function pictureHeight(units: number): number {
  return Math.min(mostHeight, Math.max(56, units * 2));
}

/** The value under a point given as shares (0…1) of the picture's width and height. */
export function cellAt(across: number, down: number, { timeSteps, units }: GridSize): Cell {
  return {
    t: clamp(Math.floor(across * timeSteps) + 1, 1, timeSteps),
    unit: clamp(Math.floor(down * units), 0, units - 1),
  };
}

/** Where a key leads; the first one leads to the newest computed step's first unit. */
export function moveCell(
  key: string,
  cell: Cell | undefined,
  { timeSteps, units }: GridSize,
  computed: StepRange,
): Cell | undefined {
  const delta = steps[key];
  if (!delta) return undefined;
  if (!cell) {
    const newest = computed.from === 1 ? computed.to : computed.from;
    return { t: clamp(newest, 1, timeSteps), unit: 0 };
  }
  return {
    t: clamp(cell.t + delta.t, 1, timeSteps),
    unit: clamp(cell.unit + delta.unit, 0, units - 1),
  };
}

const steps: Readonly<Record<string, Cell>> = {
  ArrowLeft: { t: -1, unit: 0 },
  ArrowRight: { t: 1, unit: 0 },
  ArrowUp: { t: 0, unit: -1 },
  ArrowDown: { t: 0, unit: 1 },
  PageUp: { t: 0, unit: -10 },
  PageDown: { t: 0, unit: 10 },
  Home: { t: -Infinity, unit: 0 },
  End: { t: Infinity, unit: 0 },
};

function clamp(value: number, lower: number, upper: number): number {
  return Math.min(upper, Math.max(lower, value));
}
