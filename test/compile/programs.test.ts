import assert from 'node:assert/strict';
import test from 'node:test';
import { compile, type Network } from '../../src/compile/network.ts';
import { namedValues } from '../../src/compile/program.ts';
import { programText } from '../../src/compile/program-text.ts';
import { checkedModel } from '../support/engine.ts';

async function network(layers: string, cells = ''): Promise<Network> {
  const model = await checkedModel(`
    ${cells}
    data { source = text("t.txt") window = 5 }
    model { ${layers} }
    train { loss = cross_entropy optimizer = sgd(lr = 0.1) batch = 3 }`);
  return compile(model, { vocabulary: 7 });
}

function layer({ layers }: Network, id: string) {
  return layers.find((each) => each.id === id)!;
}

test('the programs of Elman, from equations to gradients', async () => {
  const text = programText(layer(await network('embed(3) Elman(4) dense softmax'), 'layers.0'));
  assert.deepEqual(text, {
    forward: ['h.2 = W @ x', 'h.3 = U @ h[t-1]', 'h.1 = h.2 + h.3', 'h.pre = h.1 + b', 'h = tanh(h.pre)'],
    adjoint: ['δh.pre = δh * tanh′(h.pre)', 'δh[t-1] += Uᵀ @ δh.pre', 'δx += Wᵀ @ δh.pre'],
    gradients: ['δb = Σ δh.pre', 'δU = Σ δh.pre ⊗ h[t-1]', 'δW = Σ δh.pre ⊗ x'],
  });
});

test('the adjoint program of the LSTM carries ∂L/∂h and ∂L/∂c to t − 1', async () => {
  const { adjoint, gradients } = programText(
    layer(await network('onehot LSTM(4) dense softmax'), 'layers.0'),
  );
  assert.deepEqual(adjoint, [
    'δo = δh * h.1',
    'δh.1 = δh * o',
    'δc += δh.1 * tanh′(c)',
    'δi = δc * g',
    'δg = δc * i',
    'δf = δc * c[t-1]',
    'δc[t-1] += δc * f',
    ...['g', 'o', 'f', 'i'].flatMap((gate) => [
      `δ${gate}.pre = δ${gate} * ${gate === 'g' ? 'tanh' : 'sigmoid'}′(${gate}.pre)`,
      `δh[t-1] += U_${gate}ᵀ @ δ${gate}.pre`,
    ]),
  ]);
  // The input is data: nobody asks for its adjoint.
  assert.ok(!adjoint.some((line) => line.startsWith('δx')));
  assert.equal(gradients.length, 12);
});

test('softmax and cross-entropy are differentiated together, at the logits', async () => {
  const { layers } = await network('onehot GRU(4) dense softmax');
  assert.deepEqual(
    layers.map(({ id, inputs }) => [id, inputs.get('x')]),
    [
      ['onehot', undefined],
      ['layers.0', 'onehot'],
      ['dense', 'layers.0'],
      ['softmax', 'dense'],
      ['loss', 'dense'],
    ],
  );
  assert.deepEqual(programText(layers.at(-1)!).adjoint, ['δx += (softmax(x) - onehot(target)) / (T B)']);
});

interface FunctionText {
  readonly equation: string;
  readonly forward: readonly string[];
  readonly adjoint: readonly string[];
}

