/** What a file is put together from: layers in braces, constants, imports, several models and trains. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAnalyzer } from '../../src/language/analyze.ts';
import type { LayerSpec } from '../../src/language/checked-model.ts';
import { analyzer, csvData, expectEach, fileOf, prelude, regression, uri } from './marked-text.ts';

const textModel = (layers: string) => fileOf({ model: `model {\n  ${layers}\n}` });
const tableModel = (layers: string) => fileOf({ ...regression, model: `model {\n  ${layers}\n}` });

async function layersOf(text: string): Promise<readonly LayerSpec[]> {
  const { diagnostics, models } = await analyzer.analyze(uri, text);
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    [],
  );
  return models[0]!.layers;
}

/** `dropout 16 → 16`, one a line, layers in braces indented. */
function sketch(layers: readonly LayerSpec[], indent = ''): string[] {
  return layers.flatMap((layer) => [
    `${indent}${layer.kind} ${layer.inputSize} → ${layer.outputSize}`,
    ...(layer.kind === 'residual' ? sketch(layer.layers, `${indent}  `) : []),
  ]);
}

describe('layers', () => {
  const rows: readonly (readonly [what: string, text: string, expected: readonly string[]])[] = [
    [
      'repeat writes its layers out',
      textModel('onehot repeat(2) { LSTM(4) dropout(10%) } dense softmax'),
      [
        'onehot vocabulary → vocabulary',
        'cell vocabulary → 4',
        'dropout 4 → 4',
        'cell 4 → 4',
        'dropout 4 → 4',
        'dense 4 → vocabulary',
        'softmax vocabulary → vocabulary',
      ],
    ],
    [
      'residual keeps its layers together',
      textModel('embed(4) repeat(2) { residual { layer_norm GRU(4) } } tie softmax'),
      [
        'embed vocabulary → 4',
        'residual 4 → 4',
        '  layer_norm 4 → 4',
        '  cell 4 → 4',
        'residual 4 → 4',
        '  layer_norm 4 → 4',
        '  cell 4 → 4',
        'tie 4 → vocabulary',
        'softmax vocabulary → vocabulary',
      ],
    ],
    [
      'bidirectional is twice as wide',
      tableModel('bidirectional(LSTM(4)) mean dense linear'),
      ['bidirectional 2 → 8', 'mean 8 → 8', 'dense 8 → 1', 'linear 1 → 1'],
    ],
    [
      'or as wide, where it sums',
      tableModel('bidirectional(LSTM(4, forget_bias = 2), merge = sum) last dense linear'),
      ['bidirectional 2 → 4', 'last 4 → 4', 'dense 4 → 1', 'linear 1 → 1'],
    ],
  ];
  for (const [what, text, expected] of rows) {
    it(what, async () => assert.deepEqual(sketch(await layersOf(text)), expected));
  }

  it('drop units of cells and between layers', async () => {
    const [first, second] = await layersOf(
      tableModel('GRU(4, recurrent_dropout = 20%) dropout(0.5) dense linear'),
    );
    assert.ok(first?.kind === 'cell' && second?.kind === 'dropout');
    assert.deepEqual([first.recurrentDropout, second.rate], [0.2, 0.5]);
  });

  expectEach('error', [
    [
      'braces of no group',
      textModel('onehot «LSTM»(4) { GRU(4) } dense softmax'),
      'not-a-group',
      /holds no layers/,
    ],
    [
      'group without layers',
      textModel('onehot «repeat»(2) { } dense softmax'),
      'empty-group',
      /`repeat\(2\) \{ LSTM/,
    ],
    [
      'residual of two widths',
      tableModel('«residual» { GRU(4) } dense linear'),
      'width-mismatch',
      /2 units.* 4 units/,
    ],
    [
      'output in braces',
      tableModel('repeat(1) { dense «linear» } dense linear'),
      'output-in-group',
      /after `repeat`/,
    ],
    [
      'pooling in braces',
      tableModel('residual { «last» } dense linear'),
      'pooling-in-group',
      /after `residual`/,
    ],
    [
      'lookup in braces',
      textModel('embed(4) residual { «onehot» dense(4) } dense softmax'),
      'lookup-not-first',
      /first layer/,
    ],
    [
      'cell after pooling',
      tableModel('last «GRU»(4) dense linear'),
      'cell-after-pooling',
      /Put it before `last`/,
    ],
    [
      'pooling twice',
      tableModel('GRU(4) last «mean» dense linear'),
      'duplicate-pooling',
      /has left one vector/,
    ],
    [
      'all units dropped',
      tableModel('GRU(4) dropout(«100%») dense linear'),
      'out-of-range',
      /less than 100%/,
    ],
    [
      'too much recurrent dropout',
      tableModel('GRU(4, recurrent_dropout = «2») dense linear'),
      'out-of-range',
      /Did you mean `2%`/,
    ],
    [
      'tie without embed',
      textModel('onehot GRU(4) «tie» softmax'),
      'tie-without-embed',
      /shares the table of `embed`/,
    ],
    [
      'tie of another width',
      textModel('embed(3) GRU(4) «tie» softmax'),
      'width-mismatch',
      /put `dense\(3\)` before it/,
    ],
    [
      'bidirectional of no cell',
      tableModel('bidirectional(«LSTN»(4)) last dense linear'),
      'unknown-layer',
      /Did you mean `LSTM`/,
    ],
    [
      'bidirectional of a name',
      tableModel('bidirectional(«LSTM») last dense linear'),
      'not-a-cell',
      /such as `LSTM\(64\)`/,
    ],
    [
      'merge of another kind',
      tableModel('bidirectional(GRU(4), merge = «product») last dense linear'),
      'unknown-value',
      /`concat`, `sum`/,
    ],
  ]);
  expectEach('warning', [
    [
      'seeing the target',
      tableModel('«bidirectional»(GRU(4)) dense linear'),
      'sees-the-target',
      /learns to copy/,
    ],
  ]);
});

describe('constants', () => {
  it('stand for numbers everywhere', async () => {
    const text = `let width = 2 * 4\nlet drop = 25%\n${fileOf({
      cell: 'cell A(units, scale = width) {\n  h = tanh(affine(x, h[t-1])) * scale / width\n  output h\n}',
      model: 'model {\n  onehot\n  A(width)\n  dropout(drop)\n  dense\n  softmax\n}',
      train: 'train {\n  loss = cross_entropy\n  optimizer = adam\n  batch = width\n}',
    })}`;
    const { diagnostics, models } = await analyzer.analyze(uri, text);
    assert.deepEqual(diagnostics, []);
    const [, cell, dropout] = models[0]!.layers;
    assert.ok(cell?.outputSize === 8 && dropout?.kind === 'dropout' && dropout.rate === 0.25);
    assert.equal(models[0]!.train.batch, 8);
  });

  expectEach('error', [
    [
      'twice',
      `let n = 8\nlet «n» = 9\n${textModel('onehot LSTM(n) dense softmax')}`,
      'duplicate-definition',
      /already a constant `n`/,
    ],
    [
      'reading a later one',
      `let n = «m»\nlet m = 8\n${textModel('onehot LSTM(m, forget_bias = n) dense softmax')}`,
      'not-a-number',
      /found `m`/,
    ],
    ['named as the input', `let «x» = 8\n${fileOf()}`, 'reserved-name', /the input of every cell/],
    ['not a number', `let n = «"a"»\n${fileOf()}`, 'not-a-number', /Expected a number/],
  ]);
  expectEach('warning', [
    ['unread', `let «n» = 8\n${fileOf()}`, 'unused-constant', 'Constant `n` is never read.'],
  ]);
});

describe('several models and trains', () => {
  const train = (name: string, given: string) =>
    `train ${name} {\n  ${given}\n  loss = mse\n  optimizer = adam\n  batch = 4\n}`;

  it('are trained by name', async () => {
    const text = [
      csvData,
      'model small {\n  GRU(2)\n  dense\n  linear\n}',
      'model large {\n  GRU(20)\n  dense\n  linear\n}',
      train('quick', 'model = small'),
      train('slow', 'model = large data = d epochs = 9'),
    ].join('\n');
    const { diagnostics, models } = await analyzer.analyze(uri, text);
    assert.deepEqual(diagnostics, []);
    const rows = models.map(({ name, layers, train }) => [name, layers[0]!.text, train.epochs]);
    assert.deepEqual(rows, [
      ['quick', 'GRU(2)', 1],
      ['slow', 'GRU(20)', 9],
    ]);
  });

  it('are checked where nothing trains them too', async () => {
    const unused = 'model large {\n  GRU(20)\n  dense\n}';
    const text = [
      csvData,
      regression.model.replace('model', 'model small'),
      unused,
      train('a', 'model = small'),
    ];
    const { diagnostics } = await analyzer.analyze(uri, text.join('\n'));
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['missing-output-layer'],
    );
  });
});

describe('imports', () => {
  const files: Record<string, string> = {
    'file:///project/cells.rnn':
      'let leak = 0.5\ncell Own(units) {\n  h = (1 - leak) * h[t-1] + leak * tanh(affine(x))\n  output h\n}',
    'file:///project/more/narrow.rnn':
      'cell Narrow(units) {\n  param W : [units, 3] ~ glorot\n  h = tanh(W @ x)\n  output h\n}\ncell Own(units) { h = affine(x) output h }',
    'file:///project/half.rnn':
      'cell Half(units) {\n  h = tanh(\n  output h\n}\ncell Other(units) { h = affine(x) output h }',
  };
  const importing = createAnalyzer(prelude, async (address) => files[address]);

  async function codes(text: string): Promise<readonly string[]> {
    const { diagnostics } = await importing.analyze(uri, text);
    return diagnostics.map(({ code, message }) => `${code}: ${message}`);
  }

  it('bring the cells of another file with their constants', async () => {
    const text = `import "cells.rnn"\n${tableModel('Own(4) dense linear')}`;
    const { diagnostics, models } = await importing.analyze(uri, text);
    assert.deepEqual(diagnostics, []);
    const [layer] = models[0]!.layers;
    assert.ok(layer?.kind === 'cell' && layer.cell.name === 'Own');
    assert.equal(layer.cell.equations[0]!.source.uri, 'file:///project/cells.rnn');
  });

  const rows: readonly (readonly [what: string, text: string, expected: RegExp])[] = [
    ['missing', `import "cell.rnn"\n${fileOf()}`, /^import-missing: There is no file "cell.rnn"/],
    [
      'twice',
      `import "cells.rnn"\nimport "cells.rnn"\n${tableModel('Own(4) dense linear')}`,
      /^duplicate-import/,
    ],
    ['unused', `import "cells.rnn"\n${fileOf()}`, /^unused-import: Nothing of "cells.rnn"/],
    [
      'of one name',
      `import "cells.rnn"\nimport "more/narrow.rnn"\n${tableModel('Own(4) dense linear')}`,
      /^duplicate-definition: "more\/narrow.rnn" has a cell `Own`/,
    ],
    [
      'of a cell that does not fit',
      `import "more/narrow.rnn"\n${tableModel('Narrow(4) dense linear')}`,
      /^imported-cell: `Narrow` does not fit here; line 3 of its file: `@` cannot multiply/,
    ],
  ];
  it('tell of a cell that is half written where it is used', async () => {
    const half = `import "half.rnn"\n${tableModel('bidirectional(Half(4)) last dense linear')}`;
    assert.deepEqual(await codes(half), [
      'imported-cell: "half.rnn" has a cell `Half` that does not parse; open that file to see what is wrong.',
    ]);
    assert.deepEqual(await codes(`import "half.rnn"\n${tableModel('Other(4) dense linear')}`), []);
  });
  for (const [what, text, expected] of rows) {
    it(what, async () => assert.match((await codes(text))[0]!, expected));
  }
});
