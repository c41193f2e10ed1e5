import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FoldingRange } from 'vscode-languageserver';
import { LanguageClient } from '../language-client.ts';

const uri = 'file:///project/folded.rnn';
let client: LanguageClient;
before(async () => {
  client = await LanguageClient.start();
});
after(() => client.close());

type Fold = readonly [startLine: number, endLine: number, kind?: string];

const rows: readonly (readonly [what: string, text: string, folds: readonly Fold[]])[] = [
  ['blocks, to the line before their brace', 'model {\n  onehot\n  dense\n}', [[0, 2]]],
  [
    'layers in braces',
    'model {\n  repeat(2) {\n    residual {\n      dense\n    }\n  }\n}',
    [
      [2, 3],
      [1, 4],
      [0, 5],
    ],
  ],
  [
    'lists and calls over several lines',
    'data d {\n  inputs = [\n    "a"\n  ]\n}',
    [
      [1, 2],
      [0, 3],
    ],
  ],
  [
    'comments that follow each other',
    '# One\n# two.\n\n# Three.\nlet n = 1 # four\n# five',
    [[0, 1, 'comment']],
  ],
  ['imports', 'import "a.rnn"\nimport "b.rnn"\nlet n = 1', [[0, 1, 'imports']]],
  ['not what is on one line', 'model { onehot }\ntrain {\n}', []],
  [
    'a block after one that is not closed',
    'cell A {\n  h = (x\ntrain {\n  batch = 1\n  seed = 1\n}',
    [[2, 4]],
  ],
];

describe('folding', () => {
  for (const [what, text, folds] of rows) {
    it(`folds ${what}`, async () => {
      await client.write(uri, text);
      const found = (await client.request<FoldingRange[]>('foldingRange', uri, {}))!;
      const shown = found.map(({ startLine, endLine, kind }) =>
        kind ? [startLine, endLine, kind] : [startLine, endLine],
      );
      assert.deepEqual(shown, folds);
    });
  }
});
