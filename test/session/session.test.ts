import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Failure } from '../../src/protocol/failure.ts';
import { queueBound } from '../../src/session/command-queue.ts';
import type { EngineLaunch } from '../../src/session/engine-process.ts';
import { Session } from '../../src/session/session.ts';
import type { Behaviour } from './fake-engine.ts';

const enginePath = fileURLToPath(new URL('fake-engine.ts', import.meta.url));
const launch: EngineLaunch = { enginePath, environment: process.env };

const sessions: Session[] = [];
afterEach(() => Promise.all(sessions.splice(0).map((session) => session.stop())));

function newSession(): Session {
  const session = new Session('file:///fake.rnn');
  sessions.push(session);
  return session;
}

const start = (session: Session, behaviour: Behaviour = {}, by = launch) =>
  session.start({ text: JSON.stringify(behaviour), backend: 'auto', launch: by });

async function started(behaviour: Behaviour = {}): Promise<Session> {
  const session = newSession();
  await start(session, behaviour);
  return session;
}

async function until(session: Session, holds: () => boolean): Promise<void> {
  while (!holds()) await once(session, 'changed');
}

const failureOf = async (session: Session): Promise<Failure> => (await once(session, 'failed'))[0];
/** The commands that the engine has received, as it told with its newest frame. */
const received = (session: Session) => session.snapshot?.frame.sample?.inputs ?? [];

