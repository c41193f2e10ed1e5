import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CheckedCell, LayerSpec } from '../../src/language/checked-model.ts';
import { textOf } from './expression-text.ts';
import { analyzer, fileOf, fileWithCell, uri } from './marked-text.ts';

async function layersOf(text: string): Promise<readonly LayerSpec[]> {
  const {
    diagnostics,
    models: [model],
  } = await analyzer.analyze(uri, text);
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
  return model!.layers;
}

async function cellOf(lines: string): Promise<CheckedCell> {
  const layer = (await layersOf(fileWithCell(lines)))[0]!;
  assert.equal(layer.kind, 'cell');
  return (layer as LayerSpec & { kind: 'cell' }).cell;
}

function shapesOf(cell: CheckedCell) {
  return Object.fromEntries([...cell.parameters, ...cell.equations].map(({ name, shape }) => [name, shape]));
}

describe('shapes of prelude cells', () => {
  const expected = {
    'Elman(8)': { W: [8, 'vocabulary'], U: [8, 8], b: [8], h: [8] },
    'GRU(8)': {
      ...Object.fromEntries(
        ['r', 'z', 'n'].flatMap((gate) => [
          [`W_${gate}`, [8, 'vocabulary']],
          [`U_${gate}`, [8, 8]],
          [`b_${gate}`, [8]],
          [gate, [8]],
        ]),
      ),
      h: [8],
    },
    'LSTM(8)': {
      ...Object.fromEntries(
        ['i', 'f', 'o', 'g'].flatMap((gate) => [
          [`W_${gate}`, [8, 'vocabulary']],
          [`U_${gate}`, [8, 8]],
          [`b_${gate}`, [8]],
          [gate, [8]],
        ]),
      ),
      c: [8],
      h: [8],
    },
  };
  for (const [use, shapes] of Object.entries(expected)) {
    it(use, async () => {
      const layers = await layersOf(fileOf({ model: `model {\n onehot\n ${use}\n dense\n softmax\n}` }));
      const layer = layers[1] as LayerSpec & { kind: 'cell' };
      assert.deepEqual(shapesOf(layer.cell), shapes);
      assert.deepEqual([layer.text, layer.inputSize, layer.outputSize], [use, 'vocabulary', 8]);
    });
  }
});

describe('layers', () => {
  it('hand their widths on', async () => {
    const layers = await layersOf(
      fileOf({ model: 'model { embed(5) Elman(6) dense(7) LSTM(8) dense softmax }' }),
    );
    assert.deepEqual(
      layers.map(({ kind, inputSize, outputSize }) => [kind, inputSize, outputSize]),
      [
        ['embed', 'vocabulary', 5],
        ['cell', 5, 6],
        ['dense', 6, 7],
        ['cell', 7, 8],
        ['dense', 8, 'vocabulary'],
        ['softmax', 'vocabulary', 'vocabulary'],
      ],
    );
  });
  it('give arguments their values and defaults', async () => {
    const layers = await layersOf(
      fileOf({ model: 'model { onehot LSTM(2 * 4, forget_bias = -1) LSTM(units = 3) dense softmax }' }),
    );
    const biases = layers.flatMap((layer) =>
      layer.kind === 'cell' ? layer.cell.parameters.filter(({ name }) => name === 'b_f') : [],
    );
    assert.deepEqual(
      biases.map(({ shape, initialiser }) => [shape, initialiser]),
      [
        [[8], { kind: 'constant', value: -1 }],
        [[3], { kind: 'constant', value: 1 }],
      ],
    );
  });
});

describe('shapes of states', () => {
  const W = 'param W : [units, x] ~ glorot\n';
  const rows: readonly (readonly [what: string, lines: string, shapes: Record<string, readonly number[]>])[] =
    [
      ['from what is added to them', `${W}s = W @ x\nh = h[t-1] + s\noutput h`, { h: [8] }],
      ['through another state', `${W}h = c[t-1] * 1\nc = h[t-2] + W @ x\noutput h`, { h: [8], c: [8] }],
      [
        'scalar where nothing else is known',
        `${W}n = n[t-1] + 1\nh = W @ x / n\noutput h`,
        { n: [], h: [8] },
      ],
      ['from the input', 'param q : [units] = 0\nh = x[t-1] + 0 * softmax(x)\ns = q\noutput h', { h: [3] }],
      ['scalar parameters', `${W}param a : [] = 0.5\nh = a * W @ x\noutput h`, { a: [], h: [8] }],
      ['sizes by arithmetic', 'param W : [2 * units - 1, x] ~ glorot\nh = W @ x\noutput h', { h: [15] }],
    ];
  for (const [what, lines, shapes] of rows) {
    it(what, async () => {
      const found = shapesOf(await cellOf(lines));
      for (const [name, shape] of Object.entries(shapes)) assert.deepEqual(found[name], shape, name);
    });
  }
});

describe('equations', () => {
  const declared = 'param U : [3, units] ~ glorot\nparam W : [units, x] ~ glorot\n';
  const rows: readonly (readonly [what: string, right: string, tree: string])[] = [
    ['product before sum', 'a + b * c - a', '((a + (b * c)) - a)'],
    ['quotients from the left', 'a / b / c', '((a / b) / c)'],
    ['matrix product first', 'a * W @ x', '(a * (W @ x))'],
    ['matrix products from the right', 'W @ U @ a', '(W @ (U @ a))'],
    ['minus of a product', '-W @ x', '(-(W @ x))'],
    ['minus in a product', 'a * -b', '(a * (-b))'],
    ['parentheses', '(a + b) * c', '((a + b) * c)'],
    ['delays', 'tanh(h[t-1]) + h[t-12] + a[t]', '((tanh(h[t-1]) + h[t-12]) + a)'],
    ['an argument', 'units * a', '(8 * a)'],
  ];
  for (const [what, right, tree] of rows) {
    it(`binds ${what}`, async () => {
      const sums = 'a = W @ x + 0 * W @ U @ W @ x\nb = a\nc = a\n';
      const cell = await cellOf(`${declared}${sums}h = ${right}\noutput h`);
      assert.equal(textOf(cell.equations.find(({ name }) => name === 'h')!.value), tree);
    });
  }

  it('stand in an order in which they can be computed, and else as written', async () => {
    const cell = await cellOf(
      'param W : [units, x] ~ glorot\nh = o * c\no = W @ x + c[t-1]\nc = i + c[t-1]\ni = W @ x\nz = i\noutput h',
    );
    assert.deepEqual(
      cell.equations.map(({ name }) => name),
      ['o', 'i', 'c', 'h', 'z'],
    );
  });
  it('know their line', async () => {
    const cell = await cellOf('param W : [units, x] ~ glorot\nh = W @ x  # why\n   + 1\noutput h');
    const [equation] = cell.equations;
    assert.equal(equation!.text, 'h = W @ x + 1');
    assert.equal(equation!.source.end.line - equation!.source.start.line, 1);
  });
  it('keep initial values', async () => {
    const cell = await cellOf(
      'param W : [units, x] ~ glorot\ninitial h = 1 / units\nh = h[t-1] + W @ x\noutput h',
    );
    assert.deepEqual([...cell.initial], [['h', { kind: 'constant', value: 0.125 }]]);
  });
});
