/** All backends compute the same traces and gradients, for every example and for pipelines of many layers. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { createRun, loadDataset } from '../../src/engine/run.ts';
import type { Training } from '../../src/engine/training.ts';
import type { CheckedModel } from '../../src/language/checked-model.ts';
import { manyFunctions } from '../support/cells.ts';
import {
  analyzer,
  type BackendUnderTest,
  backend,
  createTestRun,
  root,
  testedBackends,
} from '../support/engine.ts';

/** Of the largest entry of an array: what sums of hundreds of float32 numbers differ by when their order does. */
const tolerance = 2e-5;

const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.rnn'));

async function modelsOf(name: string): Promise<readonly CheckedModel[]> {
  const path = join(root, 'examples', name);
  const { models } = await analyzer.analyze(pathToFileURL(path).href, readFileSync(path, 'utf8'));
  return models;
}

async function exampleRun(model: CheckedModel, request: BackendUnderTest): Promise<Training> {
  return (await createRun(model, loadDataset(model), backend(request.choice, request.threads))).training;
}

/** Of the gradients of one matrix TensorFlow is given one alone. */
const twice = `cell Twice(units) {
  param W : [units, x] ~ glorot
  param p : [x] ~ normal(0.5)
  h = tanh(W @ p + W @ x + 0.5 * h[t-1])
  output h
}`;

/** Pipelines from tokens to scores of tokens, large enough for the hybrid backend to hand products to TensorFlow. */
const pipelines = [
  ...['Elman', 'LSTM', 'GRU', 'ManyFunctions'].map((cell) => `embed(160) ${cell}(160) ${cell}(160) dense`),
  'embed(160) Elman(160) Twice(160) dense',
  'embed(160) bidirectional(LSTM(160)) bidirectional(GRU(160), merge = sum) dense',
  'embed(160) bidirectional(GRU(80)) GRU(160) mean layer_norm tie',
  'embed(160) residual { layer_norm GRU(160, recurrent_dropout = 20%) } dropout(20%) LSTM(160) tie',
];

async function pipelineRun(layers: string, request: BackendUnderTest): Promise<Training> {
  const text = Array.from({ length: 40_000 }, (_, index) =>
    String.fromCharCode(97 + ((index * index + (index >> 3)) % 26)),
  ).join('');
  const model = `${manyFunctions} ${twice}
    data { source = text("t.txt") window = 48 }
    model { ${layers} softmax }
    train { loss = cross_entropy optimizer = sgd(lr = 0.1) batch = 50 seed = 5 }`;
  return (await createTestRun(model, text, backend(request.choice, request.threads))).training;
}

function wholeIteration(training: Training): void {
  for (let phase = 0; phase < 3; phase += 1) training.step('phase');
}

function assertAgree(one: Training, other: Training): void {
  for (const [index, { layer, quantity, content, data }] of one.trace.arrays.entries()) {
    assertClose(`${content} of ${layer}.${quantity}`, other.trace.arrays[index]!.data, data);
  }
  for (const [index, { layer, name, gradient }] of one.parameters.entries()) {
    assertClose(`gradient of ${layer}.${name}`, other.parameters[index]!.gradient, gradient);
  }
}

function assertClose(what: string, actual: Float32Array, expected: Float32Array): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = actual.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index]!)), 0);
  assert.ok(worst <= tolerance * largest, `${what}: ${worst} apart, largest ${largest}`);
}

const [reference, ...others] = testedBackends;

for (const other of others) {
  const what = `${other.choice}, ${other.threads} threads, agrees with ${reference!.choice}`;
  for (const name of examples) {
    test(`${what} on ${name}`, async () => {
      for (const model of await modelsOf(name)) {
        const [one, two] = [await exampleRun(model, reference!), await exampleRun(model, other)];
        for (const training of [one, two]) wholeIteration(training);
        assertAgree(one, two);
        for (const training of [one, two]) training.dispose();
      }
    });
  }
  for (const layers of pipelines) {
    test(`${what} on ${layers}`, async () => {
      const [one, two] = [await pipelineRun(layers, reference!), await pipelineRun(layers, other)];
      for (const training of [one, two]) wholeIteration(training);
      assertAgree(one, two);
      for (const training of [one, two]) training.dispose();
    });
  }
}
