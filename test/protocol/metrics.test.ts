import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { MetricPoint } from '../../src/protocol/frame.ts';
import { thinMetrics } from '../../src/protocol/metrics.ts';

/** Clipped at a norm of 5. */
function pointsOf(values: readonly (readonly [loss: number, gradientNorm: number])[]): MetricPoint[] {
  return values.map(([loss, gradientNorm], index) => ({
    iteration: index + 1,
    epoch: 1,
    loss,
    gradientNorm,
    clippedGradientNorm: Math.min(5, gradientNorm),
    milliseconds: 1,
  }));
}

/** As an engine reports them and a host collects them: a batch at a time, thinned on either side. */
function collect(points: readonly MetricPoint[], batch: number, limits: [engine: number, host: number]) {
  let kept: readonly MetricPoint[] = [];
  for (let start = 0; start < points.length; start += batch) {
    const reported = thinMetrics(points.slice(start, start + batch), limits[0]);
    kept = thinMetrics([...kept, ...reported], limits[1]);
  }
  return kept;
}

const number = fc.double({ min: 0, max: 10, noNaN: true });
const values = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 1500, size: 'max' });
const limit = fc.integer({ min: 12, max: 60 });

describe('thinned metrics', () => {
  it('stay few, in order and as they were measured, with the first and the newest one', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 200 }), limit, limit, (list, batch, engine, host) => {
        const points = pointsOf(list);
        const kept = collect(points, batch, [engine, host]);
        assert.ok(kept.length <= host);
        assert.equal(kept[0], points[0]);
        assert.equal(kept.at(-1), points.at(-1));
        for (const [index, point] of kept.entries()) {
          assert.equal(point, points[point.iteration - 1]);
          assert.ok(index === 0 || point.iteration > kept[index - 1]!.iteration);
        }
      }),
    );
  });

  it('have the peaks of every stretch, however often they were thinned on their way', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 400 }), (list, batch) => {
        const points = pointsOf(list);
        const seen = new Set(collect(points, batch, [100, 100]));
        // Half of the limit holds twelve stretches of four points each, and doubling goes too far by less than twice.
        const stretch = 2 ** Math.ceil(Math.log2(Math.max(1, (2 * points.length) / 11)));
        for (let start = 0; start < points.length; start += stretch) {
          const within = points.slice(start, start + stretch);
          for (const name of ['loss', 'gradientNorm', 'clippedGradientNorm'] as const) {
            const all = within.map((point) => point[name]);
            const left = within.filter((point) => seen.has(point)).map((point) => point[name]);
            assert.equal(Math.max(...left), Math.max(...all), `highest ${name}`);
            assert.equal(Math.min(...left), Math.min(...all), `lowest ${name}`);
          }
        }
      }),
    );
  });

  it('are all of them while they are few', () => {
    const points = pointsOf(Array.from({ length: 12 }, (_, index) => [index, index]));
    assert.deepEqual(thinMetrics(points, 12), points);
  });

  it('of hundreds of thousands of iterations take no more than of thousands', () => {
    const points = pointsOf(Array.from({ length: 200_000 }, (_, index) => [Math.sin(index), 1]));
    const kept = collect(points, 700, [500, 2000]);
    assert.ok(kept.length <= 2000 && kept.length > 500, `${kept.length}`);
  });
});
