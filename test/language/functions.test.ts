/** Calls in equations: shapes, what does not fit, and what `affine` and `window` are written out to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { functions, signatureOf } from '../../src/language/vocabulary/functions.ts';
import { textOf } from './expression-text.ts';
import { analyzer, expectEach, fileOf, fileWithCell, uri } from './marked-text.ts';

async function cellOf(lines: string, head?: string) {
  const { diagnostics, models } = await analyzer.analyze(uri, fileWithCell(lines, head));
  assert.deepEqual(diagnostics, []);
  const [layer] = models[0]!.layers;
  assert.ok(layer?.kind === 'cell');
  return layer.cell;
}

/** Shape of `value` in a cell of 8 units over 3 inputs; `v` has 8 units, `s` is a scalar. */
async function shapeOf(value: string) {
  const cell = await cellOf(
    `v = affine(x, h[t-1])\ns = mean(v)\nq = ${value}\nh = v * s + norm(concat(q, 1))\noutput h`,
  );
  return cell.equations.find(({ name }) => name === 'q')!.shape;
}

describe('shapes of calls', () => {
  const rows: readonly (readonly [value: string, shape: readonly number[]])[] = [
    ...['sigmoid', 'tanh', 'relu', 'leaky_relu', 'elu', 'softplus', 'hard_sigmoid', 'hard_tanh'].map(
      (name) => [`${name}(v)`, [8]] as const,
    ),
    ...['exp', 'log', 'sqrt', 'abs'].map((name) => [`${name}(s)`, []] as const),
    ['leaky_relu(v, slope = 0.2)', [8]],
    ['prelu(v, s)', [8]],
    ['elu(v, 2)', [8]],
    ['min(1, v, s)', [8]],
    ['max(s, 0)', []],
    ['softmax(v)', [8]],
    ['maxout(v, 2)', [4]],
    ['concat(v, x, s)', [12]],
    ['window(x, 4)', [12]],
    ['window(h[t-1], 2)', [16]],
    ['window(x, 1)', [3]],
    ['affine(x)', [8]],
    ['affine(x, h[t-1], v, units = 2)', [2]],
    ['norm(v)', []],
    ['sum(v)', []],
    ['mean(x)', []],
  ];
  for (const [value, shape] of rows) {
    it(`${value} has ${JSON.stringify(shape)}`, async () => assert.deepEqual(await shapeOf(value), shape));
  }

  it('knows every function of the table', () => {
    const tested = rows.map(([value]) => value.slice(0, value.indexOf('(')));
    assert.deepEqual(new Set(tested), new Set(Object.keys(functions)));
  });
});

describe('calls that do not fit', () => {
  const lines = (value: string) => `v = affine(x, h[t-1])\nh = tanh(v) + sum(${value})\noutput h`;
  expectEach('error', [
    ['too few', fileWithCell(lines('«max(v)»')), 'missing-argument', /`max` needs `b`/],
    ['not a constant', fileWithCell(lines('maxout(v, «v»)')), 'not-a-number', /found `v`/],
    ['not whole', fileWithCell(lines('maxout(v, «2.5»)')), 'out-of-range', /whole number of at least 2/],
    [
      'parts that do not come out',
      fileWithCell(lines('maxout(«v», 3)')),
      'shape-mismatch',
      /3 equal parts.*8 units/,
    ],
    ['slope out of range', fileWithCell(lines('leaky_relu(v, «1»)')), 'out-of-range', /below 1/],
    [
      'unknown argument',
      fileWithCell(lines('leaky_relu(v, «slop» = 0)')),
      'unknown-argument',
      /Did you mean `slope`/,
    ],
    [
      'vectors of two sizes',
      fileWithCell(lines('min(v, «x»)')),
      'shape-mismatch',
      /x \[3\] has 3 units, what comes before it 8/,
    ],
    ['softmax of a scalar', fileWithCell(lines('softmax(«norm(v)»)')), 'shape-mismatch', /is a scalar/],
    [
      'window of an expression',
      fileWithCell(lines('window(«v * 2», 3)')),
      'window-of-expression',
      /`v \* 2` an equation/,
    ],
    [
      'window of a parameter',
      fileWithCell(`param b : [units] = 0\n${lines('window(«b», 2)')}`),
      'window-of-expression',
      /one quantity/,
    ],
    ['affine of a scalar', fileWithCell(lines('affine(«norm(v)»)')), 'shape-mismatch', /multiplies vectors/],
    [
      'affine that cannot tell its units',
      fileWithCell('h = tanh(«affine(x)»)\noutput h', 'cell A', 'A'),
      'missing-argument',
      /add `units = …` to it/,
    ],
    [
      'affine whose parameter is there already',
      fileWithCell('param W_h : [units, x] ~ glorot\nh = tanh(W_h @ x + «affine(x)»)\noutput h'),
      'duplicate-definition',
      /makes a parameter `W_h`/,
    ],
    [
      'initial parameter of another size',
      fileWithCell('param h0 : [x] = 0\ninitial h = «h0»\nh = affine(x, h[t-1])\noutput h'),
      'shape-mismatch',
      /cannot start from `h0`, a vector \[3\]: declare `param h0 : \[8\]`/,
    ],
  ]);
});

