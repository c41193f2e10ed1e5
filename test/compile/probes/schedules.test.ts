import assert from 'node:assert/strict';
import test from 'node:test';
import { compile, type Network } from '../../../src/compile/network.ts';
import { contributionSchedule } from '../../../src/compile/probes/contribution-schedule.ts';
import { jacobianSchedule, statesOf } from '../../../src/compile/probes/jacobian-schedule.ts';
import { checkedModel } from '../../support/engine.ts';
import { phasesText } from '../schedule/schedule-text.ts';

async function networkOf(layers: string): Promise<Network> {
  const model = await checkedModel(`
    data { source = csv("t.csv") inputs = ["a", "b"] targets = ["c"] window = 5 }
    model { ${layers} dense linear }
    train { loss = mse optimizer = sgd(lr = 0.1) batch = 3 }`);
  return compile(model, { vocabulary: undefined });
}

function jacobianText(network: Network): string[] {
  const { schedule } = jacobianSchedule(network, 'layers.0', statesOf(network, 'layers.0'), 4);
  return schedule.layers.flatMap(({ forward, adjoint }) => [...phasesText(forward), ...phasesText(adjoint)]);
}

test('the Jacobian of an Elman cell is its matrix with scaled rows', async () => {
  assert.deepEqual(jacobianText(await networkOf('Elman(4)')), [
    'before: (δh of h) = copy(1); δh.pre of h = derivative tanh(δh of h, h.pre, h)',
    'before: δ∂h/∂h[t-1] of h = diagonalProduct(δh.pre of h)',
  ]);
});

test('the Jacobian of an LSTM takes no product of two matrices', async () => {
  const network = await networkOf('LSTM(4)');
  const { schedule, blocks } = jacobianSchedule(network, 'layers.0', statesOf(network, 'layers.0'), 4);
  const kinds = schedule.layers.flatMap(({ adjoint }) => adjoint.before.map(({ kind }) => kind));
  assert.ok(!kinds.includes('products'), kinds.join(' '));
  assert.deepEqual(
    blocks.map(({ of, by, array }) => `∂${of}/∂${by} ${array.rows === 1 ? 'diagonal' : 'dense'}`).toSorted(),
    ['∂c/∂c diagonal', '∂c/∂h dense', '∂h/∂c diagonal', '∂h/∂h dense'],
  );
});

test('the Jacobian of a GRU takes one, behind the reset gate', async () => {
  const text = jacobianText(await networkOf('GRU(4)'));
  assert.deepEqual(
    text.filter((line) => line.includes('@')),
    ['before: δ∂h/∂h[t-1] of h += U_rᵀ @ δr.pre of h'],
  );
});

test('contributions walk back from the topmost cell, with what lies above done at once for all losses', async () => {
  const network = await networkOf('LSTM(3) dense(4) Elman(4)');
  const plan = contributionSchedule(network, { layer: 'layers.0', quantity: 'h' }, 2);
  const ids = (layers: readonly { readonly program: { readonly id: string } }[]): string[] =>
    layers.map(({ program }) => program.id);
  assert.deepEqual(ids(plan.above), ['dense.1', 'linear', 'loss']);
  assert.deepEqual(ids(plan.through!.layers), ['layers.0', 'dense.0', 'layers.1']);
  assert.deepEqual(phasesText(plan.through!.layers.at(-1)!.adjoint), [
    'loop: δh += Uᵀ @ δh.pre[1]',
    'loop: δh.pre = derivative tanh(δh, h.pre, h)',
    'after: δy = Wᵀ @ δh.pre',
  ]);
  assert.ok(plan.schedule.arrays.every(({ content, rows }) => content === 'adjoint' || rows === 1));
});

test('below no cell there is nothing to walk through', async () => {
  const network = await networkOf('LSTM(3)');
  const plan = contributionSchedule(network, { layer: 'dense', quantity: 'y' }, 2);
  assert.equal(plan.through, undefined);
  assert.equal(plan.gradient.name, 'y');
});
