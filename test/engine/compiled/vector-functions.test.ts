import assert from 'node:assert/strict';
import test from 'node:test';
import type { ElementwiseFunction } from '../../../src/language/checked-model.ts';
import { applyFunction, multipliers } from './kernels.ts';

/** In float64; written so that no digits are lost where float32 could show it. */
const references: Record<ElementwiseFunction, (x: number) => number> = {
  sigmoid: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  tanh: Math.tanh,
  relu: (x) => (x < 0 ? 0 : x),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
};

/** Units in the last place of the float32 nearest to the true value. */
const bounds: Record<ElementwiseFunction, number> = {
  sigmoid: 2,
  tanh: 2,
  relu: 0,
  softplus: 2,
  exp: 2,
  log: 2,
  sqrt: 0.5,
  abs: 0,
};

const special = [0, -0, 1, -1, Infinity, -Infinity, NaN, 2 ** -149, -(2 ** -149), 2 ** -126, 3.4e38, -3.4e38];

/** All exponents and signs, evenly over their bit patterns, and denser where the functions bend. */
function inputs(): Float32Array {
  const bits = new Uint32Array(2 ** 18);
  for (let index = 0; index < bits.length; index += 1)
    bits[index] = index * 2 ** 14 + ((index * 7919) % 2 ** 14);
  const everywhere = new Float32Array(bits.buffer);
  const bends = Float32Array.from({ length: 2 ** 18 }, (_, index) => ((index / 2 ** 18) * 2 - 1) * 110);
  const small = Float32Array.from({ length: 2 ** 17 }, (_, index) => ((index / 2 ** 17) * 2 - 1) * 2);
  return Float32Array.from([...special, ...everywhere, ...bends, ...small]);
}

/** Between neighbouring float32 numbers near `value`. */
function unitInLastPlace(value: number): number {
  const magnitude = Math.min(Math.abs(value), 3.4028234663852886e38);
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -126);
  return 2 ** (exponent - 23);
}

function errorInUnits(actual: number, expected: number): number {
  if (Object.is(actual, Math.fround(expected))) return 0;
  if (!Number.isFinite(actual)) {
    // Rounding decides whether what is next to the largest number is infinite.
    return Math.abs(expected) > 3.4e38 && Math.sign(expected) === Math.sign(actual) ? 0 : Infinity;
  }
  return Math.abs(actual - expected) / unitInLastPlace(expected);
}

for (const [kind, multiplier] of Object.entries(multipliers)) {
  for (const [name, reference] of Object.entries(references) as [
    ElementwiseFunction,
    (x: number) => number,
  ][]) {
    test(`${name} is within ${bounds[name]} units in the last place over the whole range, ${kind}`, () => {
      const xs = inputs();
      const ys = applyFunction(name, multiplier, xs);
      let worst = 0;
      let at = 0;
      for (const [index, x] of xs.entries()) {
        const error = errorInUnits(ys[index]!, reference(x));
        if (error > worst) {
          worst = error;
          at = x;
        }
      }
      assert.ok(worst <= bounds[name], `${name}(${at}) is ${worst} units off, of ${reference(at)}`);
    });
  }
}
