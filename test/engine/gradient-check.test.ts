import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { checkGradients, compareGradients } from '../../src/engine/gradient-check.ts';
import { createRun, loadDataset } from '../../src/engine/run.ts';
import { countParameters } from '../../src/language/check/parameter-counts.ts';
import { evaluateSize } from '../../src/language/sizes.ts';
import { type ParameterCheck, verdictOf } from '../../src/protocol/gradient-check.ts';
import { analyzer, backend, backendNames, createTestRun, root } from '../support/engine.ts';

const folder = join(root, 'examples');
const examples = readdirSync(folder).filter((name) => name.endsWith('.rnn'));

async function modelsOf(name: string) {
  const path = join(folder, name);
  const { models } = await analyzer.analyze(pathToFileURL(path).href, readFileSync(path, 'utf8'));
  return models;
}

function summary(checks: readonly ParameterCheck[]): readonly string[] {
  return checks.map((check) => `${check.layer} ${check.name}: ${verdictOf(check)}`);
}

for (const name of examples) {
  for (const choice of backendNames) {
    test(`the gradients of ${name} agree with finite differences, ${choice}`, async () => {
      for (const model of await modelsOf(name)) {
        const run = await createRun(model, loadDataset(model), backend(choice));
        const { parameters } = checkGradients(run);
        run.training.dispose();
        assert.deepEqual(
          summary(parameters),
          run.training.parameters.map((parameter) => `${parameter.layer} ${parameter.name}: right`),
          JSON.stringify(parameters),
        );
        for (const { checked, shape, largestError, name: what } of parameters) {
          const entries = shape.reduce((product, size) => product * size, 1);
          assert.ok(checked >= Math.min(3, entries) && largestError < 0.02, `${what}: ${largestError}`);
        }
      }
    });
  }

  test(`the parameters of ${name} are as many as its source says`, async () => {
    for (const model of await modelsOf(name)) {
      const dataset = loadDataset(model);
      const run = await createRun(model, dataset, backend('compiled'));
      run.training.dispose();
      const count = evaluateSize(countParameters(model.layers), dataset.vocabulary?.length);
      assert.equal(count, run.network.parameterCount);
    }
  });
}

const model = `
  data { source = text("t.txt") window = 5 }
  model { onehot GRU(6) dense softmax }
  train { loss = cross_entropy optimizer = sgd(lr = 0.1) batch = 3 seed = 11 }`;
const text = 'to be, or not to be: that is the question; whether it is nobler in the mind';

/** What is done to the gradient of U_n, and to no other. */
const mistakes: readonly (readonly [what: string, spoil: (gradient: Float32Array) => void])[] = [
  ['a tenth too large', (gradient) => gradient.set(gradient.map((entry) => 1.1 * entry))],
  ['of the wrong sign', (gradient) => gradient.set(gradient.map((entry) => -entry))],
  ['forgotten', (gradient) => gradient.fill(0)],
  [
    'transposed',
    (gradient) =>
      gradient.set(gradient.map((_, index) => gradient[(index % 6) * 6 + Math.floor(index / 6)]!)),
  ],
];

for (const [what, spoil] of mistakes) {
  test(`a gradient that is ${what} is found, and no other`, async () => {
    const { training } = await createTestRun(model, text, backend('compiled'));
    for (let phase = 0; phase < 3; phase += 1) training.step('phase');
    const { parameters } = training;
    spoil(parameters.find(({ name }) => name === 'U_n')!.gradient);
    const checks = compareGradients({ parameters, loss: () => training.evaluate() });
    training.dispose();
    const wrong = checks.filter((check) => verdictOf(check) === 'wrong');
    assert.deepEqual(
      wrong.map(({ name }) => name),
      ['U_n'],
    );
    const [{ wrong: entries }] = wrong as [ParameterCheck];
    assert.ok(
      entries.length > 0 && entries.every(({ gradient, finiteDifference }) => gradient !== finiteDifference),
    );
  });
}

test('checking leaves the parameters as they were', async () => {
  const { training, ...run } = await createTestRun(model, text, backend('compiled'));
  const before = training.parameters.map(({ values }) => [...values]);
  checkGradients({ training, ...run });
  training.dispose();
  assert.deepEqual(
    training.parameters.map(({ values }) => [...values]),
    before,
  );
});

test('a parameter too weak for float32 is undecided', () => {
  const values = Float32Array.of(0.5, 0.25);
  const noise = [0, 3e-4, -2e-4, 1e-4, -3e-4, 2e-4];
  let calls = 0;
  const loss = () => 1 + 1e-6 * values[0]! + noise[calls++ % noise.length]!;
  const parameter = { layer: 'dense', name: 'W', shape: [2], values, gradient: Float32Array.of(1e-6, 0) };
  const [check] = compareGradients({ parameters: [parameter], loss });
  assert.equal(verdictOf(check!), 'undecided');
  assert.deepEqual([check!.checked, check!.undecided], [0, 2]);
});
