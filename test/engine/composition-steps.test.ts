/** What a step computes where layers stand above pooling, or read the sequence from its end. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Observer } from '../../src/engine/frame.ts';
import { encodeTrace } from '../../src/engine/trace-file.ts';
import type { Training } from '../../src/engine/training.ts';
import { decodeSafetensors } from '../cli/safetensors.ts';
import { type BackendUnderTest, backend, createTestRun, testedBackends } from '../support/engine.ts';
import { table, tableModel, text, textModel } from './gradient-checks.ts';

const pipelines = [
  tableModel('residual { layer_norm GRU(2) dropout(0.2) } LSTM(4, recurrent_dropout = 0.2) dense linear'),
  tableModel('LSTM(3) mean residual { layer_norm dense(3) } dropout(0.3) dense linear'),
  textModel('embed(3) LSTM(4) bidirectional(GRU(3)) LSTM(3) tie softmax'),
  textModel('embed(3) bidirectional(LSTM(4)) bidirectional(GRU(3), merge = sum) last dense softmax'),
];

async function trainingOf(model: string, { choice, threads }: BackendUnderTest): Promise<Training> {
  const data = model.includes('t.csv') ? table : text;
  return (await createTestRun(model, data, backend(choice, threads))).training;
}

const tolerance = 1e-5;

/** Compiled code gives the same bits in whatever steps, the others the same to float32 rounding. */
function assertSame(one: Training, other: Training, isExact: boolean): void {
  const pairs = [
    ...one.trace.arrays.map(({ data }, index) => [data, other.trace.arrays[index]!.data] as const),
    ...one.parameters.map(({ values }, index) => [values, other.parameters[index]!.values] as const),
  ];
  for (const [expected, actual] of pairs) {
    if (isExact) assert.deepEqual(actual, expected);
    else assert.ok(actual.every((entry, index) => Math.abs(entry - expected[index]!) < tolerance));
  }
}

for (const request of testedBackends) {
  for (const model of pipelines) {
    const [, layers] = /model \{ (.*) \}\n/.exec(model)!;
    test(`${layers} in steps and at once: ${request.choice}, ${request.threads} threads`, async () => {
      const [stepped, whole, inPhases] = await Promise.all([1, 2, 3].map(() => trainingOf(model, request)));
      for (let iteration = 1; iteration <= 3; iteration += 1) {
        whole!.step('iteration');
        for (let phase = 0; phase < 4; phase += 1) inPhases!.step('phase');
        do stepped!.step('timeStep');
        while (stepped!.position.phase !== 'update');
        assertSame(whole!, stepped!, request.choice === 'compiled');
        assertSame(whole!, inPhases!, true);
      }
      for (const training of [stepped, whole, inPhases]) training!.dispose();
    });
  }
}

const compiled = testedBackends[0]!;
const T = 5;

interface Known {
  readonly layer: string;
  readonly quantity: string;
  /** After two steps forward, after all of them, after two steps backward, after all. */
  readonly values: readonly [readonly number[], readonly number[]];
  readonly adjoints: readonly [readonly number[], readonly number[]];
}

const all = [1, 2, 3, 4, 5];
const goesAlong = { values: [[1, 2], all], adjoints: [[4, 5], all] } as const;
const onceAtTheEnd = { values: [[], [5]], adjoints: [[5], [5]] } as const;

const known: readonly { readonly layers: string; readonly expected: readonly Known[] }[] = [
  {
    layers: 'embed(3) LSTM(4) mean layer_norm dense softmax',
    expected: [
      { layer: 'embed', quantity: 'y', ...goesAlong },
      { layer: 'layers.0', quantity: 'h', ...goesAlong },
      { layer: 'mean', quantity: 'sum', ...goesAlong },
      { layer: 'mean', quantity: 'y', values: goesAlong.values, adjoints: onceAtTheEnd.adjoints },
      { layer: 'layer_norm', quantity: 'y', ...onceAtTheEnd },
      { layer: 'dense', quantity: 'y', ...onceAtTheEnd },
    ],
  },
  {
    layers: 'embed(3) LSTM(4) bidirectional(GRU(3)) LSTM(3) dense softmax',
    expected: [
      { layer: 'embed', quantity: 'y', values: goesAlong.values, adjoints: [[], all] },
      { layer: 'layers.0', quantity: 'h', values: goesAlong.values, adjoints: [[], all] },
      { layer: 'layers.1.forward', quantity: 'h', ...goesAlong },
      { layer: 'layers.1.backward', quantity: 'h', values: [[], all], adjoints: [[], all] },
      { layer: 'bidirectional', quantity: 'y', values: [[], all], adjoints: goesAlong.adjoints },
      { layer: 'layers.2', quantity: 'h', values: [[], all], adjoints: goesAlong.adjoints },
      { layer: 'dense', quantity: 'y', values: [[], all], adjoints: goesAlong.adjoints },
    ],
  },
];

