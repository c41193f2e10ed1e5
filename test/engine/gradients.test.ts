/** Every gradient that is shown, against central differences of an independent float64 evaluation of the equations. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Random } from '../../src/engine/random.ts';
import { backend, backendNames, createTestRun, type TestRun } from '../support/engine.ts';
import { type Nudge, type ReferenceParameters, referenceLoss } from './reference.ts';
import { referenceModelOf, referenceParametersOf } from './reference-run.ts';

const text = 'to be, or not to be: that is the question; whether it is nobler in the mind';

const table = ['a,b,c', ...Array.from({ length: 60 }, (_, row) => tableRow(row))].join('\n');

function tableRow(row: number): string {
  return `${Math.sin(row / 3).toFixed(4)},${Math.cos(row / 5).toFixed(4)},${Math.sin(row / 7).toFixed(4)}`;
}

function textModel(layers: string, cells = ''): string {
  return `${cells}
    data { source = text("t.txt") window = 5 }
    model { ${layers} }
    train { loss = cross_entropy optimizer = sgd(lr = 0.1) batch = 3 seed = 11 }`;
}

function tableModel(layers: string, cells = ''): string {
  return `${cells}
    data { source = csv("t.csv") inputs = ["a", "b"] targets = ["c", "a"] window = 5 }
    model { ${layers} }
    train { loss = mse optimizer = sgd(lr = 0.1) batch = 3 seed = 12 }`;
}

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

const cases = [
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

for (const name of backendNames) {
  for (const { name: what, model, data } of cases) {
    test(`${what}: adjoints and gradients, ${name}`, async () => {
      const run = await createTestRun(model, data, backend(name));
      for (let phase = 0; phase < 3; phase += 1) run.training.step('phase');
      checkLoss(run);
      checkParameters(run);
      checkAdjoints(run);
      run.training.dispose();
    });
  }
}

/** Expressions of four units over quantities and parameters, of which some are scalars. */
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
        for (let phase = 0; phase < 3; phase += 1) run.training.step('phase');
        checkLoss(run);
        checkParameters(run);
        checkAdjoints(run);
        run.training.dispose();
      }),
      { numRuns: 30 },
    );
  });
}

function checkLoss(run: TestRun): void {
  const expected = lossOf(run, referenceParametersOf(run));
  const { loss } = run.training;
  assert.ok(Math.abs(loss! - expected) < 2e-6 * Math.max(1, expected), `loss ${loss}, expected ${expected}`);
}

function checkParameters(run: TestRun): void {
  const step = 1e-5;
  for (const { layer, name, values, gradient } of run.training.parameters) {
    const at = (entry: number, amount: number): number => {
      const parameters = referenceParametersOf(run);
      parameters.get(`${layer} ${name}`)![entry]! += amount;
      return lossOf(run, parameters);
    };
    const entries = sampleOf(values.length, 12);
    const expected = entries.map((entry) => (at(entry, step) - at(entry, -step)) / (2 * step));
    assertClose(
      entries.map((entry) => gradient[entry]!),
      expected,
      `∂L/∂${name} of ${layer}`,
    );
  }
}

function checkAdjoints(run: TestRun): void {
  const { trace, network } = run.training;
  const parameters = referenceParametersOf(run);
  const step = 1e-5;
  for (const { layer, quantity, content, size, data } of trace.arrays) {
    if (content !== 'adjoint') continue;
    const entries = sampleOf(data.length, 10);
    const expected = entries.map((entry) => {
      const at = (amount: number): number =>
        lossOf(run, parameters, {
          layer,
          quantity,
          t: Math.floor(entry / (network.batchSize * size)) + 1,
          sample: Math.floor(entry / size) % network.batchSize,
          unit: entry % size,
          amount,
        });
      return (at(step) - at(-step)) / (2 * step);
    });
    assertClose(
      entries.map((entry) => data[entry]!),
      expected,
      `∂L/∂${quantity} of ${layer}`,
    );
  }
}

/** Relative to the largest of the gradients at hand: entries near zero drown in float32's rounding. */
function assertClose(actual: readonly number[], expected: readonly number[], what: string): void {
  const scale = Math.max(...expected.map(Math.abs), 1e-4);
  for (const [index, value] of actual.entries()) {
    const error = Math.abs(value - expected[index]!) / scale;
    assert.ok(error < 1e-4, `${what}: ${value}, expected ${expected[index]} (relative error ${error})`);
  }
}

function lossOf(run: TestRun, parameters: ReferenceParameters, nudge?: Nudge): number {
  return referenceLoss(referenceModelOf(run), parameters, run.training.batch, nudge);
}

function sampleOf(length: number, count: number): number[] {
  return [...new Random(length).permutation(length)].slice(0, count);
}
