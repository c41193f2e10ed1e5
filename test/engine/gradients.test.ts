/** Every gradient that is shown, against central differences of an independent float64 evaluation of the equations. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import fc from 'fast-check';
import { backend, backendNames, createTestRun, preludePath } from '../support/engine.ts';
import { checkIteration, table, tableModel, text, textModel } from './gradient-checks.ts';

const everyOperator = `cell Everything(units) {
  param W : [units, x] ~ glorot
  param V : [units, x] ~ glorot
  param U : [units, units] ~ orthogonal
  param p, b : [units] ~ normal(0.5)
  param s : [] = 0.7
  initial c = 0.3
  initial h = 0.4
  a = sigmoid(W @ x + U @ (b * h[t-1]) + p * c[t-2])
  d = V @ x[t-1] - b / (2 + exp(-a)) - s * a
  e = softplus(d) * abs(d + 0.1) + relu(a - 0.5)
  c = 0.5 * c[t-1] + tanh(e) / (1 + sqrt(a)) - -a * s
  k = softmax(c)
  h = log(2 + a) * (1 - k) + s + b - (1 - a) * h[t-1]
  output h
}`;

/** The cells of the prelude that are not run in several models below. */
const otherCells: readonly string[] = [
  'Jordan(4, 2)',
  'IRNN(4)',
  'Residual(4)',
  'Leaky(4)',
  'PeepholeLSTM(4)',
  'CoupledLSTM(4)',
  'ResetAfterGRU(4)',
  'MGU(4)',
  'Delay(4, taps = 3)',
  'AR(3)',
  'NARX(4, 2)',
];

const cases = [
  ...otherCells.map((cell) => {
    return { name: `${cell} on text`, model: textModel(`embed(3) ${cell} dense softmax`), data: text };
  }),
  ...['Elman', 'LSTM', 'GRU'].flatMap((cell) => [
    { name: `${cell} on text`, model: textModel(`onehot ${cell}(4) dense softmax`), data: text },
    {
      name: `${cell} stacked two deep`,
      model: textModel(`embed(3) ${cell}(4) ${cell}(3) dense softmax`),
      data: text,
    },
    { name: `${cell} on a table`, model: tableModel(`${cell}(4) dense linear`), data: table },
  ]),
  {
    name: 'dense layers between cells',
    model: tableModel('dense(3) Elman(4) dense(5) GRU(3) dense linear'),
    data: table,
  },
  { name: 'a cell whose state is the prediction', model: tableModel('GRU(2) linear'), data: table },
  {
    name: 'every operator and function, on text',
    model: textModel('embed(3) Everything(4) Everything(3) dense softmax', everyOperator),
    data: text,
  },
  {
    name: 'every operator and function, on a table',
    model: tableModel('Everything(4) dense linear', everyOperator),
    data: table,
  },
];

test('every cell of the prelude is among the models', () => {
  const cells = [...readFileSync(preludePath, 'utf8').matchAll(/^cell (\w+)/gm)].map(([, name]) => name!);
  const missing = cells.filter((cell) => !cases.some(({ model }) => model.includes(`${cell}(`)));
  assert.deepEqual(missing, []);
});

for (const name of backendNames) {
  for (const { name: what, model, data } of cases) {
    test(`${what}: adjoints and gradients, ${name}`, async () => {
      const run = await createTestRun(model, data, backend(name));
      checkIteration(run);
      run.training.dispose();
    });
  }
}

/** Smooth expressions of four units over quantities and parameters, of which some are scalars: differences mislead at kinks. */
function expressionOver(...leaves: readonly string[]): fc.Arbitrary<string> {
  return fc.letrec<{ expression: string }>((tie) => {
    const part = tie('expression');
    return {
      expression: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom(...leaves),
        fc.tuple(part, fc.constantFrom('+', '-', '*'), part).map((parts) => `(${parts.join(' ')})`),
        fc.tuple(part, part).map(([left, right]) => `(${left} / (2 + sigmoid(${right})))`),
        fc
          .tuple(fc.constantFrom('tanh', 'sigmoid', 'softplus', 'softmax'), part)
          .map(([name, x]) => `${name}(${x})`),
        part.map((operand) => `(mean(${operand}) * q)`),
        fc.tuple(part, part).map(([x, y]) => `(D @ concat(${x}, s, ${y}))`),
        part.map((operand) => `(-${operand})`),
        part.map((operand) => `(U @ (q * ${operand}))`),
      ),
    };
  }).expression;
}

const vectors = ['p', 'q', 'h[t-1]', 'h[t-2]', 'h[t-9]', 'a[t-1]', 'W @ x', 'V @ x[t-1]', 'U @ p'];
const scalars = ['s', 'n', 'n[t-1]', '0.5', 'rate'];
const leaves = [...vectors, ...scalars.map((scalar) => `(${scalar} * p)`)];

for (const name of backendNames) {
  test(`any cell: adjoints and gradients, ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(expressionOver(...leaves), expressionOver('a', ...leaves), async (inner, outer) => {
        const cell = `cell Any(units, rate = -0.4) {
          param W, V : [units, x] ~ glorot
          param U : [units, units] ~ orthogonal
          param D : [units, 2 * units + 1] ~ lecun
          param p, q : [units] ~ normal(0.5)
          param s : [] = 0.7
          initial a = 0.3
          initial n = rate
          n = 0.5 * n[t-1] - tanh(s)
          a = tanh(p + 0.2 * ${inner})
          h = tanh(W @ x + U @ h[t-1] + 0.2 * ${outer} + a)
          output h
        }`;
        const run = await createTestRun(
          tableModel('Any(4) Any(4, rate = 1) dense linear', cell),
          table,
          backend(name),
        );
        checkIteration(run);
        run.training.dispose();
      }),
      { numRuns: 30 },
    );
  });
}
