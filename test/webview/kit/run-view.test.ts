import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ToWebview } from '../../../src/protocol/webview.ts';
import { type RunView, receive } from '../../../webview/kit/run-view.ts';
import { forwardTo, frameOf, lstmNetwork, metricsOf, snapshotOf } from '../fixtures.ts';

const network = lstmNetwork({ timeSteps: 4, units: 2, layers: 1 });
const first = frameOf(network, forwardTo(1, 4));
const second = frameOf(network, forwardTo(2, 4));
const snapshot: ToWebview = {
  kind: 'snapshot',
  snapshot: snapshotOf(network, first, { metrics: metricsOf(2) }),
};
const progress: ToWebview = { kind: 'progress', state: 'running', frame: second, metrics: metricsOf(3, 3) };

function after(...messages: ToWebview[]): RunView {
  return messages.reduce<RunView>(receive, { kind: 'waiting' });
}

describe('what a panel knows of the run', () => {
  it('is the newest frame and every metric', () => {
    const view = after(snapshot, progress);
    assert.ok(view.kind === 'run');
    assert.equal(view.snapshot.state, 'running');
    assert.deepEqual(view.snapshot.frame, second);
    assert.deepEqual(view.snapshot.metrics, metricsOf(5));
    const reading = { layer: 'layers.0', quantity: 'h', content: 'value', sample: 0, t: 1, unit: 0 } as const;
    const read = receive(view, { kind: 'reading', reading: { ...reading, value: '-Infinity' } });
    assert.ok(read.kind === 'run');
    assert.deepEqual(read.snapshot.frame, { ...second, reading: { ...reading, value: -Infinity } });
  });

  it('takes a loss that is no number by its name, as JSON has none for it', () => {
    const view = after(snapshot, { ...progress, frame: { ...second, loss: 'Infinity' } });
    assert.ok(view.kind === 'run' && view.snapshot.frame.loss === Infinity);
  });

  it('starts anew with a snapshot, and ends with the run', () => {
    const again = after(snapshot, progress, snapshot);
    assert.ok(again.kind === 'run' && again.generation === 2);
    assert.equal(again.snapshot.metrics.length, 2);
    assert.deepEqual(after(snapshot, { kind: 'noRun' }), { kind: 'noRun' });
  });

  it('takes no progress of a run that it does not know', () => {
    assert.deepEqual(after(progress), { kind: 'waiting' });
    assert.deepEqual(after({ kind: 'noRun' }, progress), { kind: 'noRun' });
  });
});
