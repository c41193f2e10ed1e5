/**
 * The words of the language, each with its values, default and meaning. Checks, completion and hover all read this
 * one table; what is not in it does not exist.
 */
import type { ElementwiseFunction, FunctionName } from './checked-model.ts';

/** What may stand after a `=`. */
export type ValueKind =
  | NumberKind
  /** `80%` or `0.8`: a part of a whole. */
  | { readonly kind: 'share' }
  | { readonly kind: 'text'; readonly what: string }
  /** `["a", "b"]`: at least one, each once. */
  | { readonly kind: 'columns' }
  | { readonly kind: 'choice'; readonly options: readonly Option[] };

export interface NumberKind {
  readonly kind: 'number';
  readonly whole?: true;
  /** Bounds: greater than, at least, less than. */
  readonly above?: number;
  readonly atLeast?: number;
  readonly below?: number;
}

/** One of the values that a key takes, a layer or an initialiser: `adam(lr = 0.01)`, `char`, `dense(10)`. */
export interface Option {
  readonly name: string;
  readonly documentation: string;
  readonly parameters: readonly OptionParameter[];
}

export interface OptionParameter {
  readonly name: string;
  readonly value: ValueKind;
  readonly documentation: string;
  /** What holds when the argument is left out; without a default or `optional` the argument must be given. */
  readonly default?: DefaultValue;
  readonly optional?: true;
  /** A usual value, which completion fills in. */
  readonly example: string;
}

export type DefaultValue =
  | number
  | { readonly option: string; readonly arguments: Readonly<Record<string, number>> };

export interface Key {
  readonly name: string;
  readonly value: ValueKind;
  readonly documentation: string;
  /** As for parameters. */
  readonly default?: DefaultValue;
  readonly optional?: true;
  readonly example: string;
  /** The kind of data source that the key belongs to; absent: both. */
  readonly source?: 'text' | 'csv';
}

export interface Block {
  readonly name: BlockName;
  readonly documentation: string;
  /** In the order in which they are usually written. */
  readonly keys: readonly Key[];
  /** A whole block as a snippet in the LSP's syntax. */
  readonly snippet: string;
}

export type BlockName = 'data' | 'cell' | 'model' | 'train';

const positiveWhole: NumberKind = { kind: 'number', whole: true, atLeast: 1 };
const positive: NumberKind = { kind: 'number', above: 0 };
const decay: NumberKind = { kind: 'number', atLeast: 0, below: 1 };

function plain(name: string, documentation: string): Option {
  return { name, documentation, parameters: [] };
}

const learningRate: OptionParameter = {
  name: 'lr',
  value: positive,
  documentation: 'Learning rate: how far each update moves along the gradient.',
  example: '0.01',
};

