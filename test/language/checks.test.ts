import { describe, it } from 'node:test';
import { csvData, expectDiagnostics, fileOf, fileWithCell, regression } from './marked-text.ts';

type Row = readonly [what: string, marked: string, code: string, message: RegExp | string];

function errors(rows: readonly Row[]): void {
  for (const [what, marked, code, message] of rows) {
    it(what, () => expectDiagnostics(marked, [['error', code, message]]));
  }
}

const data = (lines: string) => fileOf({ data: `data d {\n  source = text("a.txt")\n${lines}\n}` });
const csv = (lines: string) =>
  fileOf({ ...regression, data: `data d {\n  source = csv("a.csv")\n${lines}\n}` });
const train = (lines: string) => fileOf({ train: `train {\n${lines}\n}` });
const model = (lines: string) => fileOf({ model: `model {\n${lines}\n}` });

describe('a file without errors', () => {
  it('has no diagnostics', () => expectDiagnostics(fileOf(), []));
  it('can be a library of cells', () =>
    expectDiagnostics('cell A(units) { param b : [units] = 0  h = h[t-1] + b  output h }', []));
  it('can be empty', () => expectDiagnostics('', []));
  it('can use words of the language as names of arguments', () =>
    expectDiagnostics(data('  window = 5\n  split = holdout(train = 90%, test = 10%)'), []));
});

