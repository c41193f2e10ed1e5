/** The engine's side of the protocol, without a process. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Controller } from '../../src/engine/controller.ts';
import type { EngineCommand, EngineEvent } from '../../src/protocol/engine.ts';
import type { Frame, Heatmap, Watch } from '../../src/protocol/frame.ts';
import { verdictOf } from '../../src/protocol/gradient-check.ts';
import { notComputedCode } from '../../src/protocol/quantise.ts';
import { analyzer, places } from '../support/engine.ts';

const source = `data { source = text("t.txt") window = 4 }
model { onehot LSTM(3) dense softmax }
train { loss = cross_entropy optimizer = adam(lr = 0.01) batch = 2 epochs = 3 seed = 5 }`;

const everything: Watch = {
  unrolled: true,
  gates: {
    layer: 'layers.0',
    show: 'value',
    of: 'sample',
    preActivations: true,
    pixels: { across: 100, down: 100 },
  },
  gradientFlow: true,
  sample: 1,
};
const nothing: Watch = { unrolled: false, gates: undefined, gradientFlow: false, sample: 0 };

interface Engine {
  readonly events: EngineEvent[];
  send(command: EngineCommand): Promise<void>;
  start(text: string, watch?: Watch, train?: string): Promise<void>;
  checkGradients(text: string, train?: string): Promise<void>;
}

function createEngine(context: TestContext, data = 'one two three four five six seven eight nine'): Engine {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-controller-'));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 't.txt'), data);
  const events: EngineEvent[] = [];
  const controller = new Controller({
    analyze: (uri, text) => analyzer.analyze(uri, text),
    places,
    send: (event) => events.push(event),
  });
  const uri = pathToFileURL(join(folder, 'model.rnn')).href;
  return {
    events,
    send: (command) => controller.receive(command),
    start: (text, watch = everything, train) =>
      controller.receive({ kind: 'start', uri, text, train, backend: 'compiled', watch }),
    checkGradients: (text, train) =>
      controller.receive({ kind: 'checkGradients', uri, text, train, backend: 'compiled' }),
  };
}

function lastFrame({ events }: Engine): Frame {
  const event = events.at(-1)!;
  if (event.kind === 'failed') throw new Error(event.failure.message);
  if (!('frame' in event)) throw new Error(`${event.kind} has no frame.`);
  return event.frame;
}

/** Which columns of a picture have colour from top to bottom. */
function filledColumns({ codes, columns, rows }: Heatmap): number[] {
  const all = Array.from({ length: columns }, (_, column) => column + 1);
  const isFilled = (row: number, column: number) => codes[row * columns + column - 1] !== notComputedCode;
  return all.filter((column) => Array.from({ length: rows }).every((_, row) => isFilled(row, column)));
}

function filledSteps(norms: Float32Array): number[] {
  return [...norms.keys()].filter((index) => !Number.isNaN(norms[index])).map((index) => index + 1);
}

test('start loads the first minibatch and stands before its first time step', async (context) => {
  const engine = createEngine(context);
  await engine.start(source);
  const [started] = engine.events;
  assert.ok(started?.kind === 'started');
  const vocabulary = started.network.layers[0]!.quantities[0]!.size;
  const lstm = 4 * (3 * vocabulary + 3 * 3 + 3);
  assert.equal(started.network.parameterCount, lstm + vocabulary * (3 + 1));
  assert.deepEqual(started.frame.position, { iteration: 1, phase: 'forward', t: 0 });
  assert.equal(started.frame.sample?.inputs.length, 4);
  assert.deepEqual(started.frame.sample?.predictions, []);
  assert.equal(started.backend.name, 'compiled');
});

