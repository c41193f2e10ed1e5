/**
 * Gradients against central differences of the loss, both in float32 as they are trained with. A difference is only as
 * exact as the loss: its error is estimated for each entry, and entries that it drowns in are counted, not judged.
 */
import type { GradientReport, ParameterCheck, WrongEntry } from '../protocol/gradient-check.ts';
import type { ParameterArray } from './parameters.ts';
import { Random } from './random.ts';
import type { Run } from './run.ts';

/** A minibatch whose gradients have been taken. */
export interface Differentiated {
  /** With their gradients. */
  readonly parameters: readonly ParameterArray[];
  /** The mean loss with the parameters as they are now. */
  loss(): number;
}

/** Entries of each parameter: those with the largest gradients, and as many by chance. */
const entriesOfEachKind = 5;
/** Steps to try: from where the loss's rounding is small to where its curvature is. Powers of two, exact in float32. */
const steps = [2 ** -5, 2 ** -7, 2 ** -9];
/** Errors are relative to the largest gradient of the parameter. */
const tolerance = 0.01;
/** A difference that is less exact tells nothing. */
const leastExact = 0.05;
/** So many estimated errors of the difference are granted to it. */
const errorsGranted = 4;

/** Checks the gradients of the run's first minibatch. The run is not to be trained afterwards. */
export function checkGradients({ training, backend }: Run): GradientReport {
  // Forward, loss, backward.
  for (let phase = 0; phase < 3; phase += 1) training.step('phase');
  const { parameters } = training;
  return { backend, parameters: compareGradients({ parameters, loss: () => training.evaluate() }) };
}

export function compareGradients(differentiated: Differentiated): readonly ParameterCheck[] {
  const rounding = roundingOf(differentiated);
  return differentiated.parameters.map((parameter) => checkParameter(parameter, differentiated, rounding));
}

function checkParameter(
  { layer, name, shape, values, gradient }: ParameterArray,
  differentiated: Differentiated,
  rounding: number,
): ParameterCheck {
  const scale = gradient.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 0);
  const wrong: WrongEntry[] = [];
  let checked = 0;
  let largestError = 0;
  const entries = sampleOf(gradient);
  for (const index of entries) {
    const difference = bestDifference(
      (amount) => lossAt(differentiated, values, index, amount),
      scale,
      rounding,
    );
    const error = Math.abs(gradient[index]! - difference.value);
    const isWrong = error > tolerance * scale + errorsGranted * difference.error;
    if (isWrong) wrong.push({ index, gradient: gradient[index]!, finiteDifference: difference.value });
    if (!isWrong && difference.error > leastExact * scale) continue;
    checked += 1;
    largestError = Math.max(largestError, error / scale);
  }
  return { layer, name, shape, checked, undecided: entries.length - checked, largestError, wrong };
}

interface Difference {
  readonly value: number;
  /** Its estimated error. */
  readonly error: number;
}

/**
 * Richardson's extrapolation of two central differences, D(h) and D(2h): (4 D(h) − D(2h)) / 3. What it takes away,
 * |D(h) − D(2h)| / 3, bounds what is left of the curvature's part; the loss's rounding, ρ, adds some 2ρ / h.
 */
function bestDifference(loss: (amount: number) => number, scale: number, rounding: number): Difference {
  let best: Difference = { value: Number.NaN, error: Number.POSITIVE_INFINITY };
  for (const step of steps) {
    const near = (loss(step) - loss(-step)) / (2 * step);
    const far = (loss(2 * step) - loss(-2 * step)) / (4 * step);
    const error = Math.abs(near - far) / 3 + (2 * rounding) / step;
    if (error < best.error) best = { value: (4 * near - far) / 3, error };
    if (error < (tolerance / 4) * scale) break;
  }
  return best;
}

/**
 * The error that float32 leaves in the loss, as a standard deviation: second differences over steps so small that
 * nothing else is in them, L(+h) + L(−h) − 2L, which have √6 of it.
 */
function roundingOf(differentiated: Differentiated): number {
  const step = 2 ** -13;
  const loss = differentiated.loss();
  const squares = differentiated.parameters.slice(0, 8).map(({ values }) => {
    const index = values.length >> 1;
    const up = lossAt(differentiated, values, index, step);
    const down = lossAt(differentiated, values, index, -step);
    return (up + down - 2 * loss) ** 2 / 6;
  });
  const measured = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  return Math.max(measured, Math.abs(loss) * 2 ** -26);
}

function lossAt({ loss }: Differentiated, values: Float32Array, index: number, amount: number): number {
  const present = values[index]!;
  values[index] = present + amount;
  const moved = loss();
  values[index] = present;
  return moved;
}

function sampleOf(gradient: Float32Array): readonly number[] {
  const order = Array.from(gradient.keys()).sort(
    (one, other) => Math.abs(gradient[other]!) - Math.abs(gradient[one]!),
  );
  const byChance = new Random(gradient.length).permutation(gradient.length).slice(0, entriesOfEachKind);
  return [...new Set([...order.slice(0, entriesOfEachKind), ...byChance])];
}
