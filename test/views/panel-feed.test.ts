import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Frame, MetricPoint } from '../../src/protocol/frame.ts';
import type { PanelName, RunSnapshot, ToWebview } from '../../src/protocol/webview.ts';
import { PanelFeed } from '../../src/views/panel-feed.ts';

const frameAt = (t: number): Frame => ({
  position: { iteration: 1, phase: 'forward', t },
  timeSteps: 3,
  forwardThrough: t,
  backwardFrom: 4,
  loss: Number.NaN,
  norms: [
    { layer: 'layers.0', quantity: 'h', content: 'value', norms: Float32Array.of(1, 2, 3) },
    { layer: 'layers.0', quantity: 'h', content: 'adjoint', norms: Float32Array.of(4, 5, 6) },
  ],
  heatmaps: [
    { layer: 'layers.0', quantity: 'f', content: 'value', units: 1, values: Float32Array.of(1, 2, 3) },
  ],
  sample: { index: 0, inputs: ['a', 'b', 'c'], targets: ['b', 'c', 'd'], predictions: [] },
});

const point = (iteration: number, loss = 1): MetricPoint => ({
  iteration,
  epoch: 1,
  loss,
  gradientNorm: 1,
  clippedGradientNorm: 1,
  milliseconds: 1,
});

const newRun = (metrics: readonly MetricPoint[] = []): RunSnapshot => ({
  state: 'paused',
  network: {
    layers: [],
    timeSteps: 3,
    batchSize: 1,
    parameterCount: 1,
    iterationsPerEpoch: 1,
    epochs: 1,
    loss: 'mse',
  },
  backend: { name: 'cpu', label: 'fake', reason: 'a test' },
  frame: frameAt(0),
  metrics,
});

/** A feed whose page takes a message only when told to. */
function slowPage(panel: PanelName = 'training') {
  const sent: ToWebview[] = [];
  const waiting: (() => void)[] = [];
  const page = { snapshot: undefined as RunSnapshot | undefined, sent, take: () => waiting.shift()?.() };
  const post = (message: ToWebview) => {
    sent.push(message);
    return new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { ...page, feed: new PanelFeed(panel, () => page.snapshot, post), page };
}

function iterations(message: ToWebview | undefined): number[] {
  assert.ok(message && message.kind !== 'noRun');
  const { metrics } = message.kind === 'snapshot' ? message.snapshot : message;
  return metrics.map(({ iteration }) => iteration);
}

describe('a panel feed', () => {
  it('sends the whole run first and then what is new, each metric once, however slow the page is', async () => {
    const { feed, page, sent, take } = slowPage();
    void feed.refresh();
    assert.deepEqual(sent, [{ kind: 'noRun' }]);
    take();
    await setImmediate();

    const run = newRun([point(1), point(2)]);
    page.snapshot = run;
    void feed.refresh();
    for (let last = 3; last <= 5; last++) {
      page.snapshot = {
        ...run,
        frame: frameAt(last - 2),
        metrics: [1, 2, 3, 4, 5].slice(0, last).map((n) => point(n)),
      };
      void feed.refresh();
    }
    assert.equal(sent.length, 2, 'the page has not taken the snapshot yet');
    take();
    await setImmediate();
    take();
    await setImmediate();
    assert.deepEqual(
      sent.slice(1).map(({ kind }) => kind),
      ['snapshot', 'progress'],
    );
    assert.deepEqual(sent.slice(1).map(iterations), [
      [1, 2],
      [3, 4, 5],
    ]);
    const newest = sent[2];
    assert.ok(newest?.kind === 'progress');
    assert.equal(newest.frame.position.t, 3);
  });

  it('sends a snapshot for another run', async () => {
    const { feed, page, sent, take } = slowPage();
    for (const run of [newRun(), newRun()]) {
      page.snapshot = run;
      void feed.refresh();
      take();
      await setImmediate();
    }
    assert.deepEqual(
      sent.map(({ kind }) => kind),
      ['snapshot', 'snapshot'],
    );
  });

  const parts: Record<PanelName, (keyof Frame)[]> = {
    unrolled: ['norms', 'sample'],
    gates: ['heatmaps', 'sample'],
    gradientFlow: ['norms'],
    training: [],
  };
  for (const [panel, expected] of Object.entries(parts)) {
    it(`sends the ${panel} panel what it draws, and no number that JSON cannot carry`, () => {
      const { feed, page, sent } = slowPage(panel as PanelName);
      page.snapshot = newRun([point(1), point(2, Number.NaN)]);
      void feed.refresh();
      const [message] = sent;
      assert.ok(message?.kind === 'snapshot');
      const { frame } = message.snapshot;
      const filled = (['norms', 'heatmaps', 'sample'] as const).filter((part) => {
        const value = frame[part];
        return Array.isArray(value) ? value.length > 0 : value !== undefined;
      });
      assert.deepEqual(filled, expected);
      assert.equal(frame.loss, 'NaN');
      assert.deepEqual(iterations(message), [1]);
    });
  }
});
