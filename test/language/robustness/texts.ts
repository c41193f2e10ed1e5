/** Whole texts to begin with, and the files that they need beside them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { everything, sources } from '../editor/sources.ts';
import { fileOf, fileWithCell, regression } from '../marked-text.ts';

/** Right, and something of all that is checked: imports, several blocks of a kind, groups of layers, every function. */
const complete = `import "cells.rnn"

let n = 6
let rate = 10%

data words {
  source = text("shakespeare.txt")
  window = 20
}

data wave {
  source    = csv("wave.csv")
  inputs    = ["value"]
  targets   = ["value"]
  horizon   = 2
  normalize = minmax
  window    = 24
  split     = holdout(train = 70%, dev = 15%)
}

cell Many(units, taps = 2, slope = 0.1) {
  param U  : [2 * units, taps * x] ~ uniform(0.2)
  param V  : [units, 2 * units + 1] ~ lecun
  param s  : []      ~ zeros
  param h0 : [units] = 0

  initial h = h0
  a = maxout(U @ window(x, taps), 2)
  k = norm(a) + mean(h[t-2]) - sum(a) / 3
  m = max(0.1, hard_tanh(a), prelu(a, s)) + min(elu(a, 0.5), sqrt(abs(k)))
  f = hard_sigmoid(affine(x, h[t-1])) * softplus(log(exp(k)))
  h = leaky_relu(V @ concat(m, k, h[t-1]), slope) * -f + softmax(relu(m)) # all in one
  output h
}

model reader {
  embed(n)
  repeat(2) {
    residual {
      Gated(n)
      dropout(rate)
    }
  }
  LSTM(n, recurrent_dropout = 20%)
  layer_norm
  tie
  softmax
}

model forecast {
  Many(n, taps = 3)
  Plain(units = n)
  dense
  linear
}

train reads {
  model     = reader
  data      = words
  loss      = cross_entropy
  optimizer = adam(lr = 0.01, beta1 = .9)
  batch     = 16
  seed      = 7
}

train forecasts {
  model     = forecast
  data      = wave
  loss      = mse
  optimizer = sgd(lr = 0.01)
  batch     = 8
  clip      = norm(1)
}
`;

/** By the name of the file; these lie beside each other. */
export const texts: ReadonlyMap<string, string> = new Map([
  ...sources,
  ['everything.rnn', everything],
  ['complete.rnn', complete],
  [
    'sequence.rnn',
    fileOf({
      model: 'model {\n  onehot\n  bidirectional(GRU(8), merge = sum)\n  last\n  dense\n  softmax\n}',
    }),
  ],
  ['table.rnn', fileOf(regression)],
  ['windows.rnn', fileOf(regression).replaceAll('\n', '\r\n')],
  [
    'cell.rnn',
    fileWithCell(
      'param W : [units, x] ~ normal(0.1)\ninitial h = 1\nh = -W @ x[t-2] / (h[t-1] + 2)\noutput h',
    ),
  ],
]);

const dataFiles = {
  'shakespeare.txt': 'To be, or not to be',
  'a.txt': 'To be, or not to be',
  'wave.csv': 'value\n1\n2\n',
  'a.csv': 'a,b,c,p,q,r\n1,2,3,4,5,6\n',
};

/** Puts all of them into a folder. */
export function writeTexts(folder: string): void {
  for (const [name, text] of [...texts, ...Object.entries(dataFiles)])
    writeFileSync(join(folder, name), text);
}
