import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SelectionRange } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LanguageClient } from '../language-client.ts';
import { unmark } from '../marked-text.ts';

const uri = 'file:///project/selected.rnn';
let client: LanguageClient;
before(async () => {
  client = await LanguageClient.start();
});
after(() => client.close());

/** From the innermost range out to the whole file. */
const rows: readonly (readonly [what: string, marked: string, texts: readonly string[]])[] = [
  [
    'a name in an equation',
    'cell A {\n  h = tanh(W @ x«» + h[t-1])\n}\n',
    [
      'x',
      'W @ x',
      'W @ x + h[t-1]',
      'tanh(W @ x + h[t-1])',
      'h = tanh(W @ x + h[t-1])',
      'cell A {\n  h = tanh(W @ x + h[t-1])\n}',
    ],
  ],
  [
    'a value of an argument',
    'train {\n  optimizer = adam(lr = 0«».1)\n}',
    ['0.1', 'lr = 0.1', 'adam(lr = 0.1)', 'optimizer = adam(lr = 0.1)'],
  ],
  [
    'a layer in braces',
    'model {\n  residual { «»dense }\n  softmax\n}\n',
    ['dense', 'residual { dense }', 'model {\n  residual { dense }\n  softmax\n}'],
  ],
  ['a comment before all else', '# A «»model.\nmodel {\n  dense\n}\n', ['# A model.']],
  ['a line that is half written', 'cell A {\n  h = tanh(W«» @\n}\n', ['W']],
];

describe('selection ranges', () => {
  for (const [what, marked, texts] of rows) {
    it(`grow from ${what} to the file`, async () => {
      const { text, places } = unmark(marked);
      await client.write(uri, text);
      const [first] = (await client.request<SelectionRange[]>('selectionRange', uri, {
        positions: [places[0]!.start],
      }))!;
      const document = TextDocument.create(uri, 'rnn', 1, text);
      const found: string[] = [];
      for (let range = first; range; range = range.parent) found.push(document.getText(range.range));
      assert.deepEqual(found.slice(0, texts.length), texts);
      assert.equal(found.at(-1), text);
      for (const [index, inner] of found.slice(0, -1).entries()) assert.ok(found[index + 1]!.includes(inner));
    });
  }

  it('are the file where nothing is', async () => {
    await client.write(uri, '\n\n');
    const positions = [{ line: 1, character: 0 }];
    const [range] = (await client.request<SelectionRange[]>('selectionRange', uri, { positions }))!;
    assert.deepEqual(range, { range: { start: { line: 0, character: 0 }, end: { line: 2, character: 0 } } });
  });
});
