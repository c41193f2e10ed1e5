import { describe } from 'node:test';
import { csvData, expectEach, fileOf, regression } from './marked-text.ts';

const model = (lines: string) => fileOf({ model: `model {\n${lines}\n}` });

describe('blocks', () => {
  expectEach('error', [
    [
      'several data blocks and none named',
      fileOf({ cell: 'data e {\n  source = text("b")\n  window = 1\n}' }).replace('train {', '«train» {'),
      'ambiguous-block',
      'There are several `data` blocks: say which one with `data = d`.',
    ],
    [
      'several models, one without a name',
      fileOf({
        cell: 'model wide {\n  onehot\n  LSTM(9)\n  dense\n  softmax\n}',
        train: 'train {\n  model = wide\n  loss = cross_entropy\n  optimizer = adam\n  batch = 4\n}',
      }).replace('model {', '«model» {'),
      'unnamed-block',
      /several `model` blocks gives each a name/,
    ],
    [
      'two trains of one name',
      fileOf({
        cell: 'train a {\n  loss = cross_entropy\n  optimizer = adam\n  batch = 4\n}',
        train: 'train «a» {\n  loss = cross_entropy\n  optimizer = adam\n  batch = 8\n}',
      }),
      'duplicate-definition',
      /already a `train` block named `a`/,
    ],
    [
      'name of no model',
      fileOf({
        cell: 'model wide {\n  onehot\n  LSTM(9)\n  dense\n  softmax\n}',
        model: '',
        train: 'train {\n  model = «wid»\n  loss = cross_entropy\n  optimizer = adam\n  batch = 4\n}',
      }),
      'unknown-block-name',
      'There is no `model` block named `wid`. Did you mean `wide`?',
    ],
    [
      'missing block',
      fileOf({ train: '' }).replace('data d', '«data» d'),
      'missing-block',
      /There is a `data` block and no `train` block/,
    ],
    [
      'second cell of a name',
      fileOf({ cell: 'cell A { h = x output h }\ncell «A» { h = x output h }' }),
      'duplicate-definition',
      /already a cell `A`/,
    ],
    [
      'cell with the name of a layer',
      fileOf({ cell: 'cell «dense» { h = x output h }' }),
      'reserved-name',
      /`dense` is a built-in layer/,
    ],
  ]);
});

describe('models', () => {
  expectEach('error', [
    ['no layers', fileOf({ model: '«model» { }' }), 'empty-model', /no layers/],
    [
      'misspelt first layer',
      model('«onehto» LSTM(8) dense softmax'),
      'unknown-layer',
      /Did you mean `onehot`/,
    ],
    [
      'misspelt last layer',
      model('onehot LSTM(8) dense «sofmax»'),
      'unknown-layer',
      /Did you mean `softmax`/,
    ],
    [
      'misspelt cell',
      model('onehot «Lstm»(8) dense softmax'),
      'unknown-layer',
      'There is no cell or layer `Lstm`. Did you mean `LSTM`?',
    ],
    ['misspelt layer', model('onehot LSTM(8) «dnse» softmax'), 'unknown-layer', /Did you mean `dense`/],
    [
      'missing size',
      model('onehot «LSTM» dense softmax'),
      'missing-argument',
      '`LSTM` needs `units`: `LSTM(units = …)`.',
    ],
    [
      'unknown argument of a cell',
      model('onehot LSTM(8, «forget_bais» = 1) dense softmax'),
      'unknown-argument',
      /Did you mean `forget_bias`/,
    ],
    [
      'too many arguments of a cell',
      model('onehot Elman(8, «9») dense softmax'),
      'too-many-arguments',
      '`Elman` takes one argument: `units`.',
    ],
    [
      'size of a half',
      model('onehot LSTM(«2.5») dense softmax'),
      'invalid-size',
      /`units` is a size in `LSTM`: expected a whole number of at least 1, found `2.5`/,
    ],
    [
      'argument of a layer that takes none',
      model('onehot(«3») LSTM(8) dense softmax'),
      'too-many-arguments',
      '`onehot` takes no arguments.',
    ],
    ['width of 0', model('embed(«0») LSTM(8) dense softmax'), 'out-of-range', /at least 1/],
    [
      'text without a lookup',
      model('«LSTM»(8) dense softmax'),
      'missing-lookup',
      /starts with `onehot` or `embed\(n\)`/,
    ],
    [
      'lookup in the middle',
      model('onehot «embed»(3) dense softmax'),
      'lookup-not-first',
      /can only be the first layer/,
    ],
    [
      'lookup on numbers',
      fileOf({ ...regression, model: 'model { «onehot» GRU(8) dense linear }' }),
      'lookup-on-numbers',
      /Leave it out/,
    ],
    [
      'no output layer',
      model('onehot LSTM(8) «dense»'),
      'missing-output-layer',
      /is `softmax`, for `cross_entropy`; add it after `dense`/,
    ],
    [
      'layer after the output',
      model('onehot LSTM(8) dense softmax «dense»'),
      'layer-after-output',
      '`softmax` is an output layer; nothing comes after it.',
    ],
    [
      'wrong output layer',
      model('onehot LSTM(8) dense «linear»'),
      'output-does-not-fit-loss',
      '`cross_entropy` needs `softmax` as the last layer, not `linear`.',
    ],
    [
      'wrong width before softmax',
      model('onehot LSTM(8) «softmax»'),
      'width-mismatch',
      /receives 8 units and needs as many as the vocabulary has tokens/,
    ],
    [
      'wrong width before linear',
      fileOf({ ...regression, model: 'model { GRU(8) «linear» }' }),
      'width-mismatch',
      /receives 8 units and needs one for each target column: 1/,
    ],
    [
      'loss that does not fit the data',
      fileOf({
        data: csvData,
        model: 'model { GRU(8) dense(1) softmax }',
        train: 'train { loss = «cross_entropy» optimizer = adam batch = 4 }',
      }),
      'loss-does-not-fit-data',
      /write `loss = mse`/,
    ],
  ]);
});
