/** Layers that are not cells, alone and among cells: every gradient that is shown, against finite differences. */
import test from 'node:test';
import { backend, backendNames, createTestRun } from '../support/engine.ts';
import { checkIteration, table, tableModel, text, textModel } from './gradient-checks.ts';

const start = `cell Start(units) {
  param W, V : [units, x] ~ glorot
  param U : [units, units] ~ orthogonal
  param h0 : [units] ~ normal(0.5)
  param c0 : [] = 0.4
  initial h = h0
  initial c = c0
  c = 0.5 * c[t-1] + sigmoid(V @ x[t-2])
  h = tanh(W @ x + U @ (c * h[t-1])) - 0.3 * h[t-7]
  output h
}`;

const cases = [
  ['layer_norm', tableModel('dense(4) layer_norm dense linear')],
  ['layer_norm of data', tableModel('layer_norm LSTM(3) dense linear')],
  ['layer_norm between LSTMs', textModel('embed(3) LSTM(4) layer_norm LSTM(3) layer_norm dense softmax')],
  ['a residual group', tableModel('dense(4) residual { dense(3) dense(4) } dense linear')],
  ['a residual group around data', tableModel('residual { Elman(2) } dense linear')],
  [
    'residual groups around LSTMs',
    textModel('embed(4) repeat(2) { residual { layer_norm LSTM(4) } } dense softmax'),
  ],
  [
    'residual groups in a residual group',
    textModel('embed(3) residual { residual { GRU(3) } LSTM(3) residual { dense(3) } } GRU(4) dense softmax'),
  ],
  ['tie', textModel('embed(3) LSTM(3) tie softmax')],
  ['tie on its own embedding', textModel('embed(3) tie softmax')],
  ['tie on a stack', textModel('embed(4) residual { LSTM(4) } LSTM(3) dense(4) layer_norm tie softmax')],
  ['dropout', tableModel('dense(4) dropout(0.3) dense linear')],
  ['dropout of data', textModel('onehot dropout(20%) LSTM(3) dense softmax')],
  [
    'dropout around LSTMs',
    textModel('embed(3) dropout(0.2) LSTM(4) dropout(0.5) LSTM(4) dropout(0.2) dense softmax'),
  ],
  ...['Elman', 'LSTM', 'GRU', 'NARX'].map((cell) => {
    const delays = cell === 'NARX' ? ', 2' : '';
    return [
      `recurrent dropout in ${cell}`,
      tableModel(`${cell}(4${delays}, recurrent_dropout = 0.4) dense linear`),
      ['last', textModel('embed(3) LSTM(4) last dense softmax')],
      ['last of data', tableModel('last dense linear')],
      ['mean', tableModel('LSTM(4) mean dense linear')],
      ['mean of data', tableModel('mean dense linear')],
      [
        'many layers above pooling',
        textModel('embed(3) GRU(3) mean residual { layer_norm dense(3) dropout(0.3) } tie softmax'),
      ],
      ['bidirectional', textModel('embed(3) bidirectional(LSTM(4)) dense softmax')],
      ['bidirectional of data, summed', tableModel('bidirectional(GRU(3), merge = sum) dense linear')],
      ['bidirectional on unit vectors', textModel('onehot bidirectional(GRU(3)) last dense softmax')],
      [
        'bidirectional, stacked',
        textModel(
          'embed(3) LSTM(4) bidirectional(LSTM(3)) bidirectional(GRU(3), merge = sum) LSTM(4) dense softmax',
        ),
      ],
      [
        'bidirectional with delays and dropout',
        tableModel('dense(3) bidirectional(NARX(3, 2, recurrent_dropout = 0.3)) mean dense linear'),
      ],
      [
        'bidirectional in a residual group',
        textModel(
          'embed(4) residual { layer_norm bidirectional(LSTM(4), merge = sum) dropout(0.2) } last tie softmax',
        ),
      ],
    ] as const;
  }),
  [
    'recurrent dropout, stacked',
    textModel('embed(3) LSTM(4, recurrent_dropout = 0.3) LSTM(4, recurrent_dropout = 0.3) dense softmax'),
  ],
  ['last', textModel('embed(3) LSTM(4) last dense softmax')],
  ['last of data', tableModel('last dense linear')],
  ['mean', tableModel('LSTM(4) mean dense linear')],
  ['mean of data', tableModel('mean dense linear')],
  [
    'many layers above pooling',
    textModel('embed(3) GRU(3) mean residual { layer_norm dense(3) dropout(0.3) } tie softmax'),
  ],
  ['bidirectional', textModel('embed(3) bidirectional(LSTM(4)) dense softmax')],
  ['bidirectional of data, summed', tableModel('bidirectional(GRU(3), merge = sum) dense linear')],
  ['bidirectional on unit vectors', textModel('onehot bidirectional(GRU(3)) last dense softmax')],
  [
    'bidirectional, stacked',
    textModel(
      'embed(3) LSTM(4) bidirectional(LSTM(3)) bidirectional(GRU(3), merge = sum) LSTM(4) dense softmax',
    ),
  ],
  [
    'bidirectional with delays and dropout',
    tableModel('dense(3) bidirectional(NARX(3, 2, recurrent_dropout = 0.3)) mean dense linear'),
  ],
  [
    'bidirectional from trained states, on a cell that starts from one',
    tableModel('Start(3) bidirectional(Start(3)) bidirectional(Start(2), merge = sum) dense linear', start),
  ],
  [
    'bidirectional in a residual group',
    textModel(
      'embed(4) residual { layer_norm bidirectional(LSTM(4), merge = sum) dropout(0.2) } last tie softmax',
    ),
  ],
] as const;

for (const name of backendNames) {
  for (const [what, model] of cases) {
    test(`${what}: adjoints and gradients, ${name}`, async () => {
      const data = model.includes('t.csv') ? table : text;
      const run = await createTestRun(model, data, backend(name));
      checkIteration(run);
      run.training.dispose();
    });
  }
}
