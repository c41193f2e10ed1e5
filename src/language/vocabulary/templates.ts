/** Texts to begin with, as snippets in the LSP's syntax. */
import type { BlockName } from './kinds.ts';

export interface Template {
  readonly name: string;
  readonly documentation: string;
  readonly snippet: string;
  /** What typing is compared with; by default the name. */
  readonly filter?: string;
}

/** Whole files. */
export const fileTemplates: readonly Template[] = [
  {
    name: 'text model',
    documentation: 'A whole file: which character comes next?',
    snippet: `data \${1:name} {
  source = text("\${2:file.txt}")
  tokens = char
  window = \${3:50}
  split  = holdout(train = 80%, dev = 10%, test = 10%)
}

model {
  onehot
  \${4:LSTM}(\${5:64})
  dense
  softmax
}

train {
  loss      = cross_entropy
  optimizer = adam(lr = \${6:0.01})
  batch     = \${7:32}
  epochs    = \${8:10}
  clip      = norm(5)
  seed      = 7
}`,
  },
  {
    name: 'regression model',
    documentation: 'A whole file: which numbers come next in a CSV file?',
    snippet: `data \${1:name} {
  source    = csv("\${2:file.csv}")
  inputs    = ["\${3:value}"]
  targets   = ["\${4:value}"]
  horizon   = \${5:1}
  normalize = zscore
  window    = \${6:24}
  split     = holdout(train = 80%, dev = 10%, test = 10%)
}

model {
  \${7:GRU}(\${8:32})
  dense
  linear
}

train {
  loss      = mse
  optimizer = adam(lr = \${9:0.01})
  batch     = \${10:16}
  epochs    = \${11:10}
  clip      = norm(1)
  seed      = 7
}`,
  },
];

/** Blocks as they are usual with a CSV file, where they differ from those for a text. */
export const regressionBlocks: Partial<Record<BlockName, string>> = {
  model: `model {
  \${1:GRU}(\${2:32})
  dense
  linear
}`,
  train: `train {
  loss      = mse
  optimizer = adam(lr = \${1:0.01})
  batch     = \${2:16}
  epochs    = \${3:10}
  clip      = norm(1)
  seed      = 7
}`,
};

export const emptyCell: Template = {
  name: 'cell empty',
  documentation: 'A cell without equations.',
  snippet: `cell \${1:Name}(\${2:units}) {
  $0
  output \${3:h}
}`,
};

/** Lines of a cell: an equation with its parameters. */
export const equationTemplates: readonly Template[] = [
  affineTemplate('gate', 'A gate, in (0, 1), with its parameters.', 'sigmoid', 'i'),
  affineTemplate(
    'candidate',
    'What could become the new state, in (−1, 1), with its parameters.',
    'tanh',
    'g',
  ),
];

function affineTemplate(name: string, documentation: string, squash: string, quantity: string): Template {
  return {
    name,
    documentation,
    snippet: `param W_\${1:${quantity}} : [\${2:units}, x]     ~ glorot
param U_$1 : [$2, $2] ~ orthogonal
param b_$1 : [$2]        = 0

$1 = ${squash}(W_$1 @ x + U_$1 @ h[t-1] + b_$1)`,
  };
}