test('frames fill from the left going forward and from the right going backward', async (context) => {
  const engine = createEngine(context);
  await engine.start(source);
  await engine.send({ kind: 'step', granularity: 'timeStep' });
  await engine.send({ kind: 'step', granularity: 'timeStep' });
  const forward = lastFrame(engine);
  assert.equal(forward.forwardThrough, 2);
  assert.deepEqual(forward.heatmaps.map(({ quantity }) => quantity).sort(), [
    ...['c', 'f', 'f.pre', 'g', 'g.pre', 'h', 'i', 'i.pre', 'o', 'o.pre'],
  ]);
  for (const heatmap of forward.heatmaps) assert.deepEqual(filledColumns(heatmap), [1, 2]);
  assert.equal(forward.sample?.predictions.length, 2);

  await engine.send({
    kind: 'watch',
    watch: {
      ...everything,
      gates: { ...everything.gates!, show: 'adjoint', of: 'batchMean', preActivations: false },
    },
  });
  await engine.send({ kind: 'step', granularity: 'phase' });
  await engine.send({ kind: 'step', granularity: 'phase' });
  assert.equal(typeof lastFrame(engine).loss, 'number');
  await engine.send({ kind: 'step', granularity: 'timeStep' });
  const backward = lastFrame(engine);
  assert.deepEqual(backward.position, { iteration: 1, phase: 'backward', t: 4 });
  assert.deepEqual(backward.heatmaps.map(({ quantity }) => quantity).sort(), ['c', 'f', 'g', 'h', 'i', 'o']);
  for (const heatmap of backward.heatmaps) assert.deepEqual(filledColumns(heatmap), [4]);
  const states = backward.norms.filter(({ layer, content }) => layer === 'layers.0' && content === 'adjoint');
  assert.deepEqual(states.map(({ quantity }) => quantity).sort(), ['c', 'h']);
  for (const { norms } of states) assert.deepEqual(filledSteps(norms), [4]);
});

test('what nobody watches is not sent', async (context) => {
  const engine = createEngine(context);
  await engine.start(source, nothing);
  await engine.send({ kind: 'step', granularity: 'iteration' });
  const { norms, heatmaps, sample } = lastFrame(engine);
  assert.deepEqual({ norms, heatmaps, sample }, { norms: [], heatmaps: [], sample: undefined });
});

test('training runs to the end and reports every iteration once', async (context) => {
  const engine = createEngine(context);
  await engine.start(source, nothing);
  await engine.send({ kind: 'step', granularity: 'iteration' });
  await engine.send({ kind: 'train' });
  const finished = engine.events.at(-1);
  assert.ok(finished?.kind === 'progress' && finished.state === 'finished');
  const iterations = engine.events.flatMap((event) =>
    event.kind === 'progress' ? event.metrics.map(({ iteration }) => iteration) : [],
  );
  assert.deepEqual(
    iterations,
    Array.from({ length: iterations.length }, (_, index) => index + 1),
  );
  assert.equal(iterations.length, finished.frame.position.iteration);
});

const endless = source.replace('epochs = 3', 'epochs = 1000000');

function freeFrames({ events }: Engine): number {
  return events.filter((event) => event.kind === 'progress' && event.state === 'running').length;
}

test('a free run sends a frame only when the last one was received, and a pause is exact at once', async (context) => {
  const engine = createEngine(context);
  await engine.start(endless);
  const running = engine.send({ kind: 'train' });
  await delay(150);
  assert.equal(freeFrames(engine), 1, 'nobody has received the first frame');
  for (let frames = 2; frames <= 3; frames++) {
    await engine.send({ kind: 'received' });
    await delay(150);
    assert.equal(freeFrames(engine), frames);
  }
  const finished = engine.events.flatMap((event) => (event.kind === 'progress' ? event.metrics : []));
  await engine.send({ kind: 'pause' });
  await running;
  const paused = engine.events.at(-1);
  assert.ok(paused?.kind === 'progress' && paused.state === 'paused');
  const { iteration } = paused.frame.position;
  assert.equal(paused.metrics.at(-1)?.iteration, iteration, 'of the very iteration that it stands at');
  const reported = [...finished, ...paused.metrics].map((point) => point.iteration);
  assert.deepEqual(
    reported,
    [...new Set(reported)].sort((a, b) => a - b),
    'each once, oldest first',
  );
});

test('what is watched in a free run comes with its next frame', async (context) => {
  const engine = createEngine(context);
  await engine.start(endless, nothing);
  const running = engine.send({ kind: 'train' });
  await delay(20);
  await engine.send({ kind: 'received' });
  await engine.send({ kind: 'watch', watch: everything });
  await delay(40);
  const newest = engine.events.at(-1);
  assert.ok(newest?.kind === 'progress' && newest.state === 'running');
  assert.ok(newest.frame.heatmaps.length > 0);
  await engine.send({ kind: 'pause' });
  await running;
});

