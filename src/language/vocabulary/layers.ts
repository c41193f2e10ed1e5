/** Layers that are not cells, and initialisers of parameters. */
import { type Option, positive, positiveWhole } from './kinds.ts';

export type LayerName = 'onehot' | 'embed' | 'dense' | 'softmax' | 'linear';

/** Layers that are not cells. */
export const layers: readonly (Option & { readonly name: LayerName })[] = [
  {
    name: 'onehot',
    documentation: 'Input layer for text: token → unit vector as wide as the vocabulary.',
    example: 'onehot',
    parameters: [],
  },
  {
    name: 'embed',
    documentation: 'Input layer for text: token → learnt vector.',
    example: 'embed(32)',
    parameters: [
      { name: 'size', value: positiveWhole, documentation: 'Width of the learnt vectors.', example: '32' },
    ],
  },
  {
    name: 'dense',
    documentation: 'W @ x + b, without a nonlinearity.',
    example: 'dense',
    parameters: [
      {
        name: 'size',
        value: positiveWhole,
        documentation: 'Width of the output; left out: the width of the target.',
        optional: true,
        example: '32',
      },
    ],
  },
  {
    name: 'softmax',
    documentation: 'Last layer of a classifier: exp(xᵢ) / Σ exp(xⱼ), the probability of each token.',
    example: 'softmax',
    parameters: [],
  },
  {
    name: 'linear',
    documentation: 'Last layer of a regression: the values as they are.',
    example: 'linear',
    parameters: [],
  },
];

export type InitialiserName = 'glorot' | 'orthogonal' | 'normal' | 'uniform';

/** What may follow `~`. */
export const initialisers: readonly (Option & { readonly name: InitialiserName })[] = [
  {
    name: 'glorot',
    documentation:
      'Uniform in ±√(6 / (rows + columns)): keeps the variance of activations across layers (Glorot & Bengio 2010).',
    example: 'glorot',
    parameters: [],
  },
  {
    name: 'orthogonal',
    documentation:
      'A random orthogonal matrix: a product with it keeps lengths, so that gradients neither vanish nor explode at first (Saxe et al. 2014).',
    example: 'orthogonal',
    parameters: [],
  },
  {
    name: 'normal',
    documentation: 'Normal with mean 0.',
    example: 'normal(0.01)',
    parameters: [
      { name: 'deviation', value: positive, documentation: 'Standard deviation.', example: '0.01' },
    ],
  },
  {
    name: 'uniform',
    documentation: 'Uniform in [−bound, bound].',
    example: 'uniform(0.08)',
    parameters: [{ name: 'bound', value: positive, documentation: 'Largest magnitude.', example: '0.08' }],
  },
];

export function findLayer(name: string): (typeof layers)[number] | undefined {
  return layers.find((layer) => layer.name === name);
}