/** Of h in terms of a vector v. */
const functionTexts: readonly FunctionText[] = [
  {
    equation: 'h = max(v, h[t-1])',
    forward: ['h = max(v, h[t-1])'],
    adjoint: ['δv += δh * (v ≥ h[t-1])', 'δh[t-1] += δh * (h[t-1] > v)'],
  },
  {
    equation: 'h = min(v, v[t-2])',
    forward: ['h = min(v, v[t-2])'],
    adjoint: ['δv += δh * (v[t-2] ≥ v)', 'δv[t-2] += δh * (v > v[t-2])'],
  },
  {
    equation: 'h = leaky_relu(v[t-1], 0.1)',
    forward: ['h.1 = 0.1 * v[t-1]', 'h = max(h.1, v[t-1])'],
    adjoint: ['δh.1 = δh * (h.1 ≥ v[t-1])', 'δv[t-1] += δh * (v[t-1] > h.1)', 'δv[t-1] += δh.1 * 0.1'],
  },
  {
    equation: 'h = maxout(concat(v[t-1], v), 2)',
    forward: ['h.pre = concat(v[t-1], v)', 'h.1 = h.pre[0:4]', 'h.2 = h.pre[4:8]', 'h = max(h.1, h.2)'],
    adjoint: [
      'δh.1 = δh * (h.1 ≥ h.2)',
      'δh.2 = δh * (h.2 > h.1)',
      'δh.pre = pad(δh.2, first = 4, size = 8)',
      'δh.pre += pad(δh.1, first = 0, size = 8)',
      'δv[t-1] += δh.pre[0:4]',
      'δv += δh.pre[4:8]',
    ],
  },
  {
    equation: 'h = mean(v[t-1]) * v',
    forward: ['h.2 = sum(v[t-1])', 'h.1 = h.2 / 4', 'h = h.1 * v'],
    adjoint: ['δh·1 = δh * v', 'δh.1 = sum(δh·1)', 'δv += δh * h.1', 'δh.2 = δh.1 / 4', 'δv[t-1] += δh.2'],
  },
];

for (const { equation, forward, adjoint } of functionTexts) {
  test(`the programs of ${equation}`, async () => {
    const cell = `cell Cell(units) {
      param W : [units, x] = 0
      v = W @ x + 0 * v[t-1]
      ${equation}
      output h
    }`;
    const text = programText(layer(await network('onehot Cell(4) dense softmax', cell), 'layers.0'));
    assert.deepEqual(
      text.forward.filter((line) => line.startsWith('h')),
      forward,
    );
    assert.deepEqual(text.adjoint.slice(0, adjoint.length), adjoint);
  });
}

test('what a state starts from receives the adjoints that reach t ≤ 0', async () => {
  const cell = `cell Cell(units) {
    param h0 : [units] = 0
    initial h = h0
    h = h0 * h[t-1] + h[t-2]
    output h
  }`;
  const text = programText(layer(await network('onehot Cell(3) dense softmax', cell), 'layers.0'));
  assert.deepEqual(text.gradients, ['δh0 = Σ δh0·1', 'δh0 += Σ δh[t≤0]']);
});

test('quantities have roles and sizes, and pre-activations the text that they name', async () => {
  const values = namedValues(layer(await network('onehot LSTM(4) dense softmax'), 'layers.0'));
  assert.deepEqual(values.map(({ name, role, size }) => `${name} ${role} ${size}`).sort(), [
    'c state 4',
    'f gate 4',
    'f.pre preActivation 4',
    'g value 4',
    'g.pre preActivation 4',
    'h state 4',
    'i gate 4',
    'i.pre preActivation 4',
    'o gate 4',
    'o.pre preActivation 4',
    'x input 7',
  ]);
  assert.equal(values.find(({ name }) => name === 'f.pre')?.equation, 'W_f @ x + U_f @ h[t-1] + b_f');
});

test('a pre-activation is the first argument of what activates it', async () => {
  const cell = `cell Cell(units) {
    param W : [units, x] ~ glorot
    f = hard_sigmoid(W @ x)
    g = elu(max(W @ x, f), 0.5)
    h = max(f * g, W @ x)
    output h
  }`;
  const values = namedValues(layer(await network('onehot Cell(4) dense softmax', cell), 'layers.0'));
  assert.deepEqual(
    values.map(({ name, role, equation }) => `${name}, ${role}: ${equation}`),
    [
      'x, input: x = onehot',
      'f, gate: f = hard_sigmoid(W @ x)',
      'f.pre, preActivation: W @ x',
      'g, value: g = elu(max(W @ x, f), 0.5)',
      'g.pre, preActivation: max(W @ x, f)',
      'h, value: h = max(f * g, W @ x)',
    ],
  );
});

test('a pre-activation is named whatever parentheses stand around its call', async () => {
  const cell = 'cell Wrapped { a = ( (tanh( (x + 1) * x[t-1] )) ) h = a output h }';
  const values = namedValues(layer(await network('onehot Wrapped dense softmax', cell), 'layers.0'));
  assert.equal(values.find(({ name }) => name === 'a.pre')?.equation, '(x + 1) * x[t-1]');
});

