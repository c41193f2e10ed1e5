/** Layers that are not cells. */
import { type Option, type OptionParameter, plain, positiveWhole } from './kinds.ts';

export type LayerName =
  | 'onehot'
  | 'embed'
  | 'dense'
  | 'tie'
  | 'bidirectional'
  | 'dropout'
  | 'layer_norm'
  | 'last'
  | 'mean'
  | 'softmax'
  | 'linear';
/** Layers that hold others, in braces. */
export type GroupName = 'repeat' | 'residual';

export interface LayerDescription extends Option {
  readonly name: LayerName | GroupName;
}

/** `LSTM(64, recurrent_dropout = 20%)`: an argument of every cell as a layer, given by name. */
export const recurrentDropout: OptionParameter = {
  name: 'recurrent_dropout',
  value: { kind: 'share', partial: true },
  documentation:
    "Share of the cell's previous output that is dropped where its products read it, the same units at every step of a sequence (Gal & Ghahramani 2016).",
  default: 0,
  example: '20%',
};

export const layers: readonly LayerDescription[] = [
  layer('onehot', 'Input layer for text: token → unit vector as wide as the vocabulary.'),
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
  layer(
    'tie',
    'E @ x + b: scores of tokens by the table E of `embed`, which input and output share (Press & Wolf 2017). In place of `dense`.',
  ),
  {
    name: 'bidirectional',
    documentation:
      'Two cells of one kind: one reads the sequence from its start, the other from its end (Schuster & Paliwal 1997).',
    example: 'bidirectional(LSTM(64), merge = concat)',
    parameters: [
      { name: 'cell', value: { kind: 'cell' }, documentation: 'The cell, used twice.', example: 'LSTM(64)' },
      {
        name: 'merge',
        value: {
          kind: 'choice',
          options: [
            plain('concat', 'Both outputs end to end: twice as wide.'),
            plain('sum', 'The sum of both outputs.'),
          ],
        },
        documentation: 'How the two outputs become one.',
        default: { option: 'concat', arguments: {} },
        example: 'concat',
      },
    ],
  },
  {
    name: 'dropout',
    documentation:
      'While training, sets this share of the units to 0, anew at every step, and scales up the others (Srivastava et al. 2014).',
    example: 'dropout(20%)',
    parameters: [
      {
        name: 'rate',
        value: { kind: 'share', partial: true },
        documentation: 'Share of the units that is dropped.',
        example: '20%',
      },
    ],
  },
  layer(
    'layer_norm',
    '(x − mean) / √(variance + 1e-5) over the units, times a learnt gain, plus a learnt bias (Ba et al. 2016).',
  ),
  layer('last', 'Pooling: of all time steps the last, so that one vector is left of a sequence.'),
  layer('mean', 'Pooling: the mean over all time steps, so that one vector is left of a sequence.'),
  layer('softmax', 'Last layer of a classifier: exp(xᵢ) / Σ exp(xⱼ), the probability of each token.'),
  layer('linear', 'Last layer of a regression: the values as they are.'),
  {
    name: 'repeat',
    documentation:
      'The layers in braces, n times one after the other, each time with parameters of their own.',
    example: 'repeat(2)',
    parameters: [{ name: 'n', value: positiveWhole, documentation: 'How many times.', example: '2' }],
  },
  layer(
    'residual',
    'What the layers in braces hand on, plus what they receive: gradients have a way around them (He et al. 2016).',
  ),
];

function layer(name: LayerDescription['name'], documentation: string): LayerDescription {
  return { name, documentation, example: name, parameters: [] };
}

/** The last layer that a loss measures. */
export const outputOf = { cross_entropy: 'softmax', mse: 'linear' } as const;

export function findLayer(name: string): LayerDescription | undefined {
  return layers.find((candidate) => candidate.name === name);
}

export function isGroup(name: string): name is GroupName {
  return name === 'repeat' || name === 'residual';
}
