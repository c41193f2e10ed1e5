/** Singular values and spectral radii in float64, by methods that are slow and sure. */

/** Row by row, [n][n]. */
export type Matrix = readonly (readonly number[])[];

/** One-sided Jacobi: rotates pairs of columns until all are orthogonal; their norms, largest first. */
export function singularValues(matrix: Matrix): number[] {
  const columns = matrix.map((_, column) => Float64Array.from(matrix, (row) => row[column]!));
  for (let sweep = 0, rotated = true; rotated && sweep < 60; sweep += 1) {
    rotated = false;
    for (let p = 0; p < columns.length; p += 1) {
      for (let q = p + 1; q < columns.length; q += 1) {
        if (orthogonalise(columns[p]!, columns[q]!)) rotated = true;
      }
    }
  }
  return columns.map((column) => Math.hypot(...column)).toSorted((a, b) => b - a);
}

/** Golub & Van Loan, Matrix Computations, section 8.6.3. Returns whether there was anything to do. */
function orthogonalise(p: Float64Array, q: Float64Array): boolean {
  const [alpha, beta, gamma] = [dot(p, p), dot(q, q), dot(p, q)];
  if (Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta)) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = cosine * tangent;
  for (const [index, entry] of p.entries()) {
    p[index] = cosine * entry - sine * q[index]!;
    q[index] = sine * entry + cosine * q[index]!;
  }
  return true;
}

/** ρ = lim ‖Aᵏ‖^(1/k) (Gelfand), with k = 2⁴⁰ by squaring. */
export function spectralRadius(matrix: Matrix): number {
  let power = matrix;
  let logarithm = 0;
  for (let exponent = 0; exponent < 40; exponent += 1) {
    const norm = Math.hypot(...power.flat());
    if (norm === 0) return 0;
    logarithm += Math.log(norm) / 2 ** exponent;
    const normalised = power.map((row) => row.map((entry) => entry / norm));
    power = product(normalised, normalised);
  }
  return Math.exp(logarithm);
}

export function product(left: Matrix, right: Matrix): Matrix {
  return left.map((row) => {
    const sums = new Float64Array(row.length);
    for (const [k, factor] of row.entries()) {
      for (const [column, entry] of right[k]!.entries()) sums[column]! += factor * entry;
    }
    return [...sums];
  });
}

function dot(left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, entry, index) => sum + entry * right[index]!, 0);
}
