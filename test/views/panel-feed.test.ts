import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import type { Frame, MetricPoint } from '../../src/protocol/frame.ts';
import { statisticsOf } from '../../src/protocol/statistics.ts';
import { gateScale } from '../../src/protocol/value-scale.ts';
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
    {
      ...{ layer: 'layers.0', quantity: 'f', content: 'value', units: 1, columns: 3, rows: 1 },
      codes: Uint8Array.of(1, 2, 3),
      scale: gateScale,
      statistics: statisticsOf(Float32Array.of(1, 2, 3)),
    },
  ],
  reading: { layer: 'layers.0', quantity: 'f', content: 'value', sample: 0, t: 1, unit: 0, value: Infinity },
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
  backend: { name: 'compiled', label: 'fake', reason: 'a test' },
  frame: frameAt(0),
  metrics,
});

const feeds: PanelFeed[] = [];
afterEach(() => {
  for (const feed of feeds.splice(0)) feed.dispose();
  mock.timers.reset();
});

/** A feed whose page has painted a message only when told so. */
function slowPage(panel: PanelName = 'training') {
  const sent: ToWebview[] = [];
  const page = { snapshot: undefined as RunSnapshot | undefined, delivers: true, isBusy: false };
  const post = async (message: ToWebview) => {
    sent.push(message);
    return page.delivers;
  };
  const feed = new PanelFeed({
    panel,
    snapshot: () => page.snapshot,
    post,
    restAfter: (milliseconds) => 20 * milliseconds,
    setBusy: (isBusy) => {
      page.isBusy = isBusy;
    },
  });
  feeds.push(feed);
  const show = (snapshot: RunSnapshot) => {
    page.snapshot = snapshot;
    return feed.refresh();
  };
  return { sent, page, feed, show };
}

const kinds = (messages: readonly ToWebview[]) => messages.map(({ kind }) => kind);

function iterations(message: ToWebview | undefined): number[] {
  assert.ok(message?.kind === 'snapshot' || message?.kind === 'progress');
  const { metrics } = message.kind === 'snapshot' ? message.snapshot : message;
  return metrics.map(({ iteration }) => iteration);
}

describe('a panel feed', () => {
  it('sends the whole run first and then the newest, with each metric once, however slow the page is', () => {
    const { feed, sent, show } = slowPage();
    void feed.refresh();
    assert.deepEqual(sent, [{ kind: 'noRun' }]);
    feed.painted(0);

    const run = newRun([point(1), point(2)]);
    void show(run);
    for (let last = 3; last <= 5; last++) {
      const metrics = [1, 2, 3, 4, 5].slice(0, last).map((n) => point(n));
      void show({ ...run, frame: frameAt(last - 2), metrics });
    }
    assert.equal(sent.length, 2, 'the page has not painted the snapshot yet');
    feed.painted(0);
    assert.deepEqual(kinds(sent), ['noRun', 'snapshot', 'progress']);
    assert.deepEqual(sent.slice(1).map(iterations), [
      [1, 2],
      [3, 4, 5],
    ]);
    const newest = sent[2];
    assert.ok(newest?.kind === 'progress');
    assert.equal(newest.frame.position.t, 3);
    feed.painted(0);
    assert.equal(sent.length, 3, 'nothing is new');
  });

  it('sends metrics that were thinned meanwhile once, too', () => {
    const { feed, sent, show } = slowPage();
    const run = newRun([point(1), point(2), point(3), point(4)]);
    void show(run);
    feed.painted(0);
    void show({ ...run, frame: frameAt(1), metrics: [point(1), point(3), point(5), point(9)] });
    assert.deepEqual(sent.map(iterations), [
      [1, 2, 3, 4],
      [5, 9],
    ]);
  });

  it('sends a snapshot for another run', () => {
    const { feed, sent, show } = slowPage();
    for (const run of [newRun(), newRun()]) {
      void show(run);
      feed.painted(0);
    }
    assert.deepEqual(kinds(sent), ['snapshot', 'snapshot']);
  });

  it('lets the page rest in a free run, the longer the more it draws, but not when the run stops', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const { feed, sent, show, page } = slowPage();
    const run: RunSnapshot = { ...newRun(), state: 'running' };
    void show(run);
    assert.ok(page.isBusy, 'draws');
    feed.painted(10);
    void show({ ...run, frame: frameAt(1) });
    mock.timers.tick(199);
    assert.ok(page.isBusy, 'rests');
    assert.equal(sent.length, 1);
    void show({ ...run, frame: frameAt(2) });
    mock.timers.tick(1);
    assert.equal(sent.length, 2);
    assert.ok(sent[1]?.kind === 'progress' && sent[1].frame.position.t === 2, 'the newest wins');

    feed.painted(10);
    void show({ ...run, state: 'paused', frame: frameAt(3) });
    assert.ok(sent[2]?.kind === 'progress' && sent[2].state === 'paused');
    feed.painted(300);
    mock.timers.tick(200);
    assert.equal(page.isBusy, false, 'has use for what comes next');
  });

  it('sends a reading alone where the frame is the same, and only to the panel that shows it', () => {
    for (const panel of ['gates', 'unrolled'] as const) {
      const { feed, sent, show } = slowPage(panel);
      const run = newRun();
      void show(run);
      feed.painted(0);
      void show({ ...run, frame: { ...run.frame, reading: { ...run.frame.reading!, value: 2 } } });
      assert.deepEqual(kinds(sent), panel === 'gates' ? ['snapshot', 'reading'] : ['snapshot']);
    }
  });

  it('tells everything anew after a message that did not arrive', async () => {
    const { sent, page, show } = slowPage();
    const run = newRun([point(1)]);
    page.delivers = false;
    await show(run);
    page.delivers = true;
    await show({ ...run, frame: frameAt(1) });
    assert.deepEqual(kinds(sent), ['snapshot', 'snapshot']);
  });

  const parts: Record<PanelName, (keyof Frame)[]> = {
    unrolled: ['norms', 'sample'],
    gates: ['heatmaps', 'reading'],
    gradientFlow: ['norms'],
    training: [],
  };
  for (const [panel, expected] of Object.entries(parts)) {
    it(`sends the ${panel} panel what it draws, and no number that JSON cannot carry`, () => {
      const { sent, show } = slowPage(panel as PanelName);
      void show(newRun([point(1), point(2, Number.NaN)]));
      const [message] = sent;
      assert.ok(message?.kind === 'snapshot');
      const { frame } = message.snapshot;
      const filled = (['norms', 'heatmaps', 'reading', 'sample'] as const).filter((part) => {
        const value = frame[part];
        return Array.isArray(value) ? value.length > 0 : value !== undefined;
      });
      assert.deepEqual(filled, expected);
      assert.equal(frame.loss, 'NaN');
      if (panel === 'gates') assert.equal(frame.reading?.value, 'Infinity');
      assert.deepEqual(iterations(message), panel === 'training' ? [1] : []);
    });
  }
});
