import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { FramePacer } from '../../src/engine/frame-pacer.ts';

/** A pacer with a clock that only the test moves. */
function paced() {
  const clock = { now: 1000 };
  const pacer = new FramePacer(() => clock.now);
  const send = (cost: number) =>
    pacer.send(true, () => {
      clock.now += cost;
    });
  return { clock, pacer, send };
}

/** Milliseconds until the next frame is due. */
function wait({ clock, pacer }: ReturnType<typeof paced>): number {
  const from = clock.now;
  while (!pacer.isDue && clock.now - from < 10_000) clock.now += 1;
  return clock.now - from;
}

const cases = [
  { what: 'one that costs nothing, at most 20 a second', cost: 0, milliseconds: 50 },
  { what: 'a cheap one', cost: 1, milliseconds: 50 },
  { what: 'one that takes long, 40 times as late', cost: 30, milliseconds: 1200 },
  {
    what: 'one that takes very long, so late that the run is still seen to move',
    cost: 500,
    milliseconds: 2000,
  },
] as const;
for (const { what, cost, milliseconds } of cases) {
  test(`the frame after ${what}`, () => {
    const run = paced();
    assert.ok(run.pacer.isDue);
    run.send(cost);
    run.pacer.arrived();
    assert.equal(wait(run), milliseconds);
  });
}

test('numbers alone come four times a second', () => {
  const run = paced();
  run.pacer.send(false, () => {});
  run.pacer.arrived();
  assert.equal(wait(run), 250);
});

test('no frame is due before the last one has arrived, be it ever so late or urgent', () => {
  const run = paced();
  run.send(1);
  run.clock.now += 60_000;
  run.pacer.hurry();
  assert.equal(run.pacer.isDue, false);
  run.pacer.arrived();
  assert.equal(run.pacer.isDue, true);
});

test('making frames takes at most one fortieth of the time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1 }), (costs) => {
      const run = paced();
      const from = run.clock.now;
      for (const cost of costs) {
        run.send(cost);
        run.pacer.arrived();
        wait(run);
      }
      const spent = costs.reduce((sum, cost) => sum + cost, 0);
      assert.ok(spent * 40 <= run.clock.now - from);
    }),
  );
});
