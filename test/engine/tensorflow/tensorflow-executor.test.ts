/** Native TensorFlow computes many time steps at once where it can, and one at a time where it is stepped. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { loadTensorFlow } from '../../../src/engine/backend.ts';
import { bindingOf } from '../../../src/engine/tensorflow/binding.ts';
import type { Training } from '../../../src/engine/training.ts';
import { manyFunctions } from '../../support/cells.ts';
import { backend, backendNames, createTestRun, places } from '../../support/engine.ts';
import { skipWithoutNativeTensorFlow } from '../../support/needs.ts';

const skip = skipWithoutNativeTensorFlow(backendNames.includes('tensorflow'));

/**
 * Relative to the largest entry of an array. Products of one time step add up in another order than those of many, and
 * softmax rounds differently where there are other rows; three updates carry that on.
 */
const tolerance = 5e-6;

const text =
  'she sells sea shells by the sea shore, and the shells she sells are sea shells for sure; '.repeat(40);

const delays = `cell Delays(units) {
  param W, V : [units, x] ~ glorot
  param U, R : [units, units] ~ orthogonal
  param p : [units] ~ normal(0.5)
  param s : [] = 0.7
  initial h = 0.3
  q = tanh(s) * p
  a = sigmoid(W @ x + V @ x[t-3] + U @ (q * h[t-1]))
  m = q * p
  h = tanh(a * h[t-2] + R @ h[t-4] + q) - 0.2 * a[t-9] + m[t-50]
  output h
}`;

interface Sizes {
  readonly window: number;
  readonly batch: number;
}

function model(layers: string, { window, batch }: Sizes): string {
  return `${delays}
    ${manyFunctions}
    data { source = text("t.txt") window = ${window} split = holdout(train = 100%, dev = 0%, test = 0%) }
    model { ${layers} dense softmax }
    train { loss = cross_entropy optimizer = sgd(lr = 0.5) batch = ${batch} epochs = 5 seed = 3 }`;
}

async function start(layers: string, sizes: Sizes): Promise<Training> {
  return (await createTestRun(model(layers, sizes), text, backend('tensorflow'))).training;
}

function assertEqualToRounding(one: Training, other: Training): void {
  for (const [index, { layer, quantity, content, data }] of one.trace.arrays.entries()) {
    assertClose(other.trace.arrays[index]!.data, data, `${content} of ${layer}.${quantity}`);
  }
  for (const [index, { layer, name, values, gradient }] of one.parameters.entries()) {
    const parameter = other.parameters[index]!;
    assertClose(parameter.values, values, `${layer}.${name}`);
    assertClose(parameter.gradient, gradient, `gradient of ${layer}.${name}`);
  }
}

function assertClose(actual: Float32Array, expected: Float32Array, what: string): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  for (const [index, value] of actual.entries()) {
    const error = Math.abs(value - expected[index]!) / largest;
    assert.ok(error <= tolerance, `${what}: ${value} at ${index}, expected ${expected[index]}`);
  }
}

const cases = [
  { layers: 'onehot LSTM(5) GRU(4)', sizes: { window: 6, batch: 4 } },
  { layers: 'embed(3) Delays(5) Delays(4)', sizes: { window: 7, batch: 3 } },
  { layers: 'embed(3) ManyFunctions(5) ManyFunctions(4)', sizes: { window: 12, batch: 3 } },
  { layers: 'onehot Delays(5) dense(3) Elman(4)', sizes: { window: 12, batch: 1 } },
  { layers: 'onehot GRU(3)', sizes: { window: 1, batch: 4 } },
];

for (const { layers, sizes } of cases) {
  test(`stepping ${layers} in any way arrives at what running gives, to rounding`, { skip }, async () => {
    const iterations = 3;
    const straight = await start(layers, sizes);
    for (let iteration = 1; iteration <= iterations; iteration += 1) straight.step('iteration');
    const granularity = fc.constantFrom('timeStep', 'timeStep', 'timeStep', 'phase', 'iteration');
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(granularity), async (walk) => {
        const training = await start(layers, sizes);
        while (!(training.position.phase === 'update' && training.position.iteration === iterations)) {
          training.step(walk.next().value!);
        }
        assertEqualToRounding(straight, training);
        training.dispose();
      }),
      { numRuns: 8 },
    );
    straight.dispose();
  });
}

test('an iteration of several blocks of time steps is what single steps give', { skip }, async () => {
  const sizes = { window: 60, batch: 50 };
  const layers = 'embed(3) Delays(4) ManyFunctions(4) LSTM(3)';
  const [run, stepped] = [await start(layers, sizes), await start(layers, sizes)];
  run.step('iteration');
  while (stepped.position.phase !== 'update') stepped.step('timeStep');
  assertEqualToRounding(run, stepped);
  for (const training of [run, stepped]) training.dispose();
});

test('what is read after the last time step alone has the adjoint 0', { skip }, async () => {
  const training = await start('onehot Delays(5)', { window: 7, batch: 3 });
  training.step('iteration');
  const { data } = training.trace.find('layers.0', 'm', 'adjoint')!;
  assert.ok(data.every((value) => value === 0));
  training.dispose();
});

test('TensorFlow gets its memory back', { skip }, async () => {
  const binding = bindingOf(loadTensorFlow(places));
  const before = binding.getNumOfTensors();
  const training = await start('embed(3) Delays(5) ManyFunctions(4) LSTM(4)', { window: 7, batch: 3 });
  for (let iteration = 0; iteration < 2; iteration += 1) training.step('iteration');
  const early = binding.getNumOfTensors();
  for (let iteration = 0; iteration < 8; iteration += 1) training.step('iteration');
  assert.equal(binding.getNumOfTensors(), early);
  training.dispose();
  assert.equal(binding.getNumOfTensors(), before);
});
