/** The parameters of a network with their gradients, as flat float32 arrays that live as long as the run. */

import type { Network } from '../compile/network.ts';
import type { Parameter } from '../compile/program.ts';
import type { Initialiser } from '../language/checked-model.ts';
import { Random } from './random.ts';

export interface ParameterArray {
  /** A layer's id. */
  readonly layer: string;
  readonly name: string;
  /** `[]`, `[n]` or `[m, n]`; matrices are stored row by row. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** ∂L/∂values of the iteration in hand, before clipping. */
  readonly gradient: Float32Array;
}

export function createParameters(network: Network, seed: number): ParameterArray[] {
  const random = new Random(seed);
  return network.layers.flatMap((layer) =>
    layer.parameters.map((parameter) => {
      const values = initialValues(parameter, random);
      const gradient = new Float32Array(values.length);
      return { layer: layer.id, name: parameter.name, shape: parameter.shape, values, gradient };
    }),
  );
}

function initialValues({ shape, initialiser }: Parameter, random: Random): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (initialiser.kind === 'orthogonal') return orthogonal(shape, random);
  const draw = drawer(initialiser, shape, random);
  return Float32Array.from({ length: count }, draw);
}

function drawer(
  initialiser: Exclude<Initialiser, { kind: 'orthogonal' }>,
  shape: readonly number[],
  random: Random,
): () => number {
  switch (initialiser.kind) {
    case 'constant':
      return () => initialiser.value;
    case 'glorot': {
      // Glorot & Bengio (2010), eq. 16: U(±√(6 / (fan_in + fan_out))).
      const [rows = 1, columns = 1] = shape;
      const bound = Math.sqrt(6 / (rows + columns));
      return () => random.uniform(-bound, bound);
    }
    case 'normal':
      return () => initialiser.deviation * random.normal();
    case 'uniform':
      return () => random.uniform(-initialiser.bound, initialiser.bound);
  }
}

/**
 * A matrix with orthonormal rows or columns, whichever are fewer (Saxe, McClelland & Ganguli, 2014): Gram–Schmidt on
 * normal vectors, in float64 and twice over, which keeps it orthogonal to rounding.
 */
function orthogonal(shape: readonly number[], random: Random): Float32Array {
  const [rows = 1, columns = 1] = shape;
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    for (let pass = 0; pass < 2; pass += 1) {
      for (const other of basis) subtractProjection(vector, other);
    }
    const norm = Math.hypot(...vector);
    if (norm > 1e-6) basis.push(vector.map((entry) => entry / norm));
  }
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const row = Math.floor(index / columns);
    const column = index % columns;
    return rows <= columns ? basis[row]![column]! : basis[column]![row]!;
  });
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const overlap = vector.reduce((sum, entry, index) => sum + entry * unit[index]!, 0);
  for (let index = 0; index < vector.length; index += 1) vector[index]! -= overlap * unit[index]!;
}
