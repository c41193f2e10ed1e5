import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { GradientReport } from '../../src/protocol/gradient-check.ts';
import { checkGradients } from '../../src/session/gradient-check.ts';
import type { Behaviour } from './fake-engine.ts';

const enginePath = fileURLToPath(new URL('fake-engine.ts', import.meta.url));

const check = (behaviour: Behaviour, signal = new AbortController().signal) =>
  checkGradients(
    { uri: 'file:///fake.rnn', text: JSON.stringify(behaviour), train: undefined, backend: 'auto' },
    { enginePath, environment: process.env },
    signal,
  );

describe('a check of gradients', () => {
  it('tells what came of it', async () => {
    const report: GradientReport = {
      backend: { name: 'compiled', label: 'fake', reason: 'a test' },
      parameters: [
        { layer: 'dense', name: 'W', shape: [2, 3], checked: 6, undecided: 0, largestError: 1e-4, wrong: [] },
      ],
    };
    assert.deepEqual(await check({ report }), { kind: 'checked', report });
  });

  it('tells why there is none', async () => {
    const failure = { kind: 'backend', message: 'Not there.' } as const;
    assert.deepEqual(await check({ failAtStart: failure }), { kind: 'failed', failure });
  });

  it('tells that its engine died', async () => {
    const outcome = await check({ dieAtStart: 'Out of luck.' });
    assert.ok(outcome.kind === 'failed' && outcome.failure.kind === 'engineDied');
    assert.match(outcome.failure.message, /exit code 7 .*Out of luck\./);
  });

  it('ends when it is cancelled, before and after it has begun', async () => {
    assert.deepEqual(await check({}, AbortSignal.abort()), { kind: 'cancelled' });
    assert.deepEqual(await check({}, AbortSignal.timeout(200)), { kind: 'cancelled' });
  });
});
