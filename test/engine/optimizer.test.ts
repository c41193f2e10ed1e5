import assert from 'node:assert/strict';
import test from 'node:test';
import { clipScale, createOptimizer, globalNorm } from '../../src/engine/optimizer.ts';
import type { ParameterArray } from '../../src/engine/parameters.ts';

function parameter(values: number[], gradient: number[]): ParameterArray {
  return {
    layer: 'layers.0',
    name: 'W',
    shape: [values.length],
    values: Float32Array.from(values),
    gradient: Float32Array.from(gradient),
  };
}

test('SGD: θ − η g', () => {
  const theta = parameter([1, -2], [0.5, 4]);
  createOptimizer({ kind: 'sgd', learningRate: 0.5 }).update([theta], 0.5);
  assert.deepEqual([...theta.values], [0.875, -3]);
});

test('Adam follows Algorithm 1 of Kingma & Ba (2015), in float64', () => {
  const spec = { kind: 'adam', learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
  const optimizer = createOptimizer(spec);
  const gradients = [0.3, -0.2, 0.7, 0.05, -1.3];
  const theta = parameter([0.5], [0]);
  let expected = 0.5;
  let m = 0;
  let v = 0;
  for (const [index, g] of gradients.entries()) {
    theta.gradient[0] = g;
    optimizer.update([theta], 1);
    const t = index + 1;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g ** 2;
    expected -= (0.1 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
    assert.ok(Math.abs(theta.values[0]! - expected) < 1e-6, `step ${t}`);
  }
});

test('the global norm is taken over all parameters together', () => {
  assert.equal(globalNorm([parameter([0], [3]), parameter([0, 0], [0, 4])]), 5);
  assert.equal(clipScale(10, 5), 0.5);
  assert.equal(clipScale(4, 5), 1);
  assert.equal(clipScale(4, undefined), 1);
});