const isRunning = (pid: number | undefined) => {
  assert.ok(pid !== undefined);
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a session', () => {
  it('runs the train block that is asked for, and remembers which', async () => {
    const session = newSession();
    await session.start({ text: '{}', train: 'quick', backend: 'auto', launch });
    assert.equal(session.trainBlock, 'quick');
    assert.deepEqual(received(session), ['of quick']);
  });

  it('stands before the first step when it has started', async () => {
    const session = newSession();
    assert.equal(newSession().snapshot, undefined);
    const starting = start(session);
    assert.equal(session.state, 'starting');
    await starting;
    assert.equal(session.state, 'paused');
    assert.deepEqual(session.snapshot?.frame.position, { iteration: 1, phase: 'forward', t: 0 });
  });

  it('executes every press once and in order, those made while the engine starts included', async () => {
    const session = newSession();
    const presses = ['timeStep', 'phase', 'timeStep', 'iteration', 'timeStep', 'phase'] as const;
    const starting = start(session, { stepMilliseconds: 5 });
    for (const granularity of presses.slice(0, 3)) assert.ok(session.step(granularity));
    await starting;
    for (const granularity of presses.slice(3)) assert.ok(session.step(granularity));
    const seen: string[] = [];
    session.on('changed', () => seen.push(JSON.stringify(session.snapshot?.frame.position)));
    await until(session, () => received(session).length === presses.length);
    assert.deepEqual(received(session), presses);
    assert.equal(new Set(seen).size, presses.length, 'one position a press');
    assert.deepEqual(session.snapshot?.frame.position, { iteration: 1, phase: 'backward', t: 2 });
  });

  it('refuses presses beyond the bound', async () => {
    const session = newSession();
    const starting = start(session);
    for (let press = 0; press < queueBound; press++) assert.ok(session.step('timeStep'));
    assert.equal(session.step('timeStep'), false);
    await starting;
    await until(session, () => received(session).length === queueBound);
  });

  it('takes a step pressed while it trains as one pause', async () => {
    const session = await started();
    session.train();
    await until(session, () => session.state === 'running' && received(session).length > 0);
    assert.ok(session.step('timeStep'));
    assert.ok(session.step('timeStep'));
    await until(session, () => session.state === 'paused');
    session.step('phase');
    await until(session, () => received(session).length === 3);
    assert.deepEqual(received(session), ['train', 'pause', 'phase']);
  });

  it('pauses a training that was asked for a moment ago', async () => {
    const session = await started();
    session.train();
    session.pause();
    await until(session, () => session.state === 'paused');
    assert.deepEqual(received(session), ['train', 'pause']);
  });

  it('refuses steps when the run has finished or diverged, and keeps a diverged engine for looking', async () => {
    const finished = await started({ finishInStep: 1 });
    finished.step('timeStep');
    await until(finished, () => finished.state === 'finished');
    assert.equal(finished.step('timeStep'), false);

    const diverged = await started({ divergeInStep: 1 });
    diverged.step('timeStep');
    diverged.step('timeStep');
    assert.equal((await failureOf(diverged)).kind, 'diverged');
    assert.equal(diverged.needsStart, false);
    assert.equal(diverged.step('timeStep'), false);
    diverged.watch('unrolled', { unrolled: true });
    await until(diverged, () => received(diverged).length === 2);
    assert.equal(received(diverged)[0], 'timeStep', 'the step that waited was dropped');
    assert.equal(diverged.state, 'failed');
  });

  it('sends the union of what views watch, and only when it changes', async () => {
    const session = newSession();
    session.watch('unrolled', { unrolled: true, sample: 3 });
    await start(session);
    session.watch('unrolled', { unrolled: true, sample: 3 });
    session.watch('gradientFlow', { gradientFlow: true });
    session.watch('training', {});
    session.watch('unrolled', undefined);
    await until(session, () => received(session).length === 2);
    const watches = received(session).map((line) => JSON.parse(line.replace('watch ', '')));
    assert.deepEqual(watches, [
      { unrolled: true, gradientFlow: true, sample: 3 },
      { unrolled: false, gradientFlow: true, sample: 0 },
    ]);
  });

  it('keeps a free run going by receiving its frames, and its metrics in bounded memory', async () => {
    const session = await started({ iterationsPerFrame: 1500 });
    session.train();
    const newest = () => session.snapshot?.metrics.at(-1)?.iteration ?? 0;
    await until(session, () => newest() >= 12_000);
    const { metrics = [] } = session.snapshot ?? {};
    assert.ok(metrics.length > 500 && metrics.length <= 2000, `${metrics.length}`);
    assert.equal(metrics[0]?.iteration, 1);
    assert.ok(metrics.every(({ iteration, loss }) => iteration === loss));
  });

  it('asks for no frame of a free run while every view is busy with the last one', async () => {
    const session = await started({ iterationsPerFrame: 1 });
    for (const view of ['gates', 'training']) {
      session.watch(view, {});
      session.setBusy(view, true);
    }
    session.train();
    const newest = () => session.snapshot?.metrics.at(-1)?.iteration ?? 0;
    await until(session, () => newest() === 1);
    await delay(100);
    assert.equal(newest(), 1);
    session.setBusy('gates', false);
    await until(session, () => newest() > 3);
    session.setBusy('gates', true);
    await delay(50);
    const held = newest();
    await delay(50);
    assert.equal(newest(), held);
    for (const view of ['gates', 'training']) session.watch(view, undefined);
    await until(session, () => newest() > held);
  });

  it('tells the value that is read, and leaves the rest of the frame as it is', async () => {
    const session = await started();
    const before = session.snapshot?.frame;
    const cell = { quantity: 'f', t: 2, unit: 3 };
    session.read(cell);
    await until(session, () => session.snapshot?.frame.reading !== undefined);
    const { reading, ...rest } = session.snapshot!.frame;
    assert.deepEqual(reading, { ...cell, layer: 'layers.0', content: 'value', sample: 0, value: 0.25 });
    assert.equal(rest.norms, before?.norms);
    session.read(undefined);
    await until(session, () => session.snapshot?.frame.reading === undefined);
  });

  it('owns the arrays of its frames', async () => {
    const session = await started();
    const norms = session.snapshot?.frame.norms[0]?.norms;
    assert.deepEqual(norms, Float32Array.of(1, 2, 0));
    assert.equal(norms?.buffer.byteLength, 12);
  });
});

