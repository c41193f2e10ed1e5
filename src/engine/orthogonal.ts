/** Random matrices with orthonormal rows or columns, as initial values (Saxe, McClelland & Ganguli, 2014). */
import type { Random } from './random.ts';

/** A row-major `[rows, columns]` matrix, uniform among those whose rows, or columns where these are fewer, are orthonormal. */
export function orthogonal(rows: number, columns: number, random: Random): Float32Array {
  const isWide = rows <= columns;
  const basis = isWide ? orthonormal(rows, columns, random) : orthonormal(columns, rows, random);
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      values[row * columns + column] = isWide ? basis[row]![column]! : basis[column]![row]!;
    }
  }
  return values;
}

/**
 * `count` orthonormal vectors of `length` ≥ `count` entries, in float64: the Q of a QR decomposition of a matrix of
 * normal entries. Below and right of step k that matrix stays normal, so that each Householder reflection
 * I − 2 u uᵀ / uᵀu is drawn rather than computed (Stewart, 1980), and vector k is H₀ H₁ … H_k e_k.
 */
function orthonormal(count: number, length: number, random: Random): Float64Array[] {
  const reflections = Array.from({ length: count }, (_, k) => drawReflection(length - k, random));
  const vectors = reflections.map(({ sign }, k) => {
    const vector = new Float64Array(length);
    vector[k] = sign;
    return vector;
  });
  for (let k = count - 1; k >= 0; k -= 1) {
    // Before this reflection the vectors above k are unit vectors outside of its reach.
    for (let index = k; index < count; index += 1) reflect(vectors[index]!, reflections[k]!, k);
  }
  return vectors;
}

interface Reflection {
  /** u, for the last entries of a vector. */
  readonly normal: Float64Array;
  /** 2 / uᵀu */
  readonly factor: number;
  /** Sign of the entry on the diagonal of R, without which Q would not be uniform (Mezzadri, 2007). */
  readonly sign: number;
}

/** The reflection that turns a vector of normal entries onto the first axis. */
function drawReflection(length: number, random: Random): Reflection {
  const normal = Float64Array.from({ length }, () => random.normal());
  const side = normal[0]! < 0 ? -1 : 1;
  normal[0]! += side * Math.sqrt(dot(normal, normal, 0));
  return { normal, factor: 2 / dot(normal, normal, 0), sign: -side };
}

function reflect(vector: Float64Array, { normal, factor }: Reflection, from: number): void {
  const scale = factor * dot(normal, vector, from);
  for (let index = 0; index < normal.length; index += 1) vector[from + index]! -= scale * normal[index]!;
}

/** Σᵢ left[i] · right[from + i] */
function dot(left: Float64Array, right: Float64Array, from: number): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index]! * right[from + index]!;
  return sum;
}
