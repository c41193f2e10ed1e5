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
      const array = parameters.find((each) => each.layer === layer.id && each.name === parameter.name);
      array!.values.set(initialValues(parameter, random));
    }
  }
}

function initialValues({ shape, initialiser }: Parameter, random: Random): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (initialiser.kind === 'orthogonal') {
    const [rows = 1, columns = 1] = shape;
    return orthogonal(rows, columns, random);
  }
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
