import assert from 'node:assert/strict';
import test from 'node:test';
import { compile } from '../../../src/compile/network.ts';
import { schedule } from '../../../src/compile/schedule/build-schedule.ts';
import type { Schedule } from '../../../src/compile/schedule/schedule.ts';
import { checkedModel } from '../../support/engine.ts';
import { phasesText } from './schedule-text.ts';

async function scheduleOf(layers: string, cells = ''): Promise<Schedule> {
  const model = await checkedModel(`${cells}
    data { source = csv("t.csv") inputs = ["a", "b"] targets = ["c"] window = 5 }
    model { ${layers} dense linear }
    train { loss = mse optimizer = sgd(lr = 0.1) batch = 3 }`);
  return schedule(compile(model, { vocabulary: undefined }));
}

interface Case {
  readonly what: string;
  readonly cell: string;
  readonly forward: readonly string[];
  readonly adjoint: readonly string[];
}

const cases: readonly Case[] = [
  {
    what: 'an Elman cell: the input is projected for all steps at once, the rest is a product and a pass',
    cell: `cell Cell(units) {
      param W : [units, x] ~ glorot
      param U : [units, units] ~ orthogonal
      param b : [units] = 0
      h = tanh(W @ x + U @ h[t-1] + b)
      output h
    }`,
    forward: ['before: h.pre = b + W @ y', 'loop: h.pre += U @ h[-1]', 'loop: h = function tanh(h.pre)'],
    adjoint: ['loop: δh += Uᵀ @ δh.pre[1]', 'loop: δh.pre = derivative tanh(δh, h.pre, h)'],
  },
  {
    what: 'what nothing recurs on runs after the loop, and back before it',
    cell: `cell Cell(units) {
      param W : [units, x] ~ glorot
      param U, V : [units, units] ~ orthogonal
      s = tanh(W @ x - U @ s[t-1])
      h = s * (V @ s)
      output h
    }`,
    forward: [
      'before: s.pre = W @ y',
      'loop: s.pre += -U @ s[-1]',
      'loop: s = function tanh(s.pre)',
      'after: h.1 = V @ s',
      'after: h = multiply(s, h.1)',
    ],
    adjoint: [
      'before: δs = multiply(δh, h.1); δh.1 = multiply(δh, s)',
      'before: δs += Vᵀ @ δh.1',
      'loop: δs += Uᵀ @ δs.2[1]',
      'loop: δs.pre = derivative tanh(δs, s.pre, s); δs.2 = negate(δs.pre)',
    ],
  },
  {
    what: 'what feeds nothing but registers is not stored',
    cell: `cell Cell(units) {
      param a, b : [units] = 0.5
      param W : [units, x] ~ glorot
      u = W @ x
      h = a * h[t-1] + b * (u * u)
      output h
    }`,
    forward: [
      'before: u = W @ y',
      'before: h.3 = multiply(u, u); h.2 = multiply(b, h.3)',
      'loop: (h.1) = multiply(a, h[-1]); h = add(h.1, h.2)',
    ],
    adjoint: [],
  },
];

for (const { what, cell, forward, adjoint } of cases) {
  test(what, async () => {
    const { layers } = await scheduleOf('Cell(4)', cell);
    const layer = layers.find(({ program }) => program.id === 'layers.0')!;
    assert.deepEqual(phasesText(layer.forward), forward);
    if (adjoint.length > 0) assert.deepEqual(phasesText(layer.adjoint), adjoint);
  });
}

test('the four gates of an LSTM are one stage of products and one pass, forward and back', async () => {
  const { layers } = await scheduleOf('dense(3) LSTM(4)');
  const { forward, adjoint } = layers.find(({ program }) => program.id === 'layers.0')!;
  const kinds = ({ before, loop, after }: typeof forward): string[] =>
    [before, loop, after].map((stages) => stages.map(({ kind }) => kind).join(' '));
  assert.deepEqual(kinds(forward), ['products', 'products elementwise', '']);
  assert.deepEqual(kinds(adjoint), ['', 'products elementwise', 'products']);
});

test('a step that is read beyond the first or the last one is padded', async () => {
  const { arrays } = await scheduleOf(
    'Cell(4)',
    `cell Cell(units) {
      param W : [units, x] ~ glorot
      h = tanh(W @ x[t-2]) * h[t-3]
      output h
    }`,
  );
  const padding = arrays
    .filter(({ padBefore, padAfter }) => padBefore + padAfter > 0)
    .map(({ content, name, padBefore, padAfter }) => `${content} ${name} ${padBefore} ${padAfter}`);
  assert.deepEqual(padding.toSorted(), ['adjoint h 0 3', 'value h 3 0', 'value h.1 0 3', 'value y 2 0']);
});

test('of what is owed to the start no more time steps are computed than reach it', async () => {
  const { layers, arrays } = await scheduleOf(
    'Cell(4)',
    `cell Cell(units) {
      param W : [units, x] ~ glorot
      param U : [units, units] ~ orthogonal
      param h0 : [] = 0.5
      initial h = h0
      h = tanh(W @ x + U @ h[t-2])
      output h
    }`,
  );
  const { adjoint, gradients } = layers.find(({ program }) => program.id === 'layers.0')!;
  assert.deepEqual(phasesText(adjoint), [
    'loop: δh += Uᵀ @ δh.pre[2]',
    'loop: δh.pre = derivative tanh(δh, h.pre, h)',
    'after: δh[t-2] = Uᵀ @ δh.pre',
    'after: δh[t-2]·sum = sumUnits(δh[t-2])',
  ]);
  const steps = arrays.filter((array) => array.steps !== undefined).map(({ name, steps }) => [name, steps]);
  assert.deepEqual(steps, [
    ['h[t-2]', 2],
    ['h[t-2]·sum', 2],
  ]);
  assert.deepEqual(
    gradients.map(({ parameter, kind, adjoint: { array } }) => `${parameter}: ${kind} of ${array.name}`),
    ['U: outer of h.pre', 'W: outer of h.pre', 'h0: sum of h[t-2]·sum'],
  );
});

test('an input that differs from the output below before the first step is kept apart', async () => {
  const { layers } = await scheduleOf(
    'Below(4) Above(3)',
    `cell Below(units) {
      param W : [units, x] ~ glorot
      initial h = 0.5
      h = tanh(W @ x) * h[t-1]
      output h
    }
    cell Above(units) {
      param W : [units, x] ~ glorot
      h = tanh(W @ x[t-1])
      output h
    }`,
  );
  const above = layers.find(({ program }) => program.id === 'layers.1')!;
  assert.deepEqual(phasesText(above.forward).slice(0, 2), [
    'before: x = copy(h)',
    'before: h.pre = W @ x[-1]',
  ]);
});
