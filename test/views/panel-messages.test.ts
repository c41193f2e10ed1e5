import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseFromWebview } from '../../src/views/panel-messages.ts';

const gates = {
  ...{ layer: 'layers.0', show: 'adjoint', of: 'sample', preActivations: false },
  pixels: { across: 300, down: 128 },
};
const cell = { quantity: 'f', t: 1, unit: 0 };

const good: unknown[] = [
  { kind: 'ready' },
  { kind: 'painted', milliseconds: 3.5 },
  { kind: 'read', cell },
  { kind: 'read', cell: undefined },
  { kind: 'run', command: { kind: 'step', granularity: 'phase' } },
  { kind: 'run', command: { kind: 'restart' } },
  { kind: 'watchGates', gates },
  { kind: 'watchSample', sample: 0 },
  { kind: 'reveal', layer: 'dense', quantity: undefined },
  { kind: 'reveal', layer: 'layers.0', quantity: 'f' },
];

const bad: unknown[] = [
  undefined,
  null,
  'ready',
  {},
  { kind: 'evaluate', script: '1' },
  { kind: 'run', command: { kind: 'step' } },
  { kind: 'run', command: { kind: 'step', granularity: 'epoch' } },
  { kind: 'watchGates', gates: { ...gates, show: 'everything' } },
  { kind: 'watchGates', gates: { ...gates, pixels: { across: 0, down: 128 } } },
  { kind: 'watchGates', gates: { ...gates, pixels: { across: 1e9, down: 128 } } },
  { kind: 'painted', milliseconds: -1 },
  { kind: 'painted', milliseconds: Infinity },
  { kind: 'read', cell: { ...cell, t: 0 } },
  { kind: 'read', cell: { ...cell, unit: 0.5 } },
  { kind: 'watchSample', sample: -1 },
  { kind: 'watchSample', sample: 0.5 },
  { kind: 'watchSample', sample: Number.NaN },
  { kind: 'reveal', quantity: 'f' },
];

describe('messages from webviews', () => {
  it('are taken as they are when they are well formed', () => {
    for (const message of good) assert.deepEqual(parseFromWebview(message), { message });
  });

  it('may lack what is undefined, which VS Code drops on the way', () => {
    const message = { kind: 'reveal', layer: 'dense' };
    assert.deepEqual(parseFromWebview(message), { message: { ...message, quantity: undefined } });
    assert.deepEqual(parseFromWebview({ kind: 'read' }), { message: { kind: 'read', cell: undefined } });
  });

  it('are refused with a reason, never thrown at, when they are anything else', () => {
    for (const message of bad) assert.ok('problem' in parseFromWebview(message), JSON.stringify(message));
    fc.assert(fc.property(fc.anything(), (message) => 'problem' in parseFromWebview(message)));
  });
});
