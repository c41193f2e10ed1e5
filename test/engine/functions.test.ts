/** Every function of the language and every initial state, on every backend, against the reference. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { functions } from '../../src/language/vocabulary/functions.ts';
import { manyFunctions } from '../support/cells.ts';
import { backend, backendNames, createTestRun } from '../support/engine.ts';
import { checkIteration, table, tableModel, text, textModel } from './gradient-checks.ts';

interface FunctionRow {
  /** A vector of `units` over a vector v. */
  readonly of: (v: string) => string;
  readonly parameters?: string;
}

const vectors = 'param p, q : [units] ~ normal(0.5)';
const scalars = 'param s : [] = 0.3  param r : [] = -0.2';

const rows: readonly FunctionRow[] = [
  ...['sigmoid', 'tanh', 'relu', 'softplus', 'hard_sigmoid', 'hard_tanh', 'exp', 'abs', 'softmax'].map(
    (name) => ({ of: (v: string) => `${name}(${v})` }),
  ),
  { of: (v) => `hard_sigmoid(9 * ${v}) + hard_tanh(4 * ${v})` },
  { of: (v) => `log(1.5 + abs(${v}))` },
  { of: (v) => `sqrt(0.5 + ${v} * ${v})` },
  { of: (v) => `leaky_relu(${v})` },
  { of: (v) => `leaky_relu(${v}, 0.3)` },
  { of: (v) => `elu(${v})` },
  { of: (v) => `elu(${v}, 0.4)` },
  { of: (v) => `prelu(${v}, p)`, parameters: vectors },
  { of: (v) => `prelu(${v}, r)`, parameters: scalars },
  { of: (v) => `prelu(r, p) * ${v}`, parameters: `${vectors} ${scalars}` },
  { of: (v) => `max(${v}, p)`, parameters: vectors },
  { of: (v) => `min(${v}, p, q)`, parameters: vectors },
  { of: (v) => `max(r, s, ${v})`, parameters: scalars },
  { of: (v) => `min(0.5, ${v}, s, p)`, parameters: `${vectors} ${scalars}` },
  { of: (v) => `max(r, s) * ${v} + min(s, 0.1)`, parameters: scalars },
  { of: (v) => `max(min(${v}, ${v}), sum(p))`, parameters: vectors },
  { of: (v) => `maxout(concat(${v}, p), 2)`, parameters: vectors },
  { of: (v) => `maxout(M @ ${v}, 3)`, parameters: 'param M : [3 * units, units] ~ he' },
  { of: (v) => `C @ concat(${v}, s)`, parameters: `${scalars} param C : [units, units + 1] ~ lecun` },
  { of: (v) => `C @ concat(0.5, p, ${v})`, parameters: `${vectors} param C : [units, 2 * units + 1] ~ he` },
  { of: (v) => `C @ concat(${v}, ${v})`, parameters: 'param C : [units, 2 * units] ~ lecun' },
  { of: (v) => `maxout(C @ ${v}, 2)`, parameters: 'param C : [2 * units, units] ~ lecun' },
  { of: (v) => `${v} / (0.1 + norm(${v}))` },
  { of: (v) => `norm(p) * ${v}`, parameters: vectors },
  { of: (v) => `sum(${v}) * p`, parameters: vectors },
  { of: (v) => `${v} - mean(${v})` },
  { of: (v) => `${v} * (sum(p) + mean(q))`, parameters: vectors },
  { of: (v) => `affine(${v}, units = units)` },
];

/** In the loop over time, under a name of its own, and outside of the loop, in the midst of an equation. */
function cellsOf({ of, parameters = '' }: FunctionRow): string {
  return `cell Recurrent(units) {
    param W : [units, x] ~ glorot
    param U : [units, units] ~ orthogonal
    param b : [units] ~ normal(0.3)
    ${parameters}
    f = ${of('(W @ x + U @ h[t-1] + b)')}
    h = tanh(0.5 * f)
    output h
  }
  cell Hoisted(units) {
    param W : [units, x] ~ glorot
    param b : [units] ~ normal(0.3)
    ${parameters}
    h = tanh(0.5 * h[t-1] + 0.3 * ${of('(W @ x + b)')})
    output h
  }`;
}

const written = rows.map((row) => row.of('v')).join(' ');

test('every function has a row', () => {
  // `window` is a concat of delayed quantities, which has rows of its own.
  const missing = Object.keys(functions).filter((name) => !written.includes(`${name}(`));
  assert.deepEqual(missing, ['window']);
});

interface Case {
  readonly what: string;
  readonly model: string;
  readonly data: string;
}

/** The last of these cells has one unit, where a vector is as long as a scalar. */
const functionCases = rows.map(
  (row): Case => ({
    what: row.of('v'),
    model: tableModel('Recurrent(4) Hoisted(3) Recurrent(1) dense linear', cellsOf(row)),
    data: table,
  }),
);

