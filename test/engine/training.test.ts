import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { DivergenceError, type Training } from '../../src/engine/training.ts';
import type { Granularity } from '../../src/protocol/position.ts';
import { manyFunctions } from '../support/cells.ts';
import { backend, backendNames, createTestRun } from '../support/engine.ts';

const text =
  'she sells sea shells by the sea shore, and the shells she sells are sea shells for sure; '.repeat(4);

function model(
  options: {
    readonly layers?: string;
    readonly optimizer?: string;
    readonly clip?: string;
    readonly epochs?: number;
  } = {},
) {
  const { optimizer = 'adam(lr = 0.02)', clip = 'clip = norm(0.5)', epochs = 4 } = options;
  const { layers = 'onehot LSTM(5) GRU(4)' } = options;
  return `${manyFunctions}
    data { source = text("t.txt") window = 6 }
    model { ${layers} dense softmax }
    train { loss = cross_entropy optimizer = ${optimizer} batch = 4 epochs = ${epochs} ${clip} seed = 3 }`;
}

/** Bit patterns, so that −0 and NaN count too. */
function parameterBits({ parameters }: Training): number[][] {
  return parameters.map(({ values }) => [...new Uint32Array(values.slice().buffer)]);
}

function traceBits({ trace }: Training): number[][] {
  return trace.arrays.map(({ data }) => [...new Uint32Array(data.slice().buffer)]);
}

/** TensorFlow rounds products of one time step otherwise than those of many; its own tests hold it to a tolerance. */
const exactBackends = backendNames.filter((name) => name !== 'tensorflow');

const walked = exactBackends.flatMap((name) =>
  ['onehot LSTM(5) GRU(4)', 'embed(3) ManyFunctions(5) ManyFunctions(3)'].map((layers) => ({ name, layers })),
);

for (const { name, layers } of walked) {
  test(`stepping ${layers} in any way arrives at the same bits as running, ${name}`, async () => {
    const engine = backend(name);
    const iterations = 3;
    const straight = (await createTestRun(model({ layers }), text, engine)).training;
    for (let iteration = 1; iteration <= iterations; iteration += 1) straight.step('iteration');
    const granularity = fc.constantFrom<Granularity>(
      'timeStep',
      'timeStep',
      'timeStep',
      'phase',
      'iteration',
    );
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(granularity), async (walk) => {
        const { training } = await createTestRun(model({ layers }), text, engine);
        while (!(training.position.phase === 'update' && training.position.iteration === iterations)) {
          training.step(walk.next().value!);
        }
        assert.deepEqual(parameterBits(training), parameterBits(straight));
        assert.deepEqual(traceBits(training), traceBits(straight));
        training.dispose();
      }),
      { numRuns: 8 },
    );
    straight.dispose();
  });
}

for (const name of backendNames) {
  test(`the loss falls, ${name}`, async () => {
    const { training } = await createTestRun(model(), text, backend(name));
    while (!training.isFinished) training.step('iteration');
    const losses = training.takeMetrics().map(({ loss }) => loss);
    assert.equal(losses.length, training.iterations);
    assert.ok(losses.at(-1)! < 0.9 * losses[0]!, `from ${losses[0]} to ${losses.at(-1)}`);
    training.dispose();
  });
}

test('the backends agree to float32 rounding', async () => {
  const losses = await Promise.all(
    backendNames.map(async (name) => {
      const { training } = await createTestRun(model(), text, backend(name));
      while (training.position.iteration < 10 || training.position.phase !== 'update') training.step('phase');
      return training.takeMetrics().map(({ loss }) => loss);
    }),
  );
  for (const other of losses.slice(1)) {
    for (const [iteration, loss] of other.entries()) {
      assert.ok(Math.abs(loss - losses[0]![iteration]!) < 1e-5, `iteration ${iteration + 1}`);
    }
  }
});

test('an iteration is walked forward, to the loss, backward and through the update', async () => {
  const { training } = await createTestRun(model(), text, backend('compiled'));
  const walk: string[] = [];
  const known: [number, number][] = [];
  for (let press = 0; press < 15; press += 1) {
    training.step('timeStep');
    const { iteration, phase, t } = training.position;
    walk.push(`${iteration} ${phase} ${t}`);
    known.push([training.forwardThrough, training.backwardFrom]);
  }
  const forward = [1, 2, 3, 4, 5, 6];
  assert.deepEqual(walk, [
    ...forward.map((t) => `1 forward ${t}`),
    '1 loss 0',
    ...forward.toReversed().map((t) => `1 backward ${t}`),
    '1 update 0',
    '2 forward 1',
  ]);
  assert.deepEqual(known, [
    ...forward.map((t) => [t, 7]),
    [6, 7],
    ...forward.toReversed().map((t) => [6, t]),
    [6, 1],
    [1, 7],
  ]);
});

test('clipping scales the gradient down to its limit and leaves a smaller one alone', async () => {
  const { training } = await createTestRun(model({ clip: 'clip = norm(0.01)' }), text, backend('compiled'));
  training.step('iteration');
  const [clipped] = training.takeMetrics();
  assert.ok(clipped!.gradientNorm > 0.01);
  assert.ok(Math.abs(clipped!.clippedGradientNorm - 0.01) < 1e-12);
  const { training: free } = await createTestRun(
    model({ clip: 'clip = norm(1000)' }),
    text,
    backend('compiled'),
  );
  free.step('iteration');
  const [unclipped] = free.takeMetrics();
  assert.equal(unclipped!.clippedGradientNorm, unclipped!.gradientNorm);
});

test('a run that diverges says where, and what helps', async () => {
  const { training } = await createTestRun(
    `data { source = csv("t.csv") inputs = ["v"] targets = ["v"] window = 4 split = holdout(train = 100%, dev = 0%, test = 0%) }
     cell Sinking(units) {
       param W : [units, x] ~ glorot
       c = 0.1 + c[t-1] + 0 * (W @ x)
       h = c + log(0.25 - c)
       output h
     }
     model { Sinking(2) dense linear }
     train { loss = mse optimizer = sgd(lr = 0.5) batch = 1 seed = 1 }`,
    `v\n${'3\n'.repeat(12)}`,
    backend('compiled'),
  );
  assert.throws(
    () => training.step('iteration'),
    (error) => {
      assert.ok(error instanceof DivergenceError);
      assert.match(
        error.message,
        /^The loss became NaN in iteration 1, first at t = 3 in h of layers\.0\. Lower the learning rate \(now 0\.5\) or add clip = norm\(1\), then restart\.$/,
      );
      return true;
    },
  );
  assert.equal(training.position.phase, 'loss');
});

test('nothing moves after the last epoch', async () => {
  const { training } = await createTestRun(model({ epochs: 1 }), text, backend('compiled'));
  while (!training.isFinished) training.step('phase');
  const before = parameterBits(training);
  const { position } = training;
  for (const granularity of ['timeStep', 'phase', 'iteration'] as const) training.step(granularity);
  assert.deepEqual(training.position, position);
  assert.deepEqual(parameterBits(training), before);
});