const dataKeys: readonly Key[] = [
  {
    name: 'source',
    value: {
      kind: 'choice',
      options: [
        {
          name: 'text',
          documentation: 'A UTF-8 text; the model learns which token comes next.',
          parameters: [
            {
              name: 'file',
              value: { kind: 'text', what: 'the name of a file, relative to this one' },
              documentation: 'The text file, relative to the `.rnn` file.',
              example: '"shakespeare.txt"',
            },
          ],
        },
        {
          name: 'csv',
          documentation: 'A table of numbers with a header row; rows are time steps.',
          parameters: [
            {
              name: 'file',
              value: { kind: 'text', what: 'the name of a file, relative to this one' },
              documentation: 'The CSV file, relative to the `.rnn` file.',
              example: '"wave.csv"',
            },
          ],
        },
      ],
    },
    documentation: 'Where the data comes from: `text("file.txt")` or `csv("file.csv")`.',
    example: 'text("shakespeare.txt")',
  },
  {
    name: 'tokens',
    value: { kind: 'choice', options: [plain('char', 'Every character is a token.')] },
    documentation: 'What a token of the text is.',
    default: { option: 'char', arguments: {} },
    example: 'char',
    source: 'text',
  },
  {
    name: 'inputs',
    value: { kind: 'columns' },
    documentation: 'Columns that the model sees at each time step.',
    example: '["value"]',
    source: 'csv',
  },
  {
    name: 'targets',
    value: { kind: 'columns' },
    documentation: 'Columns that the model predicts at each time step, `horizon` steps ahead.',
    example: '["value"]',
    source: 'csv',
  },
  {
    name: 'horizon',
    value: { kind: 'number', whole: true, atLeast: 0 },
    documentation: 'How many time steps ahead of its input a target lies.',
    default: 1,
    example: '1',
    source: 'csv',
  },
  {
    name: 'normalize',
    value: {
      kind: 'choice',
      options: [
        plain('none', 'Columns as they are.'),
        plain(
          'zscore',
          'Each column shifted and scaled to mean 0 and deviation 1, measured on the training share.',
        ),
        plain('minmax', 'Each column shifted and scaled to [0, 1], measured on the training share.'),
      ],
    },
    documentation: 'How columns are scaled before the model sees them.',
    default: { option: 'none', arguments: {} },
    example: 'zscore',
    source: 'csv',
  },
  {
    name: 'window',
    value: positiveWhole,
    documentation:
      'Time steps in one sequence, T: how far the network is unrolled and how far gradients flow back.',
    example: '50',
  },
  {
    name: 'split',
    value: {
      kind: 'choice',
      options: [
        {
          name: 'holdout',
          documentation: 'Training, development and test shares, cut from the data in this order.',
          parameters: [
            {
              name: 'train',
              value: { kind: 'share' },
              documentation: 'Share to learn from.',
              example: '80%',
            },
            {
              name: 'dev',
              value: { kind: 'share' },
              documentation: 'Share to tune on.',
              default: 0,
              example: '10%',
            },
            {
              name: 'test',
              value: { kind: 'share' },
              documentation: 'Share kept for the final measurement.',
              default: 0,
              example: '10%',
            },
          ],
        },
      ],
    },
    documentation: 'Which shares of the data are for training, development and test.',
    default: { option: 'holdout', arguments: { train: 0.8, dev: 0.1, test: 0.1 } },
    example: 'holdout(train = 80%, dev = 10%, test = 10%)',
  },
];

