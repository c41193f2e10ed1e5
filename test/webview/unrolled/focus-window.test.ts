import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Phase } from '../../../src/protocol/position.ts';
import { panByKey, windowAround, windowAt, windowCount } from '../../../webview/unrolled/focus-window.ts';

const sequence = fc.integer({ min: 1, max: 2000 }).chain((timeSteps) =>
  fc.record({
    timeSteps: fc.constant(timeSteps),
    t: fc.integer({ min: 1, max: timeSteps }),
    width: fc.integer({ min: 0, max: 4000 }),
  }),
);

describe('focus window', () => {
  it('holds the position, up to 30 steps, and nothing outside of the sequence', () => {
    fc.assert(
      fc.property(
        sequence,
        fc.constantFrom<Phase>('forward', 'backward'),
        ({ timeSteps, t, width }, phase) => {
          const count = windowCount(timeSteps, width, 22);
          const { first } = windowAround({ iteration: 1, phase, t }, count, timeSteps);
          assert.ok(count >= 1 && count <= Math.min(30, timeSteps));
          assert.ok(first >= 1 && first + count - 1 <= timeSteps);
          assert.ok(t >= first && t < first + count, `t ${t} is not in ${first}…${first + count - 1}`);
        },
      ),
    );
  });

  it('stands still while a step stays on its page', () => {
    const first = (t: number) => windowAround({ iteration: 1, phase: 'forward', t }, 30, 50).first;
    assert.deepEqual(
      [1, 2, 27, 28].map((t) => first(t)),
      [1, 1, 1, 1],
    );
    assert.deepEqual(
      [29, 30, 49, 50].map((t) => first(t)),
      [21, 21, 21, 21],
    );
  });

  it('shows the end for the loss and the beginning for the update', () => {
    assert.equal(windowAround({ iteration: 1, phase: 'loss', t: 0 }, 30, 100).first, 71);
    assert.equal(windowAround({ iteration: 1, phase: 'update', t: 0 }, 30, 100).first, 1);
  });

  const keys: readonly (readonly [key: string, first: number | undefined])[] = [
    ['ArrowLeft', 39],
    ['ArrowRight', 41],
    ['PageUp', 70],
    ['PageDown', 10],
    ['Home', 1],
    ['End', 71],
    ['a', undefined],
  ];
  for (const [key, first] of keys) {
    it(`moves by ${key}`, () => assert.equal(panByKey(key, windowAt(40, 30, 100), 100)?.first, first));
  }
});