test('a cell that is read is told in full precision, of the very frame that was sent', async (context) => {
  const engine = createEngine(context);
  await engine.start(source);
  await engine.send({ kind: 'step', granularity: 'timeStep' });
  const cell = { quantity: 'c', t: 1, unit: 2 };
  await engine.send({ kind: 'read', cell });
  const answer = engine.events.at(-1);
  assert.ok(answer?.kind === 'reading' && answer.reading);
  const { value, ...place } = answer.reading;
  assert.deepEqual(place, { ...cell, layer: 'layers.0', content: 'value', sample: 1 });
  assert.ok(value !== 0 && Math.fround(value) === value);
  await engine.send({ kind: 'step', granularity: 'timeStep' });
  assert.deepEqual(lastFrame(engine).reading, answer.reading);
  for (const unknown of [{ ...cell, t: 3 }, { ...cell, unit: 3 }, { ...cell, quantity: 'q' }, undefined]) {
    await engine.send({ kind: 'read', cell: unknown });
    assert.deepEqual(engine.events.at(-1), { kind: 'reading', reading: undefined });
  }
});

const failures = [
  {
    what: 'a source with an error',
    text: source.replace('LSTM', 'LSTN'),
    kind: 'source',
    message: /line 2: .*LSTN/,
  },
  { what: 'a source without blocks', text: '', kind: 'source', message: /nothing to train/ },
  {
    what: 'a missing data file',
    text: source.replace('t.txt', 'u.txt'),
    kind: 'data',
    message: /There is no file "u\.txt"/,
  },
  {
    what: 'more units than fit into memory',
    text: source.replace(/LSTM\(\d+\)/, 'LSTM(10000000)'),
    kind: 'source',
    message: /needs [\d,]+ GB of memory .*`LSTM\(10000000\)` alone takes/,
  },
] as const;

for (const { what, text, kind, message } of failures) {
  test(`start fails clearly: ${what}`, async (context) => {
    const engine = createEngine(context);
    await engine.start(text);
    const [failed] = engine.events;
    assert.equal(engine.events.length, 1);
    assert.ok(failed?.kind === 'failed' && failed.failure.kind === kind);
    assert.match(failed.failure.message, message);
  });
}

test('a divergence is shown where it happened, and the run stays to be looked at', async (context) => {
  const engine = createEngine(context);
  const cell = 'cell Bad(units) { param W : [units, x] ~ glorot h = log(0 * (W @ x) - 1) output h }';
  await engine.start(`${cell} ${source.replace('LSTM', 'Bad')}`);
  await engine.send({ kind: 'step', granularity: 'iteration' });
  const [progress, failed] = engine.events.slice(-2);
  assert.ok(progress?.kind === 'progress' && progress.state === 'failed');
  assert.ok(failed?.kind === 'failed' && failed.failure.kind === 'diverged');
  await engine.send({ kind: 'watch', watch: everything });
  assert.equal(lastFrame(engine).forwardThrough, 4);
});

const twoRuns = source.replace('train {', 'train quick {').concat(`
train slow { loss = cross_entropy optimizer = sgd(lr = 0.1) batch = 3 epochs = 7 }`);

test('start takes the train block that is named, or else the first', async (context) => {
  for (const [train, epochs] of [
    [undefined, 3],
    ['slow', 7],
  ] as const) {
    const engine = createEngine(context);
    await engine.start(twoRuns, nothing, train);
    const [started] = engine.events;
    assert.ok(started?.kind === 'started');
    assert.equal(started.network.epochs, epochs);
  }
});

test('gradients are checked for the train block that is named', async (context) => {
  const engine = createEngine(context);
  await engine.checkGradients(twoRuns, 'slow');
  const [checked] = engine.events;
  assert.ok(checked?.kind === 'gradientsChecked');
  assert.deepEqual(new Set(checked.report.parameters.map(verdictOf)), new Set(['right']));
  assert.equal(checked.report.parameters.length, 14);
});

test('gradients of a file with errors are not checked', async (context) => {
  const engine = createEngine(context);
  await engine.checkGradients(twoRuns, 'fast');
  const [failed] = engine.events;
  assert.ok(failed?.kind === 'failed');
  assert.match(failed.failure.message, /has no train block "fast"/);
});