describe('settings', () => {
  errors([
    [
      'unknown key',
      data('  window = 5\n  «widnow» = 5'),
      'unknown-key',
      'There is no key `widnow` here. Did you mean `window`?',
    ],
    [
      'unknown key, nothing near',
      train('loss = cross_entropy optimizer = adam batch = 4\n«colour» = 3'),
      'unknown-key',
      /The keys of this block are: `loss`, `optimizer`/,
    ],
    ['duplicate key', data('  window = 5\n  «window» = 6'), 'duplicate-key', /`window` is set twice/],
    [
      'missing key',
      fileOf({ data: '«data» d {\n  source = text("a.txt")\n}' }),
      'missing-key',
      '`data` needs `window`: add `window = 50`.',
    ],
    [
      'key of the other source',
      data('  window = 5\n  «horizon» = 2'),
      'key-not-applicable',
      '`horizon` belongs to `csv(…)` data; this block reads `text(…)`.',
    ],
    [
      'source without a file',
      fileOf({ data: 'data d {\n  source = «text»\n  window = 5\n}' }),
      'missing-argument',
      '`text` needs `file`: `text(file = …)`.',
    ],
    [
      'source with a number',
      fileOf({ data: 'data d {\n  source = text(«3»)\n  window = 5\n}' }),
      'not-a-text',
      /in quotes, found `3`/,
    ],
    [
      'source with an empty text',
      fileOf({ data: 'data d {\n  source = text(«""»)\n  window = 5\n}' }),
      'empty-text',
      /this text is empty/,
    ],
    ['text for a number', data('  window = «"long"»'), 'not-a-number', 'Expected a number, found `"long"`.'],
    ['share for a number', data('  window = «80%»'), 'not-a-number', /found the share `80%`/],
    ['name for a number', data('  window = «long»'), 'not-a-number', 'Expected a number, found `long`.'],
    [
      'window of 0',
      data('  window = «0»'),
      'out-of-range',
      'Expected a whole number of at least 1, found `0`.',
    ],
    [
      'batch of a half',
      train('loss = cross_entropy optimizer = adam batch = «2.5»'),
      'out-of-range',
      'Expected a whole number of at least 1, found `2.5`.',
    ],
    [
      'negative seed',
      train('loss = cross_entropy optimizer = adam batch = 4 seed = «-1»'),
      'out-of-range',
      /of at least 0, found `-1`/,
    ],
    [
      'clip at 0',
      train('loss = cross_entropy optimizer = adam batch = 4 clip = norm(«0»)'),
      'out-of-range',
      'Expected a number greater than 0, found `0`.',
    ],
    [
      'decay of 1',
      train('loss = cross_entropy optimizer = adam(beta1 = «1») batch = 4'),
      'out-of-range',
      /of at least 0 and below 1/,
    ],
    [
      'a number too large',
      train('loss = cross_entropy optimizer = sgd(lr = «1e999») batch = 4'),
      'out-of-range',
      /too large/,
    ],
    [
      'division by zero',
      train('loss = cross_entropy optimizer = sgd(lr = «1 / 0») batch = 4'),
      'out-of-range',
      /not a finite number/,
    ],
    [
      'unknown loss',
      train('loss = «cross_entrpy» optimizer = adam batch = 4'),
      'unknown-value',
      'There is no `cross_entrpy` here. Did you mean `cross_entropy`?',
    ],
    [
      'unknown optimizer',
      train('loss = cross_entropy optimizer = «rmsprop»(lr = 1) batch = 4'),
      'unknown-value',
      /Values that can stand here: `sgd`, `adam`/,
    ],
    [
      'number for an optimizer',
      train('loss = cross_entropy optimizer = «3» batch = 4'),
      'unknown-value',
      'Expected `sgd(lr = 0.1)` or `adam(lr = 0.01)`, found `3`.',
    ],
    [
      'unknown argument',
      train('loss = cross_entropy optimizer = adam(«l» = 1) batch = 4'),
      'unknown-argument',
      /`adam` has no argument `l`/,
    ],
    [
      'argument given twice',
      train('loss = cross_entropy optimizer = adam(lr = 1, «lr = 2») batch = 4'),
      'duplicate-argument',
      '`lr` is given twice.',
    ],
    [
      'argument without a name after one with',
      train('loss = cross_entropy optimizer = adam(lr = 1, «2») batch = 4'),
      'positional-after-named',
      /come before/,
    ],
    [
      'too many arguments',
      train('loss = cross_entropy optimizer = sgd(1, «2») batch = 4'),
      'too-many-arguments',
      '`sgd` takes one argument: `lr`.',
    ],
    [
      'missing argument',
      train('loss = cross_entropy optimizer = «sgd» batch = 4'),
      'missing-argument',
      /needs `lr`/,
    ],
    [
      'split over 100%',
      data('  window = 5\n  split = «holdout(train = 90%, dev = 20%)»'),
      'split-over-100',
      'The shares add up to 110%; together they can be at most 100%.',
    ],
    [
      'share over 100%',
      data('  window = 5\n  split = holdout(train = «80»)'),
      'out-of-range',
      /Did you mean `80%`/,
    ],
    [
      'share that is no number',
      data('  window = 5\n  split = holdout(train = «most»)'),
      'not-a-share',
      /such as `80%`, found `most`/,
    ],
    [
      'nothing to train on',
      data('  window = 5\n  split = «holdout(train = 0%)»'),
      'empty-train-share',
      /nothing is left to learn from/,
    ],
    [
      'columns that are no list',
      csv('  inputs = «"a"»\n  targets = ["b"]\n  window = 5'),
      'not-a-list',
      /Expected column names such as/,
    ],
    [
      'a column that is no text',
      csv('  inputs = [«3»]\n  targets = ["b"]\n  window = 5'),
      'not-a-text',
      /the name of a column/,
    ],
    [
      'a column twice',
      csv('  inputs = ["a", «"a"»]\n  targets = ["b"]\n  window = 5'),
      'duplicate-column',
      /already in this list/,
    ],
  ]);
  it('accepts shares that miss 1 by rounding', () =>
    expectDiagnostics(data('  window = 5\n  split = holdout(train = 70%, dev = 20%, test = 10%)'), []));
});

