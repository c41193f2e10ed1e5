import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  gradientFlowOf,
  irregularitiesOf,
  pointsOf,
  summarise,
} from '../../../webview/gradient-flow/series.ts';
import { backwardTo, frameOf, lstmNetwork } from '../fixtures.ts';

test('a layer that waits for t 1 has no gradient yet, and none that is not a number', () => {
  const network = lstmNetwork({ timeSteps: 6, units: 4, layers: 2 });
  const frame = frameOf(network, backwardTo(4, 6));
  const norms = frame.norms.map((series) =>
    series.layer === 'layers.0' && series.content === 'adjoint'
      ? { ...series, norms: series.norms.map(() => Number.NaN), computed: { from: 1, to: 0 } }
      : series,
  );
  const flow = gradientFlowOf(network, { ...frame, norms });
  const points = flow.series.map((series) => [series.layer, pointsOf(series, flow).map(({ x }) => x)]);
  for (const [layer, steps] of points) assert.deepEqual(steps, layer === 'layers.0' ? [] : [4, 5, 6]);
  assert.deepEqual(irregularitiesOf(flow), []);
  assert.match(summarise(flow, 6), /layers\.0 .* once t 1 is reached/);
});
