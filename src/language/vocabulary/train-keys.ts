/** The keys of `train`. */
import { type Key, type NumberKind, type OptionParameter, plain, positive, positiveWhole } from './kinds.ts';

const decay: NumberKind = { kind: 'number', atLeast: 0, below: 1 };

const learningRate: OptionParameter = {
  name: 'lr',
  value: positive,
  documentation: 'Learning rate: how far each update moves along the gradient.',
  example: '0.01',
};

export const trainKeys: readonly Key[] = [
  {
    name: 'data',
    value: { kind: 'block', block: 'data' },
    documentation: 'Which `data` block to learn from, by its name, where the file has several.',
    optional: true,
    example: 'shakespeare',
  },
  {
    name: 'model',
    value: { kind: 'block', block: 'model' },
    documentation: 'Which `model` block to train, by its name, where the file has several.',
    optional: true,
    example: 'small',
  },
  {
    name: 'loss',
    value: {
      kind: 'choice',
      options: [
        plain('cross_entropy', 'Mean of −log p(target): for text, with `softmax` as the last layer.'),
        plain('mse', 'Mean squared error: for numbers, with `linear` as the last layer.'),
      ],
    },
    documentation: 'What training makes small: the mean over time steps and sequences of a minibatch.',
    example: 'cross_entropy',
  },
  {
    name: 'optimizer',
    value: {
      kind: 'choice',
      options: [
        {
          name: 'sgd',
          documentation: 'Gradient descent: θ ← θ − lr · ∂L/∂θ.',
          example: 'sgd(lr = 0.1)',
          parameters: [learningRate],
        },
        {
          name: 'adam',
          documentation:
            'Adam (Kingma & Ba 2015): steps scaled by running means of the gradient and of its square, θ ← θ − lr · m̂ / (√v̂ + ε).',
          example: 'adam(lr = 0.01)',
          parameters: [
            { ...learningRate, default: 0.001 },
            {
              name: 'beta1',
              value: decay,
              documentation: 'Decay of the running mean of the gradient.',
              default: 0.9,
              example: '0.9',
            },
            {
              name: 'beta2',
              value: decay,
              documentation: 'Decay of the running mean of the squared gradient.',
              default: 0.999,
              example: '0.999',
            },
            {
              name: 'epsilon',
              value: positive,
              documentation: 'Keeps the division finite.',
              default: 1e-8,
              example: '1e-8',
            },
          ],
        },
      ],
    },
    documentation: 'How parameters follow the gradient.',
    example: 'adam(lr = 0.01)',
  },
  {
    name: 'batch',
    value: positiveWhole,
    documentation: 'Sequences in a minibatch, B.',
    example: '32',
  },
  {
    name: 'epochs',
    value: positiveWhole,
    documentation: 'How many times training goes through the training share.',
    default: 1,
    example: '10',
  },
  {
    name: 'clip',
    value: {
      kind: 'choice',
      options: [
        {
          name: 'norm',
          documentation:
            'Scales the whole gradient down to this norm where it is larger; its direction stays.',
          example: 'norm(5)',
          parameters: [
            { name: 'norm', value: positive, documentation: 'Largest norm of the gradient.', example: '5' },
          ],
        },
      ],
    },
    documentation: 'Bounds the gradient before the update, against exploding gradients.',
    optional: true,
    example: 'norm(5)',
  },
  {
    name: 'seed',
    value: { kind: 'number', whole: true, atLeast: 0 },
    documentation: 'Number from which all randomness follows: the same seed gives the same run.',
    default: 0,
    example: '7',
  },
];

/** The loss that measures predictions of what comes from a source. */
export const lossOf = { text: 'cross_entropy', csv: 'mse' } as const;
