/** The largest eigenvalue of a symmetric operator, by the method of Lanczos. */

/** y = A x on vectors that stay where they are; no eigenvalue of A is negative. */
export interface SymmetricOperator {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly apply: () => void;
}

/** Where what is new is this much smaller than the operator it is rounding: all that the start leads to has been seen. */
const exhausted = 1e-7;

/** Relative to the eigenvalue. */
const bisectionTolerance = 1e-8;

/**
 * The largest eigenvalue of A on the space of x, A x, …, A^(steps − 1) x: never above that of A, and nearer to it with
 * every step.
 * @param start not zero
 */
export function largestEigenvalue(operator: SymmetricOperator, start: Float32Array, steps: number): number {
  const { x, y, apply } = operator;
  const previous = new Float32Array(x.length);
  const diagonal: number[] = [];
  /** Squares of what stands beside the diagonal of the tridiagonal matrix. */
  const besideSquared: number[] = [];
  let back = 0;
  scale(start, 1 / norm(start), x);
  while (diagonal.length < steps) {
    apply();
    const along = dot(x, y);
    diagonal.push(along);
    for (let index = 0; index < x.length; index += 1) {
      y[index]! -= along * x[index]! + back * previous[index]!;
    }
    back = norm(y);
    if (!(back > exhausted * along)) break;
    besideSquared.push(back * back);
    previous.set(x);
    scale(y, 1 / back, x);
  }
  return largestOfTridiagonal(diagonal, besideSquared);
}

/** By bisection: λ lies above all eigenvalues where the pivots of T − λ I are all negative. */
function largestOfTridiagonal(diagonal: readonly number[], besideSquared: readonly number[]): number {
  const isAbove = (value: number): boolean => {
    let pivot = 0;
    for (let row = 0; row < diagonal.length; row += 1) {
      pivot = diagonal[row]! - value - (row === 0 ? 0 : besideSquared[row - 1]! / pivot);
      if (pivot >= 0) return false;
    }
    return true;
  };
  let below = Math.max(...diagonal);
  let above = below + 2 * Math.sqrt(Math.max(0, ...besideSquared.slice(0, diagonal.length - 1)));
  while (above - below > bisectionTolerance * above) {
    const middle = (above + below) / 2;
    if (isAbove(middle)) above = middle;
    else below = middle;
  }
  return above;
}

export function norm(vector: Float32Array): number {
  return Math.sqrt(dot(vector, vector));
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index]! * right[index]!;
  return sum;
}

export function scale(vector: Float32Array, factor: number, into: Float32Array): void {
  for (let index = 0; index < vector.length; index += 1) into[index] = factor * vector[index]!;
}
