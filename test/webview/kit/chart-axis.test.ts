import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decadeAxis, placeOn } from '../../../webview/kit/chart-axis.ts';
import { formatNumber, formatPowerOfTen } from '../../../webview/kit/format.ts';
import { listSteps } from '../../../webview/kit/step-range.ts';

const norm = fc.oneof(
  fc.constantFrom(0, Number.NaN, Infinity, 1e-38, 1),
  fc.double({ min: 1e-30, max: 1e30, noNaN: true }),
);

describe('logarithmic axis', () => {
  it('holds every positive value, keeps zeros under all of them, and gives the rest no place', () => {
    fc.assert(
      fc.property(fc.array(norm), (values) => {
        const axis = decadeAxis(values);
        assert.ok(axis.lower < axis.upper);
        for (const value of values) {
          const place = placeOn(axis, value);
          if (value === 0)
            assert.ok(place === axis.floor && values.every((other) => !(other > 0) || other > place));
          else if (value > 0 && value < Infinity) {
            assert.equal(place, value);
            assert.ok(value >= axis.lower * (1 - 1e-5) && value <= axis.upper * (1 + 1e-5));
          } else assert.ok(Number.isNaN(place));
        }
      }),
    );
  });

  it('labels whole decades, few enough to read, and the floor as what it stands for', () => {
    assert.deepEqual(
      decadeAxis([0.002, 0.5]).ticks.map(({ label }) => label),
      ['10⁻³', '10⁻²', '10⁻¹', '1'],
    );
    assert.deepEqual(
      decadeAxis([0, 0.5]).ticks.map(({ label }) => label),
      ['0', '10⁻¹', '1'],
    );
    assert.ok(decadeAxis([1e-30, 1]).ticks.length <= 7);
  });
});

describe('texts', () => {
  const numbers: readonly (readonly [number, string])[] = [
    [0, '0'],
    [0.012345, '0.01235'],
    [-2.5, '−2.5'],
    [12345.6, '12350'],
    [1.234e-7, '1.23e−7'],
    [123456789, '1.23e8'],
    [-0.0008, '−8e−4'],
    [Number.NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
  ];
  for (const [value, text] of numbers)
    it(`write ${value} as ${text}`, () => assert.equal(formatNumber(value), text));

  it('write powers of ten', () => {
    assert.deepEqual([-12, 0, 1, 2].map(formatPowerOfTen), ['10⁻¹²', '1', '10', '10²']);
  });

  it('fold neighbouring steps', () => {
    assert.equal(listSteps([4, 5, 6, 9]), '4–6, 9');
    assert.equal(listSteps([1, 3, 5, 7, 9]), '1, 3, 5, …');
  });
});
