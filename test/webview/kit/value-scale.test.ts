import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  highestLevel,
  negativeInfinityCode,
  notANumberCode,
  notComputedCode,
  positiveInfinityCode,
  quantiseValue,
} from '../../../src/protocol/quantise.ts';
import { gateScale, niceCeiling, positionOn, symmetricScale } from '../../../src/protocol/value-scale.ts';
import { colourPicture, colourTable, cssColour } from '../../../webview/kit/colour-table.ts';
import { describeRange, statisticsOfSteps } from '../../../webview/kit/statistics.ts';
import { logarithmicNormScale } from '../../../webview/kit/value-scale.ts';

const positive = fc.double({ min: 1e-30, max: 1e30, noNaN: true });

describe('value scales', () => {
  it('round up to a number that is near', () => {
    fc.assert(
      fc.property(positive, (value) => {
        const nice = niceCeiling(value);
        assert.ok(nice >= value * (1 - 1e-5) && nice <= value * 1.34, `${value} → ${nice}`);
      }),
    );
    assert.deepEqual([0, 0.98, 1, 1.01, 11.9, 4e-7].map(niceCeiling), [1, 1, 1, 1.2, 12, 4e-7]);
  });

  it('keep the order of values and stay within 0…1', () => {
    const scales = [gateScale, symmetricScale(3), logarithmicNormScale(1e-5, 1)];
    fc.assert(
      fc.property(
        fc.constantFrom(...scales),
        fc.double({ noNaN: true }),
        fc.double({ noNaN: true }),
        (scale, a, b) => {
          const [low, high] = a < b ? [a, b] : [b, a];
          const [first, second] = [positionOn(scale, low), positionOn(scale, high)];
          assert.ok(0 <= first && first <= second && second <= 1);
        },
      ),
    );
  });

  it('put zero in the middle of symmetric scales, and ±v at equal distances from it', () => {
    fc.assert(
      fc.property(positive, fc.double({ min: 0, max: 1, noNaN: true }), (limit, share) => {
        const scale = symmetricScale(limit);
        assert.equal(quantiseValue(scale, 0), highestLevel / 2);
        const distance = positionOn(scale, share * limit) - 0.5;
        assert.ok(Math.abs(0.5 - positionOn(scale, -share * limit) - distance) < 1e-12);
      }),
    );
  });

  it('span whole decades on logarithmic scales, at most twelve of them', () => {
    assert.deepEqual(logarithmicNormScale(2e-4, 0.3), { kind: 'logarithmic', lower: 1e-4, upper: 1 });
    assert.deepEqual(logarithmicNormScale(0.5, 0.5), { kind: 'logarithmic', lower: 0.1, upper: 1 });
    assert.deepEqual(logarithmicNormScale(1e-30, 0.3), { kind: 'logarithmic', lower: 1e-12, upper: 1 });
    assert.equal(positionOn(logarithmicNormScale(1e-4, 1), 1e-2), 0.5);
  });
});

describe('quantised pictures', () => {
  it('give what is not a finite number a colour of its own, and none to what is not computed', () => {
    for (const scheme of ['sequential', 'diverging'] as const) {
      for (const onDark of [false, true]) {
        const table = colourTable(scheme, onDark);
        const special = [notANumberCode, positiveInfinityCode, negativeInfinityCode].map(
          (code) => table[code]!,
        );
        assert.equal(new Set(special).size, 3);
        const levels = new Set(table.subarray(0, highestLevel + 1));
        for (const colour of special) assert.ok(!levels.has(colour));
        assert.deepEqual([...colourPicture(Uint8Array.of(notComputedCode), table)], [0, 0, 0, 0]);
      }
    }
    assert.equal(cssColour(colourTable('sequential', true), 0), 'rgb(68, 1, 84)');
  });

  it('count what is not finite among the computed steps only', () => {
    const values = Float32Array.of(Number.NaN, 0.5, Number.NaN, Infinity, -2, -Infinity);
    const statistics = statisticsOfSteps(values, { from: 2, to: 6 });
    assert.deepEqual(statistics, {
      smallest: -2,
      largest: 0.5,
      notANumber: 1,
      positiveInfinite: 1,
      negativeInfinite: 1,
    });
    assert.equal(describeRange(statistics), 'from −2 to 0.5, 1 NaN, 2 infinite');
    assert.equal(describeRange(statisticsOfSteps(values, { from: 7, to: 6 })), 'nothing computed yet');
  });
});
