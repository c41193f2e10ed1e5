/** What the language's tools are tried on, and its parser without an editor. */
import { readdirSync, readFileSync } from 'node:fs';
import { createParserServices } from '../../../src/language/analyze.ts';
import { prelude } from '../marked-text.ts';

const folder = new URL('../../../examples/', import.meta.url);

/** Examples and the prelude, by name. */
export const sources: ReadonlyMap<string, string> = new Map([
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.rnn'))
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const),
  ['prelude.rnn', prelude.text],
]);

/** Something of everything that can be written. */
export const everything = `# A file with all there is.
import "cells.rnn"

let n     = 64
let width = 2 * n  # units

# Where it comes from.
data shakespeare {
  source = text("a.txt")
  window = 20
  split  = holdout(train = 80%, dev = 10%, test = 10%)
}

cell Own(units, forget_bias = 1) {
  param W, V_candidate : [units, x]         ~ glorot
  # The recurrent weights.
  param U              : [units, 2 * units] ~ normal(0.5)
  param s              : []                 = 0.5
  param b              : [units]            = forget_bias  # a vector

  initial h = -0.5
  f = sigmoid(affine(x, h[t-1]))
  g = tanh(W @ x[t-2] + U @ concat(h[t-1], f)
    + b * (1 - f) / 2)
  h = f * h[t-1]
    - -s * g  # the sum of
    + leaky_relu(
      V_candidate @ x,
      slope = 1e-2
    )
  output h
}

model deep {
  embed(width)
  # Twice the same.
  repeat(2) {
    residual {
      Own(n, forget_bias = -2)
      dropout(10%)  # while training
    }
  }

  bidirectional(LSTM(n), merge = sum)
  dense
  softmax
}

train short {
  model     = deep
  loss      = cross_entropy
  optimizer = adam(lr = 0.01, beta1 = .9)
  batch     = 16
}
`;

/** Lexer and parser, without an editor. */
export const { parser } = createParserServices();
