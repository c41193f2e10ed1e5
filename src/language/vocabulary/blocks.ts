/** The blocks of a file. */
import { dataKeys } from './data-keys.ts';
import type { Block, BlockName } from './kinds.ts';
import { trainKeys } from './train-keys.ts';

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