const trainKeys: readonly Key[] = [
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
          parameters: [learningRate],
        },
        {
          name: 'adam',
          documentation:
            'Adam (Kingma & Ba 2015): steps scaled by running means of the gradient and of its square, θ ← θ − lr · m̂ / (√v̂ + ε).',
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

/** A place to type in a snippet, in the LSP's syntax; places of one number are typed at once. */
function stop(index: number, text: string): string {
  return `\${${index}:${text}}`;
}

export const blocks: Readonly<Record<BlockName, Block>> = {
  data: {
    name: 'data',
    documentation: 'What the model learns from: a text or a CSV file, cut into sequences.',
    keys: dataKeys,
    snippet: `data ${stop(1, 'name')} {
  source = text("${stop(2, 'file.txt')}")
  tokens = char
  window = ${stop(3, '50')}
  split  = holdout(train = 80%, dev = 10%, test = 10%)
}`,
  },
  cell: {
    name: 'cell',
    documentation:
      'A recurrent cell as equations: a bare name is its value now, `h[t-1]` its value one step ago.',
    keys: [],
    snippet: `cell ${stop(1, 'Name')}(${stop(2, 'units')}) {
  param W : [$2, x]  ~ glorot
  param U : [$2, $2] ~ orthogonal
  param b : [$2]     = 0

  h = tanh(W @ x + U @ h[t-1] + b)
  output h
}`,
  },
  model: {
    name: 'model',
    documentation: 'The layers from input to output: a pipeline read from top to bottom.',
    keys: [],
    snippet: `model {
  onehot
  ${stop(1, 'LSTM')}(${stop(2, '64')})
  dense
  softmax
}`,
  },
  train: {
    name: 'train',
    documentation: 'How the model learns: loss, optimizer, minibatches.',
    keys: trainKeys,
    snippet: `train {
  loss      = ${stop(1, 'cross_entropy')}
  optimizer = adam(lr = ${stop(2, '0.01')})
  batch     = ${stop(3, '32')}
  epochs    = ${stop(4, '10')}
  clip      = norm(5)
  seed      = 7
}`,
  },
};

export const blockNames = Object.keys(blocks) as readonly BlockName[];

export type LayerName = 'onehot' | 'embed' | 'dense' | 'softmax' | 'linear';

/** Layers that are not cells. */
export const layers: readonly (Option & { readonly name: LayerName })[] = [
  {
    name: 'onehot',
    documentation: 'Input layer for text: token → unit vector as wide as the vocabulary.',
    parameters: [],
  },
  {
    name: 'embed',
    documentation: 'Input layer for text: token → learnt vector.',
    parameters: [
      { name: 'size', value: positiveWhole, documentation: 'Width of the learnt vectors.', example: '32' },
    ],
  },
  {
    name: 'dense',
    documentation: 'W @ x + b, without a nonlinearity.',
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
    parameters: [],
  },
  {
    name: 'linear',
    documentation: 'Last layer of a regression: the values as they are.',
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
    parameters: [],
  },
  {
    name: 'orthogonal',
    documentation:
      'A random orthogonal matrix: a product with it keeps lengths, so that gradients neither vanish nor explode at first (Saxe et al. 2014).',
    parameters: [],
  },
  {
    name: 'normal',
    documentation: 'Normal with mean 0.',
    parameters: [
      { name: 'deviation', value: positive, documentation: 'Standard deviation.', example: '0.01' },
    ],
  },
  {
    name: 'uniform',
    documentation: 'Uniform in [−bound, bound].',
    parameters: [{ name: 'bound', value: positive, documentation: 'Largest magnitude.', example: '0.08' }],
  },
];

export interface FunctionDescription {
  /** Its definition. */
  readonly meaning: string;
  /** Its derivative in terms of its argument and value. */
  readonly derivative: string;
}

const elementwise: Readonly<Record<ElementwiseFunction, FunctionDescription>> = {
  sigmoid: {
    meaning: 'σ(x) = 1 / (1 + e⁻ˣ), in (0, 1)',
    derivative: "σ'(x) = σ(x) · (1 − σ(x)), at most 1/4",
  },
  tanh: {
    meaning: 'tanh(x) = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ), in (−1, 1)',
    derivative: "tanh'(x) = 1 − tanh²(x), at most 1",
  },
  relu: { meaning: 'relu(x) = max(0, x)', derivative: "relu'(x) = 1 where x > 0, else 0" },
  softplus: { meaning: 'softplus(x) = log(1 + eˣ), a smooth relu', derivative: "softplus'(x) = σ(x)" },
  exp: { meaning: 'exp(x) = eˣ', derivative: "exp'(x) = eˣ" },
  log: { meaning: 'log(x), the natural logarithm, of x > 0', derivative: "log'(x) = 1 / x" },
  sqrt: { meaning: 'sqrt(x) = √x, of x ≥ 0', derivative: "sqrt'(x) = 1 / (2 √x)" },
  abs: { meaning: 'abs(x) = |x|', derivative: "abs'(x) = sign(x), 0 at 0" },
};

/** Functions of equations. */
export const functions: Readonly<Record<FunctionName, FunctionDescription>> = {
  ...elementwise,
  softmax: {
    meaning: 'softmax(x)ᵢ = exp(xᵢ) / Σⱼ exp(xⱼ) over the units of a vector',
    derivative: '∂softmaxᵢ/∂xⱼ = softmaxᵢ · (δᵢⱼ − softmaxⱼ)',
  },
};

/** The cell's input, in every cell. */
export const inputName = 'x';

export function findLayer(name: string): (typeof layers)[number] | undefined {
  return layers.find((layer) => layer.name === name);
}

export function findInitialiser(name: string): (typeof initialisers)[number] | undefined {
  return initialisers.find((initialiser) => initialiser.name === name);
}

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(functions, name);
}
