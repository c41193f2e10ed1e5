import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Frame, Heatmap } from '../../src/protocol/frame.ts';
import { statisticsOf } from '../../src/protocol/statistics.ts';
import { measuredText } from '../../src/views/measured-text.ts';

const layer = 'layers.0';

function heatmap(quantity: string, content: Heatmap['content'], values: readonly number[]): Heatmap {
  return {
    layer,
    quantity,
    content,
    units: 1,
    columns: 1,
    rows: 1,
    codes: new Uint8Array(1),
    scale: { kind: 'linear', lower: -1, upper: 1 },
    statistics: statisticsOf(Float32Array.from(values)),
  };
}

const frame: Frame = {
  position: { iteration: 12, phase: 'backward', t: 3 },
  timeSteps: 4,
  forwardThrough: 4,
  backwardFrom: 3,
  loss: 1,
  norms: [
    { layer, quantity: 'h', content: 'value', norms: Float32Array.of(1, 2, 3, 0.5) },
    { layer, quantity: 'h', content: 'adjoint', norms: Float32Array.of(NaN, NaN, 0.0125, 7) },
  ],
  heatmaps: [
    heatmap('c', 'value', [-0.25, 0.98]),
    heatmap('f', 'adjoint', [-1e-7, Infinity, NaN, 0]),
    heatmap('g', 'value', [NaN]),
  ],
  reading: undefined,
  sample: undefined,
};

describe('what was measured last', () => {
  const rows: readonly (readonly [quantity: string, text: string | undefined])[] = [
    ['c', 'Last measured at iteration 12 · backward · t 3/4: c in [−0.25, 0.98] (sample 1).'],
    [
      'f',
      'Last measured at iteration 12 · backward · t 3/4: δf in [−1e−7, 0], 1 infinite, 1 not numbers (sample 1).',
    ],
    ['g', 'Last measured at iteration 12 · backward · t 3/4: g 1 not numbers (sample 1).'],
    ['h', 'Last measured at iteration 12 · backward · t 3/4: ‖h‖ = 0.5 at t = 4; ‖δh‖ = 0.0125 at t = 3.'],
    ['o', undefined],
  ];
  for (const [quantity, text] of rows) {
    it(`of ${quantity}`, () => {
      assert.equal(measuredText(frame, { layer, quantity }, 'sample 1'), text);
      assert.equal(measuredText(frame, { layer: 'layers.1', quantity }, 'sample 1'), undefined);
    });
  }

  it('is nothing before the first step', () => {
    const before: Frame = { ...frame, forwardThrough: 0, backwardFrom: 5, heatmaps: [] };
    assert.equal(measuredText(before, { layer, quantity: 'h' }, 'sample 1'), undefined);
  });
});
