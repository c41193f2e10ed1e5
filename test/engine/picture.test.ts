import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { pictureOf } from '../../src/engine/picture.ts';
import {
  highestLevel,
  negativeInfinityCode,
  notANumberCode,
  notComputedCode,
  positiveInfinityCode,
  quantiseValue,
} from '../../src/protocol/quantise.ts';
import { largestMagnitude, statisticsOf } from '../../src/protocol/statistics.ts';
import { gateScale, symmetricScale, type ValueScale } from '../../src/protocol/value-scale.ts';

const size = fc.record({
  timeSteps: fc.integer({ min: 1, max: 30 }),
  units: fc.integer({ min: 1, max: 12 }),
});
const enough = { across: 30, down: 12 };

/** [T, n] values, and which time steps of them are computed. */
function sourceOf(number: fc.Arbitrary<number>) {
  return size.chain(({ timeSteps, units }) =>
    fc.record({
      timeSteps: fc.constant(timeSteps),
      units: fc.constant(units),
      values: fc
        .array(number, { minLength: timeSteps * units, maxLength: timeSteps * units })
        .map((values) => Float32Array.from(values)),
      from: fc.integer({ min: 1, max: timeSteps + 1 }),
      to: fc.integer({ min: 0, max: timeSteps }),
    }),
  );
}

const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 100), max: 2 ** 100 });

/** The value that a level stands for. */
function valueAt(code: number, { lower, upper }: ValueScale): number {
  return lower + (code / highestLevel) * (upper - lower);
}

test('a code tells its value to half a level, of 250 between the ends of the scale', () => {
  fc.assert(
    fc.property(sourceOf(finite), (source) => {
      const { values, timeSteps, units, from, to } = source;
      const { codes, scale, columns, rows } = pictureOf(source, enough, (statistics) =>
        symmetricScale(largestMagnitude(statistics)),
      );
      assert.deepEqual({ columns, rows }, { columns: timeSteps, rows: units });
      const tolerance = ((scale.upper - scale.lower) / highestLevel) * (0.5 + 1e-3);
      for (let t = 1; t <= timeSteps; t++) {
        for (let unit = 0; unit < units; unit++) {
          const code = codes[unit * timeSteps + t - 1]!;
          if (t < from || t > to) assert.equal(code, notComputedCode);
          else assert.ok(Math.abs(valueAt(code, scale) - values[(t - 1) * units + unit]!) <= tolerance);
        }
      }
    }),
  );
});

test('what is not a finite number keeps a code of its own', () => {
  const values = Float32Array.of(0, 1, 0.5, Number.NaN, Infinity, -Infinity, 0.25, 0.25);
  const source = { values, timeSteps: 4, units: 2, from: 1, to: 3 };
  const { codes, statistics } = pictureOf(source, enough, () => gateScale);
  const expected = [
    ...[0, highestLevel / 2, positiveInfinityCode, notComputedCode],
    ...[highestLevel, notANumberCode, negativeInfinityCode, notComputedCode],
  ];
  assert.deepEqual([...codes], expected);
  assert.deepEqual(statistics, {
    ...{ smallest: 0, largest: 1 },
    ...{ notANumber: 1, positiveInfinite: 1, negativeInfinite: 1 },
  });
});

test('each value has the code that it has alone, and statistics are of what is computed', () => {
  fc.assert(
    fc.property(sourceOf(fc.float()), fc.constantFrom(gateScale, symmetricScale(3)), (source, scale) => {
      const { values, timeSteps, units, from, to } = source;
      const { codes, statistics } = pictureOf(source, enough, () => scale);
      const computed = values.filter((_, index) => {
        const t = Math.floor(index / units) + 1;
        return t >= from && t <= to;
      });
      assert.deepEqual(statistics, statisticsOf(computed));
      for (let t = from; t <= to; t++) {
        for (let unit = 0; unit < units; unit++) {
          const expected = quantiseValue(scale, values[(t - 1) * units + unit]!);
          assert.equal(codes[unit * timeSteps + t - 1], expected);
        }
      }
    }),
  );
});

test('more values than pixels become means of neighbours, to half a level', () => {
  fc.assert(
    fc.property(
      sourceOf(fc.float({ min: 0, max: 1, noNaN: true })),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 6 }),
      (source, across, down) => {
        const { values, timeSteps, units, from, to } = source;
        const { codes, columns, rows } = pictureOf(source, { across, down }, () => gateScale);
        assert.deepEqual([columns, rows], [Math.min(timeSteps, across), Math.min(units, down)]);
        const cells = Array.from(codes, (): number[] => []);
        for (let t = from; t <= to; t++) {
          for (let unit = 0; unit < units; unit++) {
            const column = Math.floor(((t - 1) * columns) / timeSteps);
            cells[Math.floor((unit * rows) / units) * columns + column]!.push(
              values[(t - 1) * units + unit]!,
            );
          }
        }
        for (const [pixel, cell] of cells.entries()) {
          if (cell.length === 0) assert.equal(codes[pixel], notComputedCode);
          else {
            const mean = cell.reduce((sum, value) => sum + value, 0) / cell.length;
            assert.ok(Math.abs(valueAt(codes[pixel]!, gateScale) - mean) <= 0.501 / highestLevel);
          }
        }
      },
    ),
  );
});

test('a mean hides nothing that is not finite', () => {
  const values = Float32Array.of(0.5, Number.NaN, 0.5, Infinity, 0.5, -Infinity, 0.5, 0.5);
  const source = { values, timeSteps: 8, units: 1, from: 1, to: 8 };
  const { codes } = pictureOf(source, { across: 4, down: 1 }, () => gateScale);
  assert.deepEqual(
    [...codes],
    [notANumberCode, positiveInfinityCode, negativeInfinityCode, highestLevel / 2],
  );
});