test('every instruction of a cell knows the line that it came from', async () => {
  const { forward, adjoint, gradients } = layer(
    await network('onehot LSTM(4) LSTM(3) dense softmax'),
    'layers.1',
  );
  for (const { source } of [...forward, ...adjoint, ...gradients]) {
    assert.match(source.uri, /prelude\.rnn$/);
    assert.ok(source.end.line > source.start.line || source.end.character > source.start.character);
  }
  const lines = forward.map(({ source }) => source.start.line);
  assert.deepEqual(
    lines,
    lines.toSorted((a, b) => a - b),
  );
});

test('layers of a kind that recurs are numbered; cells always are', async () => {
  const { layers } = await network('onehot Elman(4) dense(3) GRU(4) dense softmax');
  assert.deepEqual(
    layers.map(({ id }) => id),
    ['onehot', 'layers.0', 'dense.0', 'layers.1', 'dense.1', 'softmax', 'loss'],
  );
});

test('a residual group is its layers and one that adds what they received', async () => {
  const { layers } = await network(
    'embed(4) residual { residual { layer_norm GRU(4) } LSTM(4) } Elman(3) dense softmax',
  );
  assert.deepEqual(
    layers.map(({ id, inputs }) => [id, ...inputs.values()].join(' ')),
    [
      'embed',
      'layer_norm embed',
      'layers.0 layer_norm',
      'residual.0 layers.0 embed',
      'layers.1 residual.0',
      'residual.1 layers.1 embed',
      'layers.2 residual.1',
      'dense layers.2',
      'softmax dense',
      'loss dense',
    ],
  );
});

test('bidirectional is two cells of which one reads, and hands on, the sequence reversed', async () => {
  const { layers } = await network('embed(4) GRU(4) bidirectional(GRU(4), merge = sum) last tie softmax');
  assert.deepEqual(
    layers.map(({ id, inputs, reversed, steps }) =>
      [id, ...inputs.values(), ...(reversed ? ['reversed'] : []), ...(steps === 'last' ? ['once'] : [])].join(
        ' ',
      ),
    ),
    [
      'embed',
      'layers.0 embed',
      'layers.1.reversed layers.0 reversed',
      'layers.1.backward layers.1.reversed reversed',
      'layers.1.restored layers.1.backward',
      'layers.1.forward layers.0',
      'bidirectional layers.1.forward layers.1.restored',
      'last bidirectional',
      'tie last once',
      'softmax tie once',
      'loss tie once',
    ],
  );
});

test('pooling by the mean adds up, and hands each step its share back', async () => {
  const { layers } = await network('embed(4) mean dense softmax');
  assert.deepEqual(programText(layers.find(({ id }) => id === 'mean')!), {
    forward: ['sum = sum[t-1] + x', 'y = sum / 5'],
    adjoint: ['δsum += δy / 5', 'δsum[t-1] += δsum', 'δx += δsum'],
    gradients: [],
  });
});

test('dropout multiplies by a mask that nothing flows back to', async () => {
  const { layers } = await network('embed(4) dropout(20%) dense softmax');
  assert.deepEqual(programText(layers.find(({ id }) => id === 'dropout')!), {
    forward: ['mask = mask(rate = 0.2, each = step)', 'y = x * mask'],
    adjoint: ['δx += δy * mask'],
    gradients: [],
  });
});

test('recurrent dropout masks what products read of earlier steps, once for all of them', async () => {
  const { layers } = await network('embed(4) Elman(3, recurrent_dropout = 0.5) dense softmax');
  const { forward } = programText(layers.find(({ id }) => id === 'layers.0')!);
  assert.deepEqual(forward, [
    'h.2 = W @ x',
    'h.mask = mask(rate = 0.5, each = sequence)',
    'h.mask.1 = h[t-1] * h.mask',
    'h.3 = U @ h.mask.1',
    'h.1 = h.2 + h.3',
    'h.pre = h.1 + b',
    'h = tanh(h.pre)',
  ]);
});