describe('blocks', () => {
  errors([
    [
      'second data block',
      fileOf({ cell: '«data» e {\n  source = text("b")\n  window = 1\n}' }),
      'duplicate-block',
      /A file has one `data` block/,
    ],
    [
      'missing block',
      fileOf({ train: '' }).replace('data d', '«data» d'),
      'missing-block',
      /There is a `data` block and no `train` block/,
    ],
    [
      'second cell of a name',
      fileOf({ cell: 'cell A { h = x output h }\ncell «A» { h = x output h }' }),
      'duplicate-definition',
      /already a cell `A`/,
    ],
    [
      'cell with the name of a layer',
      fileOf({ cell: 'cell «dense» { h = x output h }' }),
      'reserved-name',
      /`dense` is a built-in layer/,
    ],
  ]);
});

describe('models', () => {
  errors([
    ['no layers', fileOf({ model: '«model» { }' }), 'empty-model', /no layers/],
    [
      'misspelt cell',
      model('onehot «Lstm»(8) dense softmax'),
      'unknown-layer',
      'There is no cell or layer `Lstm`. Did you mean `LSTM`?',
    ],
    ['misspelt layer', model('onehot LSTM(8) «dnse» softmax'), 'unknown-layer', /Did you mean `dense`/],
    [
      'missing size',
      model('onehot «LSTM» dense softmax'),
      'missing-argument',
      '`LSTM` needs `units`: `LSTM(units = …)`.',
    ],
    [
      'unknown argument of a cell',
      model('onehot LSTM(8, «forget_bais» = 1) dense softmax'),
      'unknown-argument',
      /Did you mean `forget_bias`/,
    ],
    [
      'too many arguments of a cell',
      model('onehot Elman(8, «9») dense softmax'),
      'too-many-arguments',
      '`Elman` takes one argument: `units`.',
    ],
    [
      'size of a half',
      model('onehot LSTM(«2.5») dense softmax'),
      'invalid-size',
      /`units` is a size in `LSTM`: expected a whole number of at least 1, found `2.5`/,
    ],
    [
      'argument of a layer that takes none',
      model('onehot(«3») LSTM(8) dense softmax'),
      'too-many-arguments',
      '`onehot` takes no arguments.',
    ],
    ['width of 0', model('embed(«0») LSTM(8) dense softmax'), 'out-of-range', /at least 1/],
    [
      'text without a lookup',
      model('«LSTM»(8) dense softmax'),
      'missing-lookup',
      /starts with `onehot` or `embed\(n\)`/,
    ],
    [
      'lookup in the middle',
      model('onehot «embed»(3) dense softmax'),
      'lookup-not-first',
      /can only be the first layer/,
    ],
    [
      'lookup on numbers',
      fileOf({ ...regression, model: 'model { «onehot» GRU(8) dense linear }' }),
      'lookup-on-numbers',
      /Leave it out/,
    ],
    [
      'no output layer',
      model('onehot LSTM(8) «dense»'),
      'missing-output-layer',
      /is `softmax`, for `cross_entropy`; add it after `dense`/,
    ],
    [
      'layer after the output',
      model('onehot LSTM(8) dense softmax «dense»'),
      'layer-after-output',
      '`softmax` is an output layer; nothing comes after it.',
    ],
    [
      'wrong output layer',
      model('onehot LSTM(8) dense «linear»'),
      'output-does-not-fit-loss',
      '`cross_entropy` needs `softmax` as the last layer, not `linear`.',
    ],
    [
      'wrong width before softmax',
      model('onehot LSTM(8) «softmax»'),
      'width-mismatch',
      /receives 8 units and needs as many as the vocabulary has tokens/,
    ],
    [
      'wrong width before linear',
      fileOf({ ...regression, model: 'model { GRU(8) «linear» }' }),
      'width-mismatch',
      /receives 8 units and needs one for each target column: 1/,
    ],
    [
      'loss that does not fit the data',
      fileOf({
        data: csvData,
        model: 'model { GRU(8) dense(1) softmax }',
        train: 'train { loss = «cross_entropy» optimizer = adam batch = 4 }',
      }),
      'loss-does-not-fit-data',
      /write `loss = mse`/,
    ],
  ]);
});

