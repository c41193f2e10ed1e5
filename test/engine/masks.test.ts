import assert from 'node:assert/strict';
import test from 'node:test';
import type { Training } from '../../src/engine/training.ts';
import { type BackendUnderTest, backend, createTestRun, testedBackends } from '../support/engine.ts';
import { table, tableModel } from './gradient-checks.ts';

const layers = 'dense(40) dropout(30%) LSTM(30, recurrent_dropout = 0.2) dropout(30%) dense linear';
const dropped = [
  { layer: 'dropout.0', quantity: 'mask', rate: 0.3 },
  { layer: 'dropout.1', quantity: 'mask', rate: 0.3 },
  { layer: 'layers.0', quantity: 'h.mask', rate: 0.2 },
] as const;

async function trainingOn({ choice, threads }: BackendUnderTest, seed = 12): Promise<Training> {
  const model = tableModel(layers).replace('seed = 12', `seed = ${seed}`);
  return (await createTestRun(model, table, backend(choice, threads))).training;
}

const compiled = testedBackends[0]!;

function masksOf({ trace }: Training): Float32Array[] {
  return dropped.map(({ layer, quantity }) => trace.find(layer, quantity, 'value')!.data.slice());
}

test('masks are 0 or scaled up, in the shares that were asked for, and each has its own', async () => {
  const training = await trainingOn(compiled);
  const counts = dropped.map(() => ({ zeros: 0, entries: 0 }));
  for (let iteration = 1; iteration <= training.iterations; iteration += 1) {
    training.step('iteration');
    for (const [index, mask] of masksOf(training).entries()) {
      const { rate } = dropped[index]!;
      const kept = Math.fround(1 / (1 - rate));
      assert.ok(mask.every((entry) => entry === 0 || entry === kept));
      counts[index]!.zeros += mask.filter((entry) => entry === 0).length;
      counts[index]!.entries += mask.length;
    }
    const [first, second] = masksOf(training);
    assert.notDeepEqual(first, second!.slice(0, first!.length));
  }
  for (const [index, { zeros, entries }] of counts.entries()) {
    const { rate } = dropped[index]!;
    // Of a mask that is one for all steps only the first step is chance: 5 standard deviations.
    const drawn = index === 2 ? entries / 5 : entries;
    const bound = 5 * Math.sqrt((rate * (1 - rate)) / drawn);
    assert.ok(Math.abs(zeros / entries - rate) < bound, `${zeros} of ${entries} for ${rate}`);
  }
  training.dispose();
});

test('dropout draws a mask for every step, recurrent dropout one for all of them', async () => {
  const training = await trainingOn(compiled);
  const { timeSteps } = training.network;
  const [everyStep, , everySequence] = masksOf(training);
  const stepOf = (mask: Float32Array, t: number): Float32Array => {
    const size = mask.length / timeSteps;
    return mask.subarray((t - 1) * size, t * size);
  };
  for (let t = 2; t <= timeSteps; t += 1) {
    assert.notDeepEqual(stepOf(everyStep!, t), stepOf(everyStep!, 1));
    assert.deepEqual(stepOf(everySequence!, t), stepOf(everySequence!, 1));
  }
  training.dispose();
});

test('masks hang on seed and iteration alone: on every backend, in whatever steps, evaluated again', async () => {
  const runs = await Promise.all(testedBackends.map((request) => trainingOn(request)));
  const other = await trainingOn(compiled, 13);
  const seen: Float32Array[][] = [];
  for (let iteration = 1; iteration <= 3; iteration += 1) {
    for (const [index, training] of runs.entries()) {
      if (index % 2 === 0) training.step('iteration');
      else
        while (training.position.iteration < iteration || training.position.phase !== 'update')
          training.step('timeStep');
      assert.deepEqual(masksOf(training), masksOf(runs[0]!));
      training.evaluate();
      assert.deepEqual(masksOf(training), masksOf(runs[0]!));
    }
    other.step('iteration');
    assert.notDeepEqual(masksOf(other), masksOf(runs[0]!));
    seen.push(masksOf(runs[0]!));
  }
  assert.notDeepEqual(seen[0], seen[1]);
  assert.notDeepEqual(seen[1], seen[2]);
  for (const training of [...runs, other]) training.dispose();
});
