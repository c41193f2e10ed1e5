/** The largest eigenvalue of a symmetric operator, by the method of Lanczos. */
import { dot, norm, type Operator, scale } from './vectors.ts';

/** Where what is new is this much smaller than the operator it is rounding: all that the start leads to has been seen. */
const exhausted = 1e-7;

/** How often the eigenvalue is looked at: when it has grown by less than the tolerance since the last time, it is done. */
const stepsBetween = 3;
const tolerance = 1e-6;

/** Relative, of the eigenvalue of the tridiagonal matrix. */
const bisectionTolerance = 1e-7;

/**
 * The largest eigenvalue of an A of which none is negative, on the space of x, A x, A² x, …: never too large, and nearer
 * with every step.
 * @param start not zero
 */
export function largestEigenvalue(operator: Operator, start: Float32Array, mostSteps: number): number {
  const { x, y, apply } = operator;
  const previous = new Float32Array(x.length);
  const tridiagonal = new Tridiagonal();
  let eigenvalue = 0;
  let back = 0;
  scale(start, 1 / norm(start), x);
  for (let step = 1; ; step += 1) {
    apply();
    const along = dot(x, y);
    tridiagonal.add(along, back);
    for (let index = 0; index < x.length; index += 1) {
      y[index]! -= along * x[index]! + back * previous[index]!;
    }
    back = norm(y);
    const isExhausted = step === mostSteps || !(back > exhausted * along);
    if (isExhausted || step % stepsBetween === 0) {
      const settled = eigenvalue * (1 + tolerance);
      if (isExhausted || tridiagonal.isBelow(settled)) return tridiagonal.largestEigenvalue(eigenvalue);
      eigenvalue = tridiagonal.largestEigenvalue(eigenvalue);
    }
    previous.set(x);
    scale(y, 1 / back, x);
  }
}

/** A symmetric tridiagonal matrix that grows. */
class Tridiagonal {
  private readonly diagonal: number[] = [];
  /** Squares of what stands beside the diagonal, before each row. */
  private readonly besideSquared: number[] = [];

  add(diagonal: number, beside: number): void {
    this.diagonal.push(diagonal);
    this.besideSquared.push(beside * beside);
  }

  /** Whether all eigenvalues are below `value`: then the pivots of T − value · I are all negative. */
  isBelow(value: number): boolean {
    const { diagonal, besideSquared } = this;
    let pivot = 1;
    for (let row = 0; row < diagonal.length; row += 1) {
      pivot = diagonal[row]! - value - besideSquared[row]! / pivot;
      if (pivot >= 0) return false;
    }
    return true;
  }

  /** By bisection. */
  largestEigenvalue(atLeast: number): number {
    let below = Math.max(atLeast, ...this.diagonal);
    let above = Math.max(...this.diagonal) + 2 * Math.sqrt(Math.max(...this.besideSquared));
    while (above - below > bisectionTolerance * above) {
      const middle = (above + below) / 2;
      if (this.isBelow(middle)) above = middle;
      else below = middle;
    }
    return above;
  }
}
