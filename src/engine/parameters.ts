/** The parameters of a network with their gradients, as flat float32 arrays that live as long as the run. */
import type { Network } from '../compile/network.ts';
import type { Parameter } from '../compile/program.ts';
import type { Initialiser } from '../language/checked-model.ts';
import { orthogonal } from './orthogonal.ts';
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

/** Draws the first values of all parameters, layer by layer. */
export function initialise(parameters: readonly ParameterArray[], network: Network, seed: number): void {
  const random = new Random(seed);
  for (const layer of network.layers) {
    for (const parameter of layer.parameters) {
      if (parameter.owner !== undefined) continue;
      const array = parameters.find((each) => each.layer === layer.id && each.name === parameter.name);
      array!.values.set(initialValues(parameter, random));
    }
  }
}

function initialValues({ shape, initialiser }: Parameter, random: Random): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const entry = entries(initialiser, shape, random);
  return Float32Array.from({ length: count }, (_, index) => entry(index));
}

/** The entries of a matrix, row by row; a vector is a matrix of one column. Those drawn by chance are drawn in order. */
function entries(
  initialiser: Initialiser,
  [rows = 1, columns = 1]: readonly number[],
  random: Random,
): (index: number) => number {
  switch (initialiser.kind) {
    case 'constant':
      return () => initialiser.value;
    case 'glorot': {
      // Glorot & Bengio (2010), eq. 16: U(±√(6 / (fan_in + fan_out))).
      const bound = Math.sqrt(6 / (rows + columns));
      return () => random.uniform(-bound, bound);
    }
    case 'he':
      // He et al. (2015), eq. 10: N(0, 2 / fan_in).
      return () => Math.sqrt(2 / columns) * random.normal();
    case 'lecun':
      // LeCun et al. (1998), eq. 16: N(0, 1 / fan_in).
      return () => Math.sqrt(1 / columns) * random.normal();
    case 'orthogonal': {
      const matrix = orthogonal(rows, columns, random);
      return (index) => matrix[index]!;
    }
    case 'identity':
      return (index) => (Math.floor(index / columns) === index % columns ? 1 : 0);
    case 'normal':
      return () => initialiser.deviation * random.normal();
    case 'uniform':
      return () => random.uniform(-initialiser.bound, initialiser.bound);
  }
}
