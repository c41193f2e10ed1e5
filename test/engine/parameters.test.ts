import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { compile } from '../../src/compile/network.ts';
import { orthogonal } from '../../src/engine/orthogonal.ts';
import { initialise } from '../../src/engine/parameters.ts';
import { Random } from '../../src/engine/random.ts';
import { checkedModel } from '../support/engine.ts';

async function matrix(
  shape: readonly [number, number],
  initialiser: string,
  seed = 1,
): Promise<Float32Array> {
  const model = await checkedModel(`
    cell Cell(units) { param W : [units, x] ${initialiser} h = tanh(W @ x) output h }
    data { source = csv("t.csv") inputs = [${Array.from({ length: shape[1] }, (_, index) => `"${index}"`)}] targets = ["y"] window = 2 }
    model { Cell(${shape[0]}) dense linear }
    train { loss = mse optimizer = sgd(lr = 0.1) batch = 1 }`);
  const network = compile(model, { vocabulary: undefined });
  const parameters = network.layers.flatMap((layer) =>
    layer.parameters.map(({ name, shape: sizes }) => {
      const count = sizes.reduce((product, size) => product * size, 1);
      const values = new Float32Array(count);
      return { layer: layer.id, name, shape: sizes, values, gradient: new Float32Array(count) };
    }),
  );
  initialise(parameters, network, seed);
  return parameters[0]!.values;
}

test('orthogonal matrices have orthonormal rows or columns, whichever are fewer', async () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }));
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer(), async ([rows, columns], seed) => {
      const values = await matrix([rows, columns], '~ orthogonal', seed);
      const count = Math.min(rows, columns);
      const entry = (vector: number, index: number): number =>
        rows <= columns ? values[vector * columns + index]! : values[index * columns + vector]!;
      for (let a = 0; a < count; a += 1) {
        for (let b = 0; b < count; b += 1) {
          let product = 0;
          for (let index = 0; index < Math.max(rows, columns); index += 1)
            product += entry(a, index) * entry(b, index);
          assert.ok(Math.abs(product - (a === b ? 1 : 0)) < 1e-5, `rows ${a} and ${b}: ${product}`);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('orthogonal matrices prefer no direction', () => {
  const draws = Array.from({ length: 1000 }, (_, seed) => orthogonal(3, 3, new Random(seed)));
  for (let entry = 0; entry < 9; entry += 1) {
    const mean = draws.reduce((sum, draw) => sum + draw[entry]!, 0) / draws.length;
    const square = draws.reduce((sum, draw) => sum + draw[entry]! ** 2, 0) / draws.length;
    assert.ok(Math.abs(mean) < 0.08, `entry ${entry}: mean ${mean}`);
    assert.ok(Math.abs(square - 1 / 3) < 0.05, `entry ${entry}: mean square ${square}`);
  }
});

const moments = [
  { initialiser: '~ glorot', deviation: Math.sqrt(2 / (40 + 60)), bound: Math.sqrt(6 / (40 + 60)) },
  { initialiser: '~ he', deviation: Math.sqrt(2 / 60), bound: Number.POSITIVE_INFINITY },
  { initialiser: '~ lecun', deviation: Math.sqrt(1 / 60), bound: Number.POSITIVE_INFINITY },
  { initialiser: '~ normal(0.3)', deviation: 0.3, bound: Number.POSITIVE_INFINITY },
  { initialiser: '~ uniform(0.2)', deviation: 0.2 / Math.sqrt(3), bound: 0.2 },
];

for (const { initialiser, deviation, bound } of moments) {
  test(`${initialiser}: mean 0 and standard deviation ${deviation.toFixed(3)}`, async () => {
    const values = await matrix([40, 60], initialiser);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const measured = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
    assert.ok(Math.abs(mean) < deviation / 10, `mean ${mean}`);
    assert.ok(Math.abs(measured / deviation - 1) < 0.05, `deviation ${measured}`);
    assert.ok(values.every((value) => Math.abs(value) <= bound));
  });
}

test('identity has ones on its diagonal, however many rows and columns', async () => {
  assert.deepEqual([...(await matrix([2, 3], '~ identity'))], [1, 0, 0, 0, 1, 0]);
  assert.deepEqual([...(await matrix([3, 2], '~ identity'))], [1, 0, 0, 1, 0, 0]);
});

test('constants, and the same seed twice', async () => {
  assert.deepEqual([...(await matrix([1, 2], '= 0.25'))], [0.25, 0.25]);
  assert.deepEqual(await matrix([3, 4], '~ glorot', 9), await matrix([3, 4], '~ glorot', 9));
  assert.notDeepEqual(await matrix([3, 4], '~ glorot', 9), await matrix([3, 4], '~ glorot', 10));
});
