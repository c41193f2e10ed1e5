/** Runs that probes are tested on: cells of the prelude and others, alone and stacked, on text and on a table. */
import type { ProbedIteration } from '../../../src/engine/probes/sample-memory.ts';
import type { Training } from '../../../src/engine/training.ts';
import { manyFunctions } from '../../support/cells.ts';
import { backend, createTestRun, type TestRun } from '../../support/engine.ts';

const text = 'to be, or not to be: that is the question; whether it is nobler in the mind to suffer. '.repeat(
  4,
);

const table = ['a,b,c', ...Array.from({ length: 300 }, (_, row) => tableRow(row))].join('\n');

function tableRow(row: number): string {
  return `${Math.sin(row / 3).toFixed(4)},${Math.cos(row / 5).toFixed(4)},${Math.sin(row / 7).toFixed(4)}`;
}

/** Two states, of which one is read one and two steps later, the other one and three; an input delay, a softmax, scalars. */
const delays = `cell Delays(units) {
  param W, V : [units, x] ~ glorot
  param U, R : [units, units] ~ orthogonal
  param p : [units] ~ normal(0.5)
  param s : [] = 0.7
  initial m = 0.4
  n = 0.5 * n[t-1] + tanh(s)
  k = softmax(R @ h[t-2] + p)
  m = sigmoid(V @ x[t-1] + U @ (k * m[t-3])) * m[t-1] + n * k
  h = tanh(W @ x + U @ (m * h[t-1])) / (1 + exp(-m)) - s * h[t-2]
  output h
}`;

/** A cell whose output is no state. */
const hiddenState = `cell Hidden(units) {
  param W : [units, x] ~ glorot
  param U, V : [units, units] ~ orthogonal
  s = tanh(W @ x + U @ s[t-1])
  y = sigmoid(V @ s) * s
  output y
}`;

export interface ProbedRun {
  readonly name: string;
  readonly layers: string;
  readonly cells?: string;
  readonly data: 'text' | 'table';
}

export const probedRuns: readonly ProbedRun[] = [
  { name: 'Elman', layers: 'onehot Elman(4) dense softmax', data: 'text' },
  { name: 'LSTM', layers: 'embed(3) LSTM(5) dense softmax', data: 'text' },
  { name: 'GRU', layers: 'embed(3) GRU(4) dense softmax', data: 'text' },
  { name: 'tied to its embedding', layers: 'embed(3) LSTM(3) tie softmax', data: 'text' },
  { name: 'GRU, whose state is the prediction', layers: 'GRU(2) linear', data: 'table' },
  {
    name: 'residual groups around LSTMs',
    layers: 'embed(4) residual { LSTM(4) } dense(3) residual { layer_norm LSTM(3) } dense softmax',
    data: 'text',
  },
  {
    name: 'dropout in and between cells',
    layers: 'GRU(4, recurrent_dropout = 0.3) dropout(0.3) LSTM(3, recurrent_dropout = 0.3) dense linear',
    data: 'table',
  },
  {
    name: 'one loss of the mean over a sequence',
    layers: 'embed(3) LSTM(4) GRU(3) mean layer_norm dense softmax',
    data: 'text',
  },
  { name: 'one loss of the last step', layers: 'LSTM(4) last dense(3) dense linear', data: 'table' },
  { name: 'an LSTM on an LSTM', layers: 'LSTM(4) LSTM(3) dense linear', data: 'table' },
  {
    name: 'dense layers between cells',
    layers: 'dense(3) Elman(4) dense(5) GRU(3) dense linear',
    data: 'table',
  },
  {
    name: 'delays of one, two and three',
    layers: 'Delays(4) dense linear',
    cells: delays,
    data: 'table',
  },
  {
    name: 'delays on delays',
    layers: 'embed(3) Delays(4) Delays(5) dense softmax',
    cells: delays,
    data: 'text',
  },
  {
    name: 'many functions',
    layers: 'ManyFunctions(4) ManyFunctions(3) dense linear',
    cells: manyFunctions,
    data: 'table',
  },
  {
    name: 'many functions on tokens',
    layers: 'onehot ManyFunctions(3) dense softmax',
    cells: manyFunctions,
    data: 'text',
  },
  {
    name: 'an output that is no state',
    layers: 'Hidden(4) Hidden(3) dense linear',
    cells: hiddenState,
    data: 'table',
  },
];

/** A loss reaches both sides of what lies below the cell that reads from the end. */
export const bothDirections: ProbedRun = {
  name: 'a cell that reads from the end',
  layers: 'GRU(3) bidirectional(ManyFunctions(3)) Delays(3) dense linear',
  cells: `${delays} ${manyFunctions}`,
  data: 'table',
};

/** In its second iteration, at the end of the backward phase. */
export async function trainedRun(
  { layers, cells = '', data }: ProbedRun,
  window = 6,
  request = backend('compiled'),
): Promise<TestRun> {
  const [source, loss] =
    data === 'text'
      ? ['text("t.txt")', 'cross_entropy']
      : ['csv("t.csv") inputs = ["a", "b"] targets = ["c", "a"]', 'mse'];
  const run = await createTestRun(
    `${cells}
    data { source = ${source} window = ${window} split = holdout(train = 100%, dev = 0%, test = 0%) }
    model { ${layers} }
    train { loss = ${loss} optimizer = sgd(lr = 0.3) batch = 3 epochs = 9 seed = 11 }`,
    data === 'text' ? text : table,
    request,
  );
  run.training.step('iteration');
  for (let phase = 0; phase < 3; phase += 1) run.training.step('phase');
  return run;
}

export function iterationOf({ trace, batch, parameters }: Training): ProbedIteration {
  return { trace, batch, parameters };
}
