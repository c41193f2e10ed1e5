/** Texts to begin with, as snippets in the LSP's syntax. */
export interface Template {
  readonly name: string;
  readonly documentation: string;
  readonly snippet: string;
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

/** Lines of a cell. */
export const gateTemplate: Template = {
  name: 'gate',
  documentation: 'A gate: its equation and its parameters.',
  snippet: `param W_\${1:i} : [\${2:units}, x]     ~ glorot
param U_$1 : [$2, $2] ~ orthogonal
param b_$1 : [$2]        = 0

$1 = sigmoid(W_$1 @ x + U_$1 @ h[t-1] + b_$1)`,
};
