import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { CommandQueue, type MoveCommand, queueBound } from '../../src/session/command-queue.ts';

const granularity = fc.constantFrom('timeStep', 'phase', 'iteration');
const action = fc.oneof(
  { weight: 4, arbitrary: granularity.map((each) => ({ kind: 'step', granularity: each }) as const) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'train' } as const, { kind: 'clear' } as const) },
  { weight: 3, arbitrary: fc.constantFrom({ kind: 'take' } as const, { kind: 'answered' } as const) },
);

it('hands out what it accepted exactly once, in order, one at a time', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 2 * queueBound, size: 'max' }), (actions) => {
      const queue = new CommandQueue();
      let expected: MoveCommand[] = [];
      let underWay = false;
      for (const each of actions) {
        switch (each.kind) {
          case 'clear':
            queue.clear();
            expected = [];
            break;
          case 'answered':
            queue.answered();
            underWay = false;
            break;
          case 'take':
            // The very object that was pushed: equal ones must not stand in for each other.
            assert.equal(queue.take(), underWay ? undefined : expected[0]);
            if (underWay || expected.length === 0) break;
            expected.shift();
            underWay = true;
            break;
          default:
            assert.equal(queue.push(each), expected.length < queueBound);
            if (expected.length < queueBound) expected.push(each);
        }
        assert.equal(
          queue.hasTrain,
          expected.some(({ kind }) => kind === 'train'),
        );
      }
    }),
  );
});
