/** What the loop over time is left with: everything else is computed for many time steps at once. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { compile } from '../../../src/compile/network.ts';
import { namedValues } from '../../../src/compile/program.ts';
import { planOf, type Segment, type Stage } from '../../../src/engine/tensorflow/plan/plan.ts';
import { traceKey } from '../../../src/engine/trace.ts';
import { checkedModel } from '../../support/engine.ts';

/** With the stages of all segments. */
async function planFor(layers: string, cells = '') {
  const model = await checkedModel(`${cells}
    data { source = text("t.txt") window = 5 }
    model { ${layers} dense softmax }
    train { loss = cross_entropy optimizer = sgd(lr = 0.1) batch = 3 }`);
  const network = compile(model, { vocabulary: 7 });
  const recorded = network.layers.flatMap((layer) =>
    namedValues(layer).flatMap(({ name }) => [
      traceKey(layer.id, name, 'value'),
      traceKey(layer.id, name, 'adjoint'),
    ]),
  );
  const plan = planOf(network, (key) => recorded.includes(key));
  const stages = (segments: readonly Segment[]): Stage[] => segments.flatMap((segment) => segment.stages);
  return { inputs: plan.inputs, forward: stages(plan.forward), backward: stages(plan.backward) };
}

/** Kinds of operations that take place at every time step of the loops, [products, everything else but copies]. */
function stepwise(stages: readonly Stage[]): [number, number] {
  const definitions = stages.filter(({ recurs }) => recurs).flatMap((stage) => stage.definitions);
  const kinds = definitions.flatMap(({ terms }) => terms.map(({ operation }) => operation.kind));
  const products = kinds.filter((kind) => kind === 'product').length;
  return [products, kinds.filter((kind) => kind !== 'product' && kind !== 'copy' && kind !== 'part').length];
}

const peephole = `cell Peephole(units) {
  param W_f, W_g, W_o : [units, x] ~ glorot
  param U_f, U_g, U_o : [units, units] ~ orthogonal
  param p_f, p_o : [units] = 0
  f = sigmoid(W_f @ x + U_f @ h[t-1] + p_f * c[t-1])
  g = tanh(W_g @ x + U_g @ h[t-1])
  c = f * c[t-1] + (1 - f) * g
  o = sigmoid(W_o @ x + U_o @ h[t-1] + p_o * c)
  h = o * tanh(c)
  output h
}`;

const counts: readonly {
  readonly layers: string;
  readonly cells?: string;
  readonly forward: [number, number];
  readonly backward: [number, number];
}[] = [
  { layers: 'onehot Elman(4)', forward: [1, 1], backward: [1, 1] },
  { layers: 'onehot LSTM(4)', forward: [1, 8], backward: [1, 11] },
  { layers: 'embed(3) LSTM(4)', forward: [1, 8], backward: [1, 11] },
  { layers: 'onehot LSTM(4) LSTM(3)', forward: [2, 16], backward: [2, 22] },
  { layers: 'onehot GRU(4)', forward: [2, 7], backward: [2, 10] },
  { layers: 'onehot Peephole(4)', cells: peephole, forward: [1, 10], backward: [1, 13] },
  { layers: 'embed(3)', forward: [0, 0], backward: [0, 0] },
];

for (const { layers, cells, forward, backward } of counts) {
  test(`every step of ${layers}: ${forward[0]} products forward, ${backward[0]} backward`, async () => {
    const plan = await planFor(layers, cells);
    assert.deepEqual(stepwise(plan.forward), forward);
    assert.deepEqual(stepwise(plan.backward), backward);
  });
}

test('an input that is delayed does not recur, nor does what is fed forward alone', async () => {
  const plan = await planFor(
    'embed(3) Taps(4)',
    `cell Taps(units) {
      param W, V : [units, x] ~ glorot
      a = tanh(W @ x + V @ x[t-2])
      h = a + 0.5 * a[t-1]
      output h
    }`,
  );
  assert.ok([...plan.forward, ...plan.backward].every(({ recurs }) => !recurs));
});

test('each quantity is computed after what it reads at the same time step', async () => {
  const { inputs, forward } = await planFor('onehot GRU(4) Peephole(3)', peephole);
  const computed = new Set(inputs.map(({ quantity }) => quantity));
  for (const { definitions } of forward) {
    for (const { quantity, terms } of definitions) {
      for (const operand of terms.flatMap(({ operands }) => operands)) {
        if (operand.kind !== 'quantity' || operand.shift !== 0) continue;
        assert.ok(computed.has(operand.quantity), `${quantity.key} reads ${operand.quantity.key}`);
      }
      computed.add(quantity);
    }
  }
});