function cell(lines: string): string {
  return `cell Cell(units) {
    param W : [units, x] ~ glorot
    param U : [units, units] ~ orthogonal
    ${lines}
    output h
  }`;
}

const vectorStart = 'param h0 : [units] ~ normal(0.7)  initial h = h0';
const scalarStart = 'param h0 : [] = 0.6  initial h = h0';

const cellCases: readonly (readonly [what: string, layers: string, lines: string])[] = [
  [
    'a window of a state',
    'Cell(4) dense linear',
    'param D : [units, 3 * units] ~ glorot  h = tanh(W @ x + D @ window(h[t-1], 3))',
  ],
  [
    'a window of the input that is longer than the data',
    'Cell(3) Cell(2) dense linear',
    'param D : [units, 7 * x] ~ glorot  h = tanh(D @ window(x, 7)) + U @ h[t-1] + W @ x',
  ],
  [
    'input and state together',
    'Cell(4) Cell(3) dense linear',
    'param D : [units, x + units] ~ glorot  h = tanh(D @ concat(x, h[t-1]) + W @ x) * (U @ h[t-2])  initial h = 0.4',
  ],
  [
    'the norm of a state that starts at 0',
    'Cell(4) Cell(1) dense linear',
    'h = tanh(W @ x + U @ h[t-1] + 0.5 * norm(h[t-1]) - norm(h[t-2]))',
  ],
  ['a vector to start from', 'Cell(4) Cell(1) dense linear', `${vectorStart} h = tanh(W @ x + U @ h[t-1])`],
  ['a scalar to start from', 'Cell(4) Cell(1) dense linear', `${scalarStart} h = tanh(W @ x + U @ h[t-1])`],
  [
    'a start that is read one and two steps later, by itself and in products',
    'Cell(4) dense linear',
    `${vectorStart} h = tanh(W @ x + U @ h[t-1] + 0.5 * h[t-2] * h[t-1] + U @ h[t-2])`,
  ],
  [
    'a start that is read two steps later alone',
    'Cell(4) Cell(3) dense linear',
    `${scalarStart} h = tanh(W @ x - U @ h[t-2])`,
  ],
  [
    'a start that is read for longer than the data last',
    'Cell(4) dense linear',
    `${vectorStart} h = tanh(W @ x + U @ h[t-7]) - 0.3 * h[t-3]`,
  ],
  [
    'a start that equations read too, of two states',
    'Cell(4) dense linear',
    `${vectorStart} initial c = h0  c = tanh(h0 * c[t-1] + W @ x)  h = U @ c + h[t-1] * sigmoid(h0)`,
  ],
  [
    'a start of what does not recur',
    'Cell(4) dense linear',
    'param a0 : [units] ~ normal(0.7)  initial a = a0  a = tanh(W @ x)  h = a[t-1] + a[t-2] * (U @ a)',
  ],
  [
    'a start that the layer above does not see',
    'Cell(4) Cell(3) dense linear',
    `${vectorStart} param V : [units, x] ~ glorot h = tanh(W @ x + V @ x[t-1] + U @ h[t-1])`,
  ],
  [
    'a start in extremes, parts and sums',
    'Cell(4) dense linear',
    `${vectorStart} param D : [units, 2 * units] ~ glorot
     h = max(h[t-1], W @ x) + sum(h[t-2]) * h0 - maxout(concat(h[t-1], U @ h[t-2]), 2) + D @ concat(h[t-1], h[t-1]) * 0.3`,
  ],
];

const cases: readonly Case[] = [
  ...functionCases,
  ...cellCases.map(([what, layers, lines]) => ({
    what,
    model: tableModel(layers, cell(lines)),
    data: table,
  })),
  {
    what: 'a concat of tokens',
    model: textModel(
      'onehot Cell(4) dense softmax',
      cell(
        'param D : [units, x + units] ~ glorot  h = tanh(D @ concat(x, h[t-1]) + W @ x[t-1] + U @ h[t-2])',
      ),
    ),
    data: text,
  },
  {
    what: 'a window of embedded tokens',
    model: textModel(
      'embed(3) Cell(4) dense softmax',
      cell('param D : [units, 3 * x] ~ glorot  h = tanh(D @ window(x, 3) + W @ x + U @ h[t-1])'),
    ),
    data: text,
  },
  {
    what: 'sizes that hang on the vocabulary',
    model: textModel(
      'onehot Cell(4) dense softmax',
      cell(
        'param D : [units, 2 * x + units] ~ glorot h = tanh(D @ concat(window(x, 2), h[t-1]) + W @ x + U @ h[t-1])',
      ),
    ),
    data: text,
  },
  {
    what: 'many functions together',
    model: textModel('embed(3) ManyFunctions(4) ManyFunctions(3) dense softmax', manyFunctions),
    data: text,
  },
];

