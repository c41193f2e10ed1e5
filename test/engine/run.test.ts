/** Which train block runs, and what of the language no run can train yet. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { modelOf } from '../../src/engine/run.ts';
import { analyzer, backend, createTestRun } from '../support/engine.ts';

const uri = 'file:///some%20folder/my%20model.rnn';
const blocks = 'data { source = text("t.txt") window = 4 } model { onehot LSTM(3) dense softmax }';

function train(name: string, epochs: number): string {
  return `train ${name} { loss = cross_entropy optimizer = sgd(lr = 0.1) batch = 2 epochs = ${epochs} }`;
}

const several = `${blocks} ${train('short', 3)} ${train('long', 50)}`;

test('a run takes the train block of a name, or the first', async () => {
  const analysis = await analyzer.analyze(uri, several);
  assert.equal(modelOf(analysis, uri).train.epochs, 3);
  assert.equal(modelOf(analysis, uri, 'long').train.epochs, 50);
  assert.equal(modelOf(analysis, uri, 'short').train.epochs, 3);
});

const failures = [
  { text: several, name: 'longer', message: 'my model.rnn has no train block "longer". It has short, long.' },
  {
    text: `${blocks} ${train('', 3)}`,
    name: 'long',
    message: 'my model.rnn has no train block "long". Its train block has no name.',
  },
  {
    text: '',
    name: undefined,
    message: 'my model.rnn has nothing to train. Add a data, a model and a train block.',
  },
  {
    text: `${blocks.replace('LSTM', 'LSTN')} ${train('long', 3)}`,
    name: 'long',
    message: /^my model\.rnn has an error: line 1: .*LSTN/,
  },
];

for (const { text, name, message } of failures) {
  test(`why nothing runs: ${message}`, async () => {
    const analysis = await analyzer.analyze(uri, text);
    assert.throws(() => modelOf(analysis, uri, name), { name: 'RunError', message });
  });
}

test('a size that comes to no whole number once the text is read is told with the layer', async () => {
  const model = `cell Halves { param W : [x / 2, x] ~ glorot h = tanh(W @ x) output h }
    data { source = text("t.txt") window = 2 }
    model { onehot Halves dense softmax } ${train('', 1)}`;
  const run = createTestRun(model, 'abcabcabcabcabcabc', backend('compiled'));
  await assert.rejects(run, {
    name: 'RunError',
    message: /0\.5 \* vocabulary, which is 1\.5 for a vocabulary of 3/,
  });
});