describe('affine and window', () => {
  it('own weights and biases named after their quantity', async () => {
    const cell = await cellOf(
      'f = sigmoid(affine(x, h[t-1], bias = 1))\nh = f * tanh(affine(x, f * h[t-1])) + affine(x, units = 8)\noutput h',
    );
    const rows = cell.parameters.map(({ name, shape, initialiser }) => [name, shape, initialiser]);
    assert.deepEqual(rows, [
      ['W_f', [8, 3], { kind: 'glorot' }],
      ['U_f', [8, 8], { kind: 'orthogonal' }],
      ['b_f', [8], { kind: 'constant', value: 1 }],
      ['W_h', [8, 3], { kind: 'glorot' }],
      ['U_h', [8, 8], { kind: 'orthogonal' }],
      ['b_h', [8], { kind: 'constant', value: 0 }],
      ['W_h_2', [8, 3], { kind: 'glorot' }],
      ['b_h_2', [8], { kind: 'constant', value: 0 }],
    ]);
    assert.equal(textOf(cell.equations[0]!.value), 'sigmoid((((W_f @ x) + (U_f @ h[t-1])) + b_f))');
  });

  it('look back at several values of a quantity', async () => {
    const cell = await cellOf(
      'param W : [units, 2 * x + units] ~ glorot\nh = W @ concat(window(x, 2), h[t-1])\noutput h',
    );
    assert.equal(textOf(cell.equations[0]!.value), '(W @ concat(concat(x, x[t-1]), h[t-1]))');
  });

  it('start a state from zeros, ones or a trained parameter', async () => {
    const cell = await cellOf(
      'param h0 : [units] = 0\ninitial h = h0\ninitial c = ones\nc = c[t-1] + h[t-1]\nh = affine(x, c)\noutput h',
    );
    assert.deepEqual(
      [...cell.initial],
      [
        ['h', { kind: 'parameter', name: 'h0' }],
        ['c', { kind: 'constant', value: 1 }],
      ],
    );
  });

  it('count a vocabulary that is not known yet', async () => {
    const { models, diagnostics } = await analyzer.analyze(
      uri,
      fileOf({
        cell: 'cell A(units) {\n  param W : [units, units + x] ~ glorot\n  h = tanh(W @ concat(x, h[t-1]))\n  output h\n}',
        model: 'model {\n  onehot\n  A(4)\n  dense\n  softmax\n}',
      }),
    );
    assert.deepEqual(diagnostics, []);
    const layer = models[0]!.layers[1]!;
    assert.ok(layer.kind === 'cell');
    assert.deepEqual(layer.cell.parameters[0]!.shape, [4, 'vocabulary + 4']);
  });
});

describe('signatures', () => {
  it('name arguments and defaults', () => {
    assert.equal(signatureOf('leaky_relu'), 'leaky_relu(v, slope = 0.01)');
    assert.equal(signatureOf('concat'), 'concat(a, b, …)');
    assert.equal(signatureOf('affine'), 'affine(u, v?, w?, units?, bias = 0)');
  });
});
