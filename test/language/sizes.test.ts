/** Arithmetic of sizes: canonical, and as arithmetic is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  addSizes,
  divideSizes,
  evaluateSize,
  isFixed,
  multiplySizes,
  type Size,
  subtractSizes,
} from '../../src/language/sizes.ts';

describe('sizes', () => {
  const rows: [Size, Size][] = [
    [addSizes('x', 'units'), 'units + x'],
    [addSizes('units + x', 'x'), 'units + 2 * x'],
    [addSizes(2, 3), 5],
    [subtractSizes('units + 4', 'units'), 4],
    [subtractSizes(1, 'units'), '-1 * units + 1'],
    [multiplySizes(3, 'x'), '3 * x'],
    [multiplySizes('x + 1', 'units'), 'units + units * x'],
    [divideSizes('6 * x + 2', 2), '3 * x + 1'],
    [divideSizes('3 * units * x', 'units'), '3 * x'],
    [divideSizes('units + 1', 'units + 1'), 1],
    [divideSizes('x', 'units'), '(x)/(units)'],
    [divideSizes('x', 'units + 1'), '(x)/(units+1)'],
    [divideSizes(1, 0), Number.POSITIVE_INFINITY],
  ];
  for (const [found, expected] of rows) it(`comes to ${expected}`, () => assert.equal(found, expected));

  const size = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant('vocabulary'), fc.constant('x'));
  const operation = fc.constantFrom(addSizes, subtractSizes, multiplySizes);
  const built: fc.Arbitrary<Size> = fc
    .array(fc.tuple(operation, size), { minLength: 1, maxLength: 6 })
    .map((steps) => steps.reduce<Size>((total, [apply, operand]) => apply(total, operand), 1));

  it('adds and multiplies in any order', () => {
    fc.assert(
      fc.property(built, built, built, (a, b, c) => {
        assert.equal(addSizes(a, b), addSizes(b, a));
        assert.equal(multiplySizes(a, b), multiplySizes(b, a));
        assert.equal(multiplySizes(a, addSizes(b, c)), addSizes(multiplySizes(a, b), multiplySizes(a, c)));
        assert.equal(subtractSizes(addSizes(a, b), b), a);
      }),
    );
  });

  it('evaluates what hangs on the vocabulary alone', () => {
    assert.equal(evaluateSize('vocabulary * vocabulary + 2 * vocabulary - 3', 10), 117);
    assert.equal(evaluateSize(7, undefined), 7);
    assert.throws(() => evaluateSize('vocabulary', undefined), /vocabulary/);
    assert.ok(isFixed('2 * vocabulary + 64') && !isFixed('units + vocabulary') && isFixed(3));
  });
});