for (const { layers, expected } of known) {
  test(`which time steps of ${layers} are known`, async () => {
    const training = await trainingOf(textModel(layers), compiled);
    const check = (content: 'value' | 'adjoint', at: 0 | 1): void => {
      for (const { layer, quantity, values, adjoints } of expected) {
        const array = training.trace.find(layer, quantity, content)!;
        const { from, to } = training.knownSteps(array);
        const steps = all.filter((t) => t >= from && t <= to);
        assert.deepEqual(steps, (content === 'value' ? values : adjoints)[at], `${content} of ${layer}`);
      }
    };
    for (let step = 0; step < 2; step += 1) training.step('timeStep');
    check('value', 0);
    for (let step = 2; step < T; step += 1) training.step('timeStep');
    check('value', 1);
    for (const { layer, quantity } of expected) {
      const { from, to } = training.knownSteps(training.trace.find(layer, quantity, 'adjoint')!);
      assert.ok(from > to);
    }
    for (let step = 0; step < 3; step += 1) training.step('timeStep');
    check('adjoint', 0);
    training.step('phase');
    check('adjoint', 1);
    training.dispose();
  });
}

test('panels see a plain list of layers, from input to output', async () => {
  const layers = 'embed(4) residual { bidirectional(GRU(4), merge = sum) dropout(0.2) } mean tie softmax';
  const { network, training } = await createTestRun(textModel(layers), text, backend('compiled'));
  assert.deepEqual(
    network.layers.map(({ id, kind, label }) => `${id}, ${kind}: ${label}`),
    [
      'embed, embed: embed(4)',
      'layers.0.forward, cell: bidirectional(GRU(4), merge = sum), forward',
      'layers.0.backward, cell: bidirectional(GRU(4), merge = sum), backward',
      'bidirectional, bidirectional: bidirectional(GRU(4), merge = sum)',
      'dropout, dropout: dropout(0.2)',
      'residual, residual: residual',
      'mean, mean: mean',
      'tie, tie: tie',
      'softmax, softmax: softmax',
    ],
  );
  const [, , backward] = network.layers;
  const x = backward!.quantities.find(({ name }) => name === 'x')!;
  assert.equal(x.equation, 'x = embed(4), from its end');
  training.dispose();
});

test('above pooling a sample has one target and one prediction', async () => {
  const run = await createTestRun(textModel('embed(3) GRU(4) last dense softmax'), text, backend('compiled'));
  const observer = new Observer(run.training, run.dataset);
  const watch = { unrolled: true, gates: undefined, gradientFlow: true, sample: 1 };
  run.training.step('timeStep');
  assert.deepEqual(observer.observe(watch).sample!.predictions, []);
  run.training.step('phase');
  const { sample, norms } = observer.observe(watch);
  const { batch } = run.training;
  assert.deepEqual(sample!.targets, [...Array(T - 1).fill(undefined), run.dataset.targetText(batch, T, 1)]);
  assert.equal(sample!.predictions.filter((prediction) => prediction !== undefined).length, 1);
  const logits = norms.find(({ layer, content }) => layer === 'dense' && content === 'value')!;
  assert.deepEqual(logits.computed, { from: T, to: T });
  assert.deepEqual(
    [...logits.norms].map((norm) => Number.isFinite(norm)),
    [false, false, false, false, true],
  );
  run.training.dispose();
});

test('the cell that reads from the end is shown in the order of the sequence, and one loss once', async () => {
  const layers = 'embed(3) bidirectional(GRU(3)) last dense softmax';
  const training = await trainingOf(textModel(layers), compiled);
  for (let phase = 0; phase < 3; phase += 1) training.step('phase');
  const { tensors } = decodeSafetensors(encodeTrace(training, {}));
  const tensor = (name: string) => tensors.get(name)!;
  const { batchSize } = training.network;
  const merged = tensor('bidirectional.y').data;
  for (const [index, name] of ['layers.0.forward.h', 'layers.0.backward.h'].entries()) {
    const { data, shape } = tensor(name);
    assert.deepEqual(shape, [T, batchSize, 3]);
    for (let row = 0; row < T * batchSize; row += 1) {
      const start = row * 6 + index * 3;
      assert.deepEqual(merged.subarray(start, start + 3), data.subarray(row * 3, row * 3 + 3));
    }
  }
  assert.deepEqual(tensor('layers.0.backward.x').data, tensor('embed.y').data);
  assert.deepEqual(tensor('dense.y').shape.slice(0, 2), [1, batchSize]);
  assert.deepEqual(tensor('loss_per_step').shape, [1, batchSize]);
  const losses = [...tensor('loss_per_step').data];
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / batchSize;
  assert.ok(Math.abs(training.loss! - mean) < 1e-6);
  training.dispose();
});
