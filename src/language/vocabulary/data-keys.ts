/** The keys of `data`. */
import { type Key, plain, positiveWhole } from './kinds.ts';

export const dataKeys: readonly Key[] = [
  {
    name: 'source',
    value: {
      kind: 'choice',
      options: [
        {
          name: 'text',
          documentation: 'A UTF-8 text; the model learns which token comes next.',
          example: 'text("shakespeare.txt")',
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
          example: 'csv("wave.csv")',
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
          example: 'holdout(train = 80%, dev = 10%, test = 10%)',
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