for (const name of backendNames) {
  for (const { what, model, data } of cases) {
    test(`${what}: adjoints and gradients, ${name}`, async () => {
      const run = await createTestRun(model, data, backend(name));
      checkIteration(run);
      run.training.dispose();
    });
  }
}

interface Corner {
  /** Of parameters that start at these values. */
  readonly of: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly value: number;
  /** By each of the parameters. */
  readonly derivatives: readonly number[];
}

/** Where pieces of a function meet, and where operands are equal: derivatives as the documentation of functions has them. */
const corners: readonly Corner[] = [
  { of: 'relu(p)', parameters: { p: 0 }, value: 0, derivatives: [0] },
  { of: 'abs(p)', parameters: { p: 0 }, value: 0, derivatives: [0] },
  { of: 'leaky_relu(p, 0.25)', parameters: { p: 0 }, value: 0, derivatives: [0.25] },
  { of: 'leaky_relu(p, 0)', parameters: { p: -1 }, value: 0, derivatives: [0] },
  { of: 'prelu(p, q)', parameters: { p: 0, q: 0.5 }, value: 0, derivatives: [0.5, 0] },
  { of: 'prelu(p, q)', parameters: { p: -2, q: 3 }, value: -6, derivatives: [3, -2] },
  { of: 'prelu(p, q)', parameters: { p: 2, q: 3 }, value: 2, derivatives: [1, 0] },
  { of: 'elu(p, 1.5)', parameters: { p: 0 }, value: 0, derivatives: [1.5] },
  { of: 'hard_sigmoid(p)', parameters: { p: 3 }, value: 1, derivatives: [0] },
  { of: 'hard_sigmoid(p)', parameters: { p: -3 }, value: 0, derivatives: [0] },
  { of: 'hard_tanh(p)', parameters: { p: 1 }, value: 1, derivatives: [0] },
  { of: 'hard_tanh(p)', parameters: { p: -1 }, value: -1, derivatives: [0] },
  { of: 'max(p, q, r)', parameters: { p: 1, q: 1, r: 1 }, value: 1, derivatives: [1, 0, 0] },
  { of: 'max(p, q, r)', parameters: { p: 0, q: 1, r: 1 }, value: 1, derivatives: [0, 1, 0] },
  { of: 'min(p, q, r)', parameters: { p: 1, q: 1, r: 1 }, value: 1, derivatives: [1, 0, 0] },
  { of: 'min(p, q, r)', parameters: { p: 1, q: 0, r: 0 }, value: 0, derivatives: [0, 1, 0] },
  { of: 'max(p, 0.5)', parameters: { p: 0.5 }, value: 0.5, derivatives: [1] },
  { of: 'min(0.5, p)', parameters: { p: 0.5 }, value: 0.5, derivatives: [0] },
  { of: 'maxout(concat(p, q, r), 3)', parameters: { p: 1, q: 2, r: 2 }, value: 2, derivatives: [0, 1, 0] },
  { of: 'norm(p) * one', parameters: { p: 0, one: 1 }, value: 1e-15, derivatives: [0, 1e-15] },
  { of: 'softmax(p)', parameters: { p: 7 }, value: 1, derivatives: [0] },
];

for (const name of backendNames) {
  for (const { of, parameters, value, derivatives } of corners) {
    const at = Object.entries(parameters).map(([parameter, start]) => `${parameter} = ${start}`);
    test(`${of} and its derivatives at ${at.join(', ')}, ${name}`, async () => {
      const declared = at.map((each) => `param ${each.replace(' =', ' : [units] =')}`).join(' ');
      const corner = `cell Corner(units) { ${declared} h = ${of} output h }`;
      const model = tableModel('Corner(1) dense(1) dense linear', corner);
      const { training } = await createTestRun(model, table, backend(name));
      for (let phase = 0; phase < 3; phase += 1) training.step('phase');
      const recorded = (content: 'value' | 'adjoint'): Float32Array =>
        training.trace.find('layers.0', 'h', content)!.data;
      const [first] = recorded('value');
      assert.ok(first === Math.fround(value), `${first}, not ${value}`);
      const delta = recorded('adjoint').reduce((sum, each) => sum + each, 0);
      const gradients = Object.keys(parameters).map(
        (parameter) => training.parameters.find((each) => each.name === parameter)!.gradient[0]! / delta,
      );
      for (const [index, derivative] of derivatives.entries()) {
        const difference = Math.abs(gradients[index]! - derivative);
        assert.ok(difference <= 1e-6 * Math.abs(derivative), `${gradients}, not ${derivatives}`);
      }
      training.dispose();
    });
  }
}
