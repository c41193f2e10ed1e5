import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  type AdjointDocument,
  adjointEquationsRequest,
  type CellName,
  cellAtRequest,
} from '../../src/protocol/adjoint-view.ts';
import { LanguageClient } from '../language/language-client.ts';
import { fileOf, prelude, unmark } from '../language/marked-text.ts';

const uri = 'file:///project/adjoint.rnn';
let client: LanguageClient;
before(async () => {
  client = await LanguageClient.start();
});
after(() => client.close());

const own = `cell Own(units, taps = 2) {
  param W : [units, taps * x] ~ glorot
  param h0 : [units] = 0
  initial h = h0
  h = relu(W @ window(x, taps)) + h[t-1]
  output h
}`;

describe('the cell that is meant', () => {
  const rows: readonly (readonly [what: string, marked: string, cell: CellName | null])[] = [
    ['the one around the cursor', own.replace('relu', '«»relu'), { uri, name: 'Own' }],
    ['also at its head', own.replace('Own', '«»Own'), { uri, name: 'Own' }],
    [
      'that of a layer',
      `${own}\n${fileOf().replace('LSTM(8)', 'LS«»TM(8)')}`,
      { uri: prelude.uri, name: 'LSTM' },
    ],
    [
      'that of both directions',
      fileOf().replace('LSTM(8)', 'bidirectional(«»GRU(8))'),
      { uri: prelude.uri, name: 'GRU' },
    ],
    [
      'elsewhere the first of the file',
      `${own}\n${fileOf().replace('train {', 'tra«»in {')}`,
      { uri, name: 'Own' },
    ],
    [
      'elsewhere, without one, that of the first layer',
      fileOf().replace('train {', 'tra«»in {'),
      { uri: prelude.uri, name: 'LSTM' },
    ],
    ['none where there is none', 'train {«»\n}', null],
  ];
  for (const [what, marked, cell] of rows) {
    it(`is ${what}`, async () => {
      const { text, places } = unmark(marked);
      await client.write(uri, text);
      assert.deepEqual(await client.ask(cellAtRequest, { uri, position: places[0]!.start }), cell);
    });
  }
});

async function documentOf(cell: CellName): Promise<AdjointDocument | null> {
  return client.ask(adjointEquationsRequest, cell);
}

describe('the adjoint equations', () => {
  it('are those of an own cell, with words for what is not in the language', async () => {
    await client.write(uri, own);
    const document = await documentOf({ uri, name: 'Own' });
    assert.equal(
      document!.lines.map(({ text }) => text).join('\n'),
      `# The adjoint equations of Own, written out for taps = 2: how the gradient
#   flows back through it.
# δq is ∂L/∂q at time t, L being the mean loss of the minibatch, from the
#   last time step back to the first.
# [t+1] is one time step later; what would lie after the last one is 0.
# δoutput is what the layer above hands down.
# Wᵀ is W transposed, and a @ bᵀ the matrix of all products of a unit of a
#   and a unit of b.
# sum_over_time is over all time steps, and over the samples of the
#   minibatch.
# sum_before_start is over the time steps t ≤ 0, and over the samples of
#   the minibatch.
# (a > b) is 1 where it holds and 0 elsewhere.
# v[a : b] are the units of v from number a on and before number b,
#   counted from 0.
# width(x) is the number of units of x.

h = relu(W @ concat(x, x[t-1])) + h[t-1]
δh = δoutput
   + δh[t+1]

δx = (Wᵀ @ (δh * (W @ concat(x, x[t-1]) > 0)))[0 : width(x)]
   + (Wᵀ @ (δh[t+1] * (W @ concat(x[t+1], x) > 0)))[width(x) : 2 * width(x)]

δW = sum_over_time((δh * (W @ concat(x, x[t-1]) > 0)) @ concat(x, x[t-1])ᵀ)
δh0 = sum_before_start(δh)`,
    );
  });

  it('lead back to the source, line by line', async () => {
    await client.write(uri, own);
    const { lines } = (await documentOf({ uri, name: 'Own' }))!;
    const source = own.split('\n');
    const origins = lines.flatMap(({ text, source: place }) => {
      if (place === undefined) return [];
      assert.equal(place.uri, uri);
      const { start, end } = place;
      return [`${text} ← ${source[start.line]!.slice(start.character, end.character)}`];
    });
    const line = 'h = relu(W @ window(x, taps)) + h[t-1]';
    assert.deepEqual(
      origins.filter((origin) => origin.startsWith('δh = ') || origin.startsWith('   + δh')),
      [`δh = δoutput ← ${line}`, `   + δh[t+1] ← ${line}`],
    );
    assert.match(origins.find((origin) => origin.startsWith('δW = ')) ?? '', / ← W @ window\(x, taps\)$/);
  });

  it('are those of the newest text', async () => {
    await client.write(uri, own);
    await client.write(uri, own.replace('+ h[t-1]', '- h[t-1]'));
    const { lines } = (await documentOf({ uri, name: 'Own' }))!;
    assert.ok(lines.some(({ text }) => text === '   - δh[t+1]'));
  });

  it('are there for every cell of the prelude', async () => {
    for (const [, name] of prelude.text.matchAll(/^cell (\w+)/gm)) {
      assert.ok(await documentOf({ uri: prelude.uri, name: name! }), name);
    }
  });

  it('are none where the cell is wrong or gone', async () => {
    await client.write(uri, own.replace('W @', 'W @ @'));
    assert.equal(await documentOf({ uri, name: 'Own' }), null);
    assert.equal(await documentOf({ uri, name: 'Other' }), null);
    assert.equal(await documentOf({ uri: 'file:///project/no.rnn', name: 'Own' }), null);
  });
});
