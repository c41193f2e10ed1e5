import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { signed, unsigned } from '../../../src/engine/wasm/encoding.ts';
import { i32 } from '../../../src/engine/wasm/expressions.ts';
import { ModuleBuilder } from '../../../src/engine/wasm/module-builder.ts';

function decodeUnsigned(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte, index) => sum + (byte % 128) * 128 ** index, 0);
}

function decodeSigned(bytes: readonly number[]): number {
  const value = decodeUnsigned(bytes);
  const isNegative = (bytes.at(-1)! & 64) !== 0;
  return isNegative ? value - 128 ** bytes.length : value;
}

test('numbers are encoded so that they can be decoded, in as few bytes as can be', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
      const bytes = unsigned(value);
      assert.equal(decodeUnsigned(bytes), value);
      assert.equal(bytes.length, Math.max(1, Math.ceil(Math.log2(value + 1) / 7)));
    }),
  );
  fc.assert(
    fc.property(fc.integer(), (value) => {
      assert.equal(decodeSigned(signed(value)), value);
    }),
  );
});

test('a module with loops, conditions and calls runs', () => {
  const module = new ModuleBuilder(1);
  const store = module.define(['i32', 'i32'], (builder) =>
    builder.storeInteger(builder.parameter('i32', 0), builder.parameter('i32', 1)),
  );
  // The sum of all numbers below n that are no multiple of a thousand.
  const sum = module.define(['i32'], (builder) => {
    const index = builder.local('i32');
    const total = builder.keep(i32.constant(0));
    const rest = builder.keep(i32.constant(0));
    builder.count(index, i32.constant(0), builder.parameter('i32', 0), 1, () => {
      builder.when(
        i32.equal(rest, i32.constant(0)),
        () => builder.set(rest, i32.constant(999)),
        () => {
          builder.set(total, i32.add(total, index));
          builder.set(rest, i32.add(rest, -1));
        },
      );
    });
    builder.call(store, i32.constant(64), total);
  });
  module.export('sum', sum);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { run: { memory } });
  (instance.exports.sum as (below: number) => void)(5000);
  const expected = (4999 * 5000) / 2 - (0 + 1000 + 2000 + 3000 + 4000);
  assert.equal(new Int32Array(memory.buffer)[16], expected);
});
