import { describe } from 'node:test';
import { expectEach, fileWithCell } from './marked-text.ts';

describe('cells', () => {
  const lines = 'param W : [units, x] ~ glorot\nparam b : [units] = 0\n';
  expectEach('error', [
    [
      'unknown quantity',
      fileWithCell(`${lines}gate = sigmoid(W @ x + b)\nh = tanh(«gaet» * b)  + gate\noutput h`),
      'unknown-quantity',
      '`gaet` is neither a quantity nor a parameter of this cell. Did you mean `gate`?',
    ],
    [
      'state that no equation writes',
      fileWithCell(`${lines}h = W @ x + b + «memory»[t-1]\noutput h`),
      'unknown-quantity',
      /No equation defines the state `memory`/,
    ],
    [
      'function without parentheses',
      fileWithCell(`${lines}h = W @ x + b * «tanh»\noutput h`),
      'unknown-quantity',
      /`tanh` is a function: write `tanh\(…\)`/,
    ],
    [
      'unknown function',
      fileWithCell(`${lines}h = «sigmod»(W @ x + b)\noutput h`),
      'unknown-function',
      'There is no function `sigmod`. Did you mean `sigmoid`?',
    ],
    [
      'function with two arguments',
      fileWithCell(`${lines}h = tanh(W @ x + b, «b»)\noutput h`),
      'too-many-arguments',
      '`tanh` takes one argument: `v`.',
    ],
    [
      'reading itself',
      fileWithCell(`${lines}h = tanh(W @ x + b + «h»)\noutput h`),
      'equation-cycle',
      /its value one step ago is `h\[t-1\]`/,
    ],
    [
      'reading in a circle',
      fileWithCell(`${lines}c = W @ x + g\ng = b * «c»\noutput c`),
      'equation-cycle',
      /`c` → `g` → `c`/,
    ],
    [
      'reading the future',
      fileWithCell(`${lines}h = W @ x + b + «h[t+1]»\noutput h`),
      'invalid-delay',
      /cannot read the future/,
    ],
    [
      'delay of another index',
      fileWithCell(`${lines}h = W @ x + b + «h[s-1]»\noutput h`),
      'invalid-delay',
      /Expected `h\[t-1\]`/,
    ],
    [
      'delay of a half',
      fileWithCell(`${lines}h = W @ x + b + «h[t-0.5]»\noutput h`),
      'invalid-delay',
      /1, 2, … steps ago/,
    ],
    [
      'delayed parameter',
      fileWithCell(`${lines}h = W @ x + «b[t-1]»\noutput h`),
      'delayed-constant',
      /the same at every time step/,
    ],
    [
      'text in an equation',
      fileWithCell(`${lines}h = W @ x + b * «"two"»\noutput h`),
      'not-in-equation',
      /found `"two"`/,
    ],
    [
      'share in an equation',
      fileWithCell(`${lines}h = W @ x + b * «50%»\noutput h`),
      'not-in-equation',
      /found `50%`/,
    ],
    [
      'quantity twice',
      fileWithCell(`${lines}h = W @ x + b\n«h» = b\noutput h`),
      'duplicate-definition',
      '`h` is already defined in this cell, as a quantity.',
    ],
    [
      'quantity with the name of a parameter',
      fileWithCell(`${lines}h = W @ x + b\n«b» = h\noutput h`),
      'duplicate-definition',
      /as a parameter/,
    ],
    [
      'defining the input',
      fileWithCell(`${lines}«x» = 3\nh = W @ x + b\noutput h`),
      'reserved-name',
      /`x` is the cell's input/,
    ],
    [
      'missing output',
      fileWithCell(`${lines}h = W @ x + b + h[t-1]`, 'cell «A»(units)'),
      'missing-output',
      '`A` hands nothing on: add `output h` as its last line.',
    ],
    [
      'two outputs',
      fileWithCell(`${lines}h = W @ x + b\noutput h\n«output h»`),
      'duplicate-output',
      /one output/,
    ],
    [
      'output of a parameter',
      fileWithCell(`${lines}h = W @ x + b + h[t-1]\noutput «b»`),
      'unknown-quantity',
      /`b` is no quantity of this cell/,
    ],
    [
      'unknown initialiser',
      fileWithCell('param W : [units, x] ~ «gloro»\nh = W @ x\noutput h'),
      'unknown-value',
      /Did you mean `glorot`/,
    ],
    [
      'orthogonal vector',
      fileWithCell(`${lines}param q : [units] ~ «orthogonal»\nh = W @ x + b * q\noutput h`),
      'initialiser-shape',
      '`orthogonal` needs a matrix; `q` is a vector.',
    ],
    [
      'deviation of 0',
      fileWithCell(`${lines}param q : [units] ~ normal(«0»)\nh = W @ x + b * q\noutput h`),
      'out-of-range',
      /greater than 0/,
    ],
    [
      'parameter without a start',
      fileWithCell(`${lines}param «q» : [units]\nh = W @ x + b * q\noutput h`),
      'missing-initialiser',
      /Say how `q` starts/,
    ],
    [
      'parameter without a shape',
      fileWithCell(`${lines}param «q» = 1\nh = W @ x + b * q\noutput h`),
      'missing-shape',
      /needs a shape/,
    ],
    [
      'unknown size',
      fileWithCell('param W : [«unit», x] ~ glorot\nparam b : [units] = 0\nh = W @ x + b\noutput h'),
      'not-a-number',
      /Did you mean `units`/,
    ],
    [
      'shape with three sizes',
      fileWithCell(`${lines}param q : «[units, 2, 3]» = 0\nh = W @ x + b + q\noutput h`),
      'invalid-shape',
      /this shape has 3 sizes/,
    ],
    [
      'size that is not whole',
      fileWithCell(`${lines}param q : [«units / 3»] = 0\nh = W @ x + b + q\noutput h`),
      'invalid-size',
      /`units \/ 3` comes to 2.66/,
    ],
    [
      'initial value of nothing',
      fileWithCell(`${lines}initial «c» = 1\nh = W @ x + b\noutput h`),
      'unknown-quantity',
      /No equation defines `c`/,
    ],
  ]);

  expectEach('warning', [
    [
      'unused parameter',
      fileWithCell(`${lines}param «q» : [units] = 0\nh = W @ x + b\noutput h`),
      'unused-parameter',
      'Parameter `q` is never read.',
    ],
    [
      'unused quantity',
      fileWithCell(`${lines}«c» = b\nh = W @ x + b\noutput h`),
      'unused-quantity',
      'Quantity `c` is never read.',
    ],
    [
      'unused argument',
      fileWithCell(`${lines}h = W @ x + b\noutput h`, 'cell A(units, «bias» = 1)'),
      'unused-argument',
      'Argument `bias` is never read.',
    ],
    [
      'initial value without effect',
      fileWithCell(`${lines}initial «h» = 1\nh = W @ x + b\noutput h`),
      'unused-initial',
      /has no effect/,
    ],
  ]);
});