describe('cells', () => {
  const lines = 'param W : [units, x] ~ glorot\nparam b : [units] = 0\n';
  errors([
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
      fileWithCell(`${lines}h = «tanh(W @ x, b)»\noutput h`),
      'wrong-argument-count',
      '`tanh` takes one argument, found 2.',
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

  const warnings: readonly Row[] = [
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
  ];
  for (const [what, marked, code, message] of warnings) {
    it(what, () => expectDiagnostics(marked, [['warning', code, message]]));
  }
});

describe('shapes', () => {
  errors([
    [
      'product of the wrong size',
      fileWithCell('param W : [64, 32] ~ glorot\nparam b : [48] = 0\nh = W «@» b\noutput h', 'cell A', 'A'),
      'shape-mismatch',
      '`@` cannot multiply W [64, 32] by b [48]: the matrix has 32 columns and the vector 48 units.',
    ],
    [
      'product with the input',
      fileWithCell('param W : [units, units] ~ glorot\nh = W «@» x\noutput h'),
      'shape-mismatch',
      /W \[8, 8\] by x \[3\]: the matrix has 8 columns and the vector 3 units/,
    ],
    [
      'product with a state',
      fileWithCell(
        'param W : [units, x] ~ glorot\nparam U : [units, 48] ~ glorot\nh = W @ x + U «@» h[t-1]\noutput h',
      ),
      'shape-mismatch',
      /U \[8, 48\] by h\[t-1\] \[8\]/,
    ],
    [
      'vector on the left',
      fileWithCell('param b : [3] = 0\nh = b «@» x\noutput h', 'cell A', 'A'),
      'shape-mismatch',
      /needs a matrix on its left; b is a vector \[3\]/,
    ],
    [
      'scalar on the right',
      fileWithCell('param W : [units, x] ~ glorot\nh = W «@» 3 + W @ x\noutput h'),
      'shape-mismatch',
      /needs a vector on its right; 3 is a scalar/,
    ],
    [
      'sum of different sizes',
      fileWithCell('param W : [units, x] ~ glorot\nh = W @ x «+» x\noutput h'),
      'shape-mismatch',
      /`\+` cannot combine W @ x \[8\] with x \[3\].*one side has 8 units, the other 3/,
    ],
    [
      'matrix in a sum',
      fileWithCell('param W : [units, x] ~ glorot\nh = W @ x + 2 * «W»\noutput h'),
      'matrix-outside-product',
      /The matrix `W` \[8, 3\] can only stand on the left of `@`/,
    ],
    [
      'softmax of a scalar',
      fileWithCell('param a : [] = 0\nh = x * softmax(«a»)\noutput h', 'cell A', 'A'),
      'shape-mismatch',
      /normalises over the units of a vector; a is a scalar/,
    ],
    [
      'scalar output',
      fileWithCell('n = n[t-1] + 1\noutput «n»', 'cell A', 'A'),
      'output-not-vector',
      /`n` is a scalar/,
    ],
  ]);
  it('says once what is wrong in two uses of a cell', () =>
    expectDiagnostics(
      fileOf({
        ...regression,
        cell: 'cell A(units) {\n  param W : [units, 7] ~ glorot\n  h = W «@» x\n  output h\n}',
        model: 'model {\n  A(2)\n  A(2)\n  dense\n  linear\n}',
      }),
      [['error', 'shape-mismatch', /7 columns and the vector 2 units/]],
    ));
  it('warns in a cell that no model uses, where symbols may turn out equal', () =>
    expectDiagnostics(
      'cell A(units) {\n  param U : [units, units] ~ orthogonal\n  h = U «@» x\n  output h\n}',
      [['warning', 'shape-mismatch', /This fits only where `units` equals `x`/]],
    ));
});
