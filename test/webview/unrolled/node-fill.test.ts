import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notComputedCode } from '../../../src/protocol/quantise.ts';
import { layerNorms, nodeCode } from '../../../webview/unrolled/node-fill.ts';
import { finished, frameOf, lstmNetwork } from '../fixtures.ts';

test('a layer that runs at the last step alone has one node that is filled', () => {
  const network = lstmNetwork({ timeSteps: 6, units: 4, layers: 1 });
  const frame = frameOf(network, finished('loss', 6));
  const once = frame.norms.map((series) => {
    if (series.layer !== 'dense') return series;
    const norms = series.norms.map((norm, step) => (step === 5 ? norm : Number.NaN));
    return { ...series, norms, computed: { from: 6, to: 6 } };
  });
  const filledSteps = (layer: string): number[] => {
    const found = layerNorms(network, { ...frame, norms: once }, 'value');
    const row = found.find((each) => each.layer.id === layer)!;
    return [1, 2, 3, 4, 5, 6].filter((t) => nodeCode(row, t) !== notComputedCode);
  };
  assert.deepEqual(filledSteps('layers.0'), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(filledSteps('dense'), [6]);
});
