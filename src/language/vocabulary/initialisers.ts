/** How parameters start: what may follow `~`. */
import { type Option, plain, positive } from './kinds.ts';

export type InitialiserName =
  | 'glorot'
  | 'he'
  | 'lecun'
  | 'orthogonal'
  | 'identity'
  | 'normal'
  | 'uniform'
  | 'zeros'
  | 'ones';

export interface InitialiserDescription extends Option {
  readonly name: InitialiserName;
  /** Starts matrices only. */
  readonly matrixOnly: boolean;
}

function initialiser(
  name: InitialiserName,
  documentation: string,
  rest: Partial<Pick<InitialiserDescription, 'example' | 'parameters' | 'matrixOnly'>> = {},
): InitialiserDescription {
  return { ...plain(name, documentation), matrixOnly: false, ...rest, name };
}

const matrixOnly = { matrixOnly: true };

export const initialisers: readonly InitialiserDescription[] = [
  initialiser(
    'glorot',
    'Uniform in ±√(6 / (rows + columns)): keeps the variance of activations across layers (Glorot & Bengio 2010).',
  ),
  initialiser('he', 'Normal with deviation √(2 / columns), for `relu` (He et al. 2015).'),
  initialiser('lecun', 'Normal with deviation √(1 / columns) (LeCun et al. 1998).'),
  initialiser(
    'orthogonal',
    'A random orthogonal matrix: a product with it keeps lengths, so that gradients neither vanish nor explode at first (Saxe et al. 2014).',
    matrixOnly,
  ),
  initialiser(
    'identity',
    'Ones on the diagonal: a recurrent matrix that at first keeps the state as it is (Le et al. 2015).',
    matrixOnly,
  ),
  initialiser('normal', 'Normal with mean 0.', {
    example: 'normal(0.01)',
    parameters: [
      { name: 'deviation', value: positive, documentation: 'Standard deviation.', example: '0.01' },
    ],
  }),
  initialiser('uniform', 'Uniform in [−bound, bound].', {
    example: 'uniform(0.08)',
    parameters: [{ name: 'bound', value: positive, documentation: 'Largest magnitude.', example: '0.08' }],
  }),
  initialiser('zeros', 'All 0, as `= 0` says too.'),
  initialiser('ones', 'All 1, as `= 1` says too.'),
];
