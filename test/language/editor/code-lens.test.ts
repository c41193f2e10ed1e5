import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CodeLens } from 'vscode-languageserver';
import { LanguageClient } from '../language-client.ts';
import { fileOf, unmark } from '../marked-text.ts';

const uri = 'file:///project/lenses.rnn';
let client: LanguageClient;
before(async () => {
  client = await LanguageClient.start();
});
after(() => client.close());

/** Each lens at its mark. */
async function lensesOf(marked: string) {
  const { text, places } = unmark(marked);
  await client.write(uri, text);
  const lenses = (await client.request<CodeLens[]>('codeLens', uri, {})) ?? [];
  return lenses.map(({ range, command }) => ({
    mark: places.findIndex(
      ({ start }) => start.line === range.start.line && start.character === range.start.character,
    ),
    title: command!.title,
    command: command!.command,
    name: command!.arguments?.[0]?.name,
    uri: command!.arguments?.[0]?.uri,
  }));
}

describe('code lenses', () => {
  it('run each train block by its name', async () => {
    const lenses = await lensesOf('«»train quick {\n}\n\n«»train slow {\n  loss =\n}');
    const of = (mark: number, name: string) => [
      { mark, title: '▶ train', command: 'unroll.train', name, uri },
      { mark, title: '⏯ step', command: 'unroll.step', name, uri },
      { mark, title: '✓ check gradients', command: 'unroll.checkGradients', name, uri },
    ];
    assert.deepEqual(lenses, [...of(0, 'quick'), ...of(1, 'slow')]);
  });

  it('run a train block without a name', async () => {
    const names = (await lensesOf('«»train {\n}')).map(({ name }) => name);
    assert.deepEqual(names, [undefined, undefined, undefined]);
  });

  it('show the adjoint equations of each cell that parses', async () => {
    const lenses = await lensesOf('«»cell A {\n  h = x\n  output h\n}\n\ncell B {\n  h = \n}');
    assert.deepEqual(lenses, [
      { mark: 0, title: 'δ adjoint equations', command: 'unroll.showAdjointEquations', name: undefined, uri },
    ]);
  });

  // LSTM(8): 4 · 8 · (8 + 1) + 4 · 8 · vocabulary.
  const counts: readonly (readonly [what: string, model: string, title: string | undefined])[] = [
    ['a model', 'embed(8)\n  LSTM(8)\n  dense(4)\n  dense\n  softmax', '13 · vocabulary + 580 parameters'],
    [
      'one that the vocabulary makes wide',
      'onehot\n  LSTM(8)\n  dense\n  softmax',
      '41 · vocabulary + 288 parameters',
    ],
    [
      'one of groups',
      'embed(8)\n  repeat(2) {\n    residual {\n      LSTM(8)\n      layer_norm\n    }\n  }\n  tie\n  softmax',
      '9 · vocabulary + 1,120 parameters',
    ],
    [
      'cells in two directions',
      'embed(8)\n  bidirectional(LSTM(8))\n  dense\n  softmax',
      '25 · vocabulary + 1,088 parameters',
    ],
    ['not where a layer is wrong', 'onehot\n  LSTM(8)\n  dens\n  softmax', undefined],
    ['not where a layer is half written', 'onehot\n  LSTM(\n  softmax', undefined],
  ];
  for (const [what, model, title] of counts) {
    it(`count the parameters of ${what}`, async () => {
      const lenses = await lensesOf(fileOf({ model: `«»model {\n  ${model}\n}` }));
      assert.deepEqual(
        lenses.filter(({ mark }) => mark === 0).map((lens) => lens.title),
        title === undefined ? [] : [title],
      );
    });
  }
});
