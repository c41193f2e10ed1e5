/** Operations on short vectors. */

/** y = A x on vectors that stay where they are. */
export interface Operator {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly apply: () => void;
}

export function norm(vector: Float32Array): number {
  return Math.sqrt(dot(vector, vector));
}

export function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index]! * right[index]!;
  return sum;
}

export function scale(vector: Float32Array, factor: number, into: Float32Array): void {
  for (let index = 0; index < vector.length; index += 1) into[index] = factor * vector[index]!;
}
