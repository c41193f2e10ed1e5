import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { samplesOf } from '../../../src/engine/compiled/shares.ts';
import type { Training } from '../../../src/engine/training.ts';
import { manyFunctions } from '../../support/cells.ts';
import { backend, backendNames, createTestRun } from '../../support/engine.ts';
import { skipWithoutNativeTensorFlow } from '../../support/needs.ts';

const text = 'she sells sea shells by the sea shore; the shells she sells are sea shells, i am sure. '.repeat(
  9,
);

function model(layers: string, batch = 6): string {
  return `${manyFunctions}
    data { source = text("t.txt") window = 7 }
    model { ${layers} dense softmax }
    train { loss = cross_entropy optimizer = sgd(lr = 0.1) batch = ${batch} epochs = 20 seed = 4 }`;
}

/** Bit patterns, so that −0 and NaN count too. */
function bits({ trace, parameters }: Training): number[][] {
  const arrays = [
    ...trace.arrays.map(({ data }) => data),
    ...parameters.flatMap(({ values, gradient }) => [values, gradient]),
  ];
  return arrays.map((array) => [...new Uint32Array(array.slice().buffer)]);
}

test('every sample belongs to one thread', () => {
  const many = fc.integer({ min: 1, max: 200 });
  fc.assert(
    fc.property(many, fc.integer({ min: 1, max: 9 }), (batchSize, threads) => {
      const shares = Array.from({ length: threads }, (_, thread) => samplesOf(thread, threads, batchSize));
      let next = 0;
      for (const { first, count } of shares) {
        assert.equal(first, next);
        next += count;
      }
      assert.equal(next, batchSize);
    }),
  );
});

const layersOfRuns = [
  'onehot LSTM(9) GRU(5)',
  'embed(6) Elman(3) dense(8) LSTM(4)',
  'embed(6) ManyFunctions(7) ManyFunctions(5)',
];

for (const layers of layersOfRuns) {
  for (const batch of [1, 6, 13]) {
    test(`any number of threads gives the same bits: ${layers}, batch ${batch}`, async () => {
      const runs: number[][][] = [];
      for (const threads of [1, 2, 3]) {
        const request = backend('compiled', threads);
        const { training } = await createTestRun(model(layers, batch), text, request);
        for (let iteration = 0; iteration < 3; iteration += 1) training.step('iteration');
        runs.push(bits(training));
        training.dispose();
      }
      assert.deepEqual(runs[1], runs[0]);
      assert.deepEqual(runs[2], runs[0]);
    });
  }
}

/** What a wrong number turns the numbers after it into: the same kinds as TensorFlow's. */
const wrongNumbers = [NaN, Infinity, -Infinity, 3e38, 2 ** -149];

for (const layers of ['embed(5) LSTM(6) GRU(4)', 'embed(5) ManyFunctions(6) ManyFunctions(4)']) {
  for (const value of wrongNumbers) {
    const skip = skipWithoutNativeTensorFlow(backendNames.includes('tensorflow'));
    test(`a weight of ${value} in ${layers} has the consequences that IEEE 754 demands`, {
      skip,
    }, async () => {
      const [kinds, expected] = await Promise.all(
        (['compiled', 'tensorflow'] as const).map(async (name) => {
          const { training } = await createTestRun(model(layers), text, backend(name));
          // Parameters are taken over where the next iteration begins.
          training.step('iteration');
          training.parameters.find(({ layer }) => layer === 'layers.0')!.values[3] = value;
          for (let press = 0; press < 7; press += 1) training.step('timeStep');
          const recorded = training.trace.arrays.filter(({ content }) => content === 'value');
          training.dispose();
          return recorded.map(({ layer, quantity, data }) => [layer, quantity, [...data].map(kindOf)]);
        }),
      );
      assert.deepEqual(kinds, expected);
    });
  }
}

function kindOf(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? 'number' : String(value);
}