describe('the end of an engine', () => {
  const deaths: { name: string; behaviour: Behaviour; message: RegExp }[] = [
    {
      name: 'SIGKILL in mid-step',
      behaviour: { dieInStep: { step: 2, by: 'SIGKILL' } },
      message: /killed \(SIGKILL.* at iteration 1 · forward · t 1\/3.* press step to start again/,
    },
    { name: 'an exit in mid-step', behaviour: { dieInStep: { step: 2, by: 134 } }, message: /exit code 134/ },
    {
      name: 'an exit at the start',
      behaviour: { dieAtStart: 'undefined symbol: TF_NewTensor' },
      message: /exit code 7 while it was starting.*It wrote last: undefined symbol: TF_NewTensor$/,
    },
  ];
  for (const { name, behaviour, message } of deaths) {
    it(`gives one clear failure after ${name} and leaves a session that can start again`, async () => {
      const session = newSession();
      const failures: Failure[] = [];
      session.on('failed', (failure) => failures.push(failure));
      const starting = start(session, behaviour);
      for (let press = 0; press < 3; press++) session.step('timeStep');
      await starting;
      await until(session, () => failures.length > 0);
      assert.equal(session.state, 'failed');
      assert.ok(session.needsStart);
      assert.equal(session.step('timeStep'), false);
      assert.match(failures[0]?.message ?? '', message);

      await start(session);
      session.step('timeStep');
      await until(session, () => received(session).length === 1);
      assert.deepEqual(session.snapshot?.frame.position, { iteration: 1, phase: 'forward', t: 1 });
      assert.equal(failures.length, 1);
    });
  }

  it('is a failure when the process cannot be created', async () => {
    const session = newSession();
    const failed = failureOf(session);
    await start(session, {}, { ...launch, execPath: '/no/such/node' });
    assert.match((await failed).message, /could not be created \(.*ENOENT/);
    await start(session);
    assert.equal(session.state, 'paused');
  });

  it('leaves the last run for looking at where the next one does not start', async () => {
    const session = await started();
    session.step('timeStep');
    await until(session, () => received(session).length === 1);
    const { snapshot: last, text } = session;
    const failures: Failure[] = [];
    session.on('failed', (failure) => failures.push(failure));
    await start(session, { failAtStart: { kind: 'data', message: 'No such file.', problems: [] } });
    await start(session, { dieAtStart: 'undefined symbol' });
    assert.match(failures[1]?.message ?? '', /while it was starting/);
    assert.deepEqual(session.snapshot, { ...last, state: 'failed' });
    assert.equal(session.text, text);
  });

  it('comes after a failure to start, without a second failure', async () => {
    const session = newSession();
    const failures: Failure[] = [];
    session.on('failed', (failure) => failures.push(failure));
    const failAtStart: Failure = { kind: 'data', message: 'No such file.', problems: [] };
    await start(session, { failAtStart });
    await session.stop();
    assert.deepEqual(failures, [failAtStart]);
  });

  it('is complete after stop, even of a process that ignores SIGTERM', async () => {
    const session = await started({ ignoresSigterm: true });
    const { pid } = session;
    assert.ok(isRunning(pid));
    await session.stop();
    assert.equal(isRunning(pid), false);
    assert.equal(session.state, 'stopped');
    assert.ok(session.snapshot, 'the last run can still be looked at');
  });

  it('precedes the next engine on restart, and the last of several restarts wins', async () => {
    const session = await started();
    const { pid } = session;
    const restarts = [2, 5, 4].map((timeSteps) => start(session, { timeSteps }));
    await Promise.all(restarts);
    assert.equal(isRunning(pid), false);
    assert.equal(session.snapshot?.network.timeSteps, 4);
  });

  it('is what stop means while the engine starts', async () => {
    const session = newSession();
    const starting = start(session);
    while (session.pid === undefined) await setImmediate();
    const { pid } = session;
    await session.stop();
    await starting;
    assert.equal(isRunning(pid), false);
    assert.equal(session.state, 'stopped');
    assert.equal(session.pid, undefined);
  });
});
