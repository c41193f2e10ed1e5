/** The equations that people are shown, read back from their text, against what a run computed. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { writeEquations } from '../../../src/compile/equations/cell-equations.ts';
import type { LayerProgram } from '../../../src/compile/program.ts';
import { type CellEquations, equationNotations } from '../../../src/language/equation-texts.ts';
import { table, tableModel } from '../../engine/gradient-checks.ts';
import { manyFunctions } from '../../support/cells.ts';
import { backend, createTestRun, type TestRun } from '../../support/engine.ts';
import { readEquation } from './equation-reader.ts';
import { evaluate, type Surroundings, type Value } from './evaluator.ts';
import { equationsIn, surroundingsOf, traced } from './run-surroundings.ts';

const cases = [
  ...['Elman', 'LSTM', 'GRU'].map((name) => ({ name, cell: '' })),
  { name: 'ManyFunctions', cell: manyFunctions },
  {
    name: 'Leaky',
    cell: `cell Leaky(units, leak = 0.3, floor = 0.2) {
      param W : [units, x] ~ glorot
      param s : [] = 0.4
      d = abs(s * W @ x - h[t-1]) + log(2 + exp(W @ x[t-2])) / -sqrt(2 + s)
      e = elu(-d * d, floor) - relu(d) / (1 + softplus(d) * (d + h[t-3]) * (1 + softmax(d)))
      h = (1 - leak) * h[t-1] + leak * tanh(e)
      output h
    }`,
  },
];

for (const { name, cell } of cases) {
  test(`${name}: what is shown is what was computed`, () => checkCell(name, cell));
}

/** Expressions of four units over quantities and parameters, of which some are scalars. */
function expressionOver(...leaves: readonly string[]): fc.Arbitrary<string> {
  return fc.letrec<{ expression: string }>((tie) => {
    const part = tie('expression');
    return {
      expression: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        fc.constantFrom(...leaves),
        fc.tuple(part, fc.constantFrom('+', '-', '*'), part).map((parts) => `(${parts.join(' ')})`),
        fc.tuple(part, part).map(([left, right]) => `(${left} / (2 + sigmoid(${right})))`),
        fc.tuple(part, part).map(([left, right]) => `maxout(concat(${left}, ${right}), 2)`),
        fc
          .tuple(fc.constantFrom('tanh', 'softmax', 'abs', 'hard_tanh', 'relu'), part)
          .map(([name, argument]) => `${name}(${argument})`),
        fc.tuple(fc.constantFrom('sum', 'mean', 'norm'), part).map(([name, v]) => `(${name}(${v}) * p)`),
        part.map((operand) => `(-${operand})`),
        part.map((operand) => `(U @ (q * ${operand}))`),
      ),
    };
  }).expression;
}

const vectors = ['p', 'h[t-1]', 'h[t-2]', 'a[t-1]', 'W @ x', 'W @ x[t-1]', 'U @ p', 'V @ concat(x, h[t-1])'];
const scalars = ['s', 'n', 'n[t-1]', '0.5', 'rate'].map((scalar) => `(${scalar} * p)`);

test('any cell: what is shown is what was computed', async () => {
  const leaves = [...vectors, ...scalars];
  await fc.assert(
    fc.asyncProperty(expressionOver(...leaves), expressionOver('a', ...leaves), async (inner, outer) => {
      await checkCell(
        'Any',
        `cell Any(units, rate = -0.4) {
          param W : [units, x] ~ glorot
          param U : [units, units] ~ orthogonal
          param V : [units, units + x] ~ glorot
          param p, q, h0 : [units] ~ normal(0.5)
          param s : [] = 0.7
          initial h = h0
          initial n = 0.2
          n = 0.5 * n[t-1] - tanh(s)
          a = tanh(p + 0.2 * ${inner})
          h = tanh(W @ x + U @ h[t-1] + 0.2 * ${outer} + a)
          output h
        }`,
      );
    }),
    { numRuns: 40 },
  );
});

/** Every line of the cell, in both notations, at every time step of every sample of one iteration. */
async function checkCell(name: string, cell: string): Promise<void> {
  const run = await createTestRun(
    tableModel(`dense(3) ${name}(4) dense linear`, cell),
    table,
    backend('compiled'),
  );
  for (let phase = 0; phase < 3; phase += 1) run.training.step('phase');
  const { layers } = run.training.network;
  const layer = layers.find(({ kind }) => kind === 'cell')!;
  const spec = run.model.layers.find(({ kind }) => kind === 'cell');
  assert.ok(spec?.kind === 'cell');
  for (const notation of equationNotations) {
    const equations = writeEquations(spec.cell, layer, notation, String);
    const gradients = new Map<string, Value[]>();
    for (let sample = 0; sample < run.training.network.batchSize; sample += 1) {
      const surroundings = surroundingsOf({ run, layer, sample }, equations);
      checkQuantities(run, layer, equations, surroundings, sample);
      for (const { name: parameter, gradient } of equations.parameters) {
        const { value } = readEquation(gradient.map(({ text }) => text));
        gradients.set(parameter, [...(gradients.get(parameter) ?? []), evaluate(value, 0, surroundings)]);
      }
    }
    checkGradients(run, layer, gradients);
  }
  run.training.dispose();
}

function checkQuantities(
  run: TestRun,
  layer: LayerProgram,
  { quantities }: CellEquations,
  surroundings: Surroundings,
  sample: number,
): void {
  for (const lines of quantities.flatMap(({ forward, adjoint }) => equationsIn([...forward, ...adjoint]))) {
    const { name, value } = readEquation(lines);
    const quantity = name.replace('δ', '');
    if (!layer.values.has(quantity) || layer.values.get(quantity)!.role === 'intermediate') continue;
    for (let t = 1; t <= surroundings.timeSteps; t += 1) {
      const expected = traced({ run, layer, sample }, quantity, name === quantity ? 'value' : 'adjoint', t);
      assertClose(evaluate(value, t, surroundings), expected, `${lines.join(' ')}, t = ${t}`);
    }
  }
}

function checkGradients(run: TestRun, layer: LayerProgram, gradients: ReadonlyMap<string, Value[]>): void {
  for (const [name, samples] of gradients) {
    const { gradient } = run.training.parameters.find(
      (each) => each.layer === layer.id && each.name === name,
    )!;
    const total = gradient.map((_, index) => {
      return samples.reduce((sum, { data }) => sum + data[data.length === 1 ? 0 : index]!, 0);
    });
    assertClose({ data: Float64Array.from(total) }, Float64Array.from(gradient), `δ${name}`);
  }
}

/** Relative to the largest of the values at hand: entries near zero drown in float32's rounding. */
function assertClose({ data }: Value, expected: Float64Array, what: string): void {
  const scale = Math.max(...expected.map(Math.abs), 1e-4);
  for (const [index, value] of expected.entries()) {
    const shown = data[data.length === 1 ? 0 : index]!;
    const error = Math.abs(shown - value) / scale;
    assert.ok(error < 1e-4, `${what}: ${shown}, but ${value} was computed (relative error ${error})`);
  }
}
