import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DocumentHighlight, LinkedEditingRanges } from 'vscode-languageserver';
import { LanguageClient } from '../language-client.ts';
import { unmark } from '../marked-text.ts';

const uri = 'file:///project/linked.rnn';
let client: LanguageClient;
before(async () => {
  client = await LanguageClient.start();
});
after(() => client.close());

/** Each place of the name is marked; the request is made at each of them. */
const rows: readonly (readonly [what: string, marked: string])[] = [
  [
    'a quantity',
    'cell A {\n  «h» = x + «h»[t-1]\n  initial «h» = 1\n  output «h»\n}\n\ncell B {\n  h = x\n  output h\n}',
  ],
  ['a parameter', 'cell A(n) {\n  param b, «W» : [n, x] ~ glorot\n  h = «W» @ x\n  output h\n}'],
];
const alone: readonly (readonly [what: string, marked: string])[] = [
  ['a cell, which models use', 'cell «A» {\n  h = x\n  output h\n}'],
  ['an argument, which models name', 'cell A(«n») {\n  param b : [n] = 0\n  h = x + b\n  output h\n}'],
  ['a word of the language', 'cell A {\n  h = «tanh»(x)\n  output h\n}'],
  ['a name in a file that does not parse', 'cell A {\n  «h» = x + h[t-1] +\n  output h\n}'],
];

const byPlace = (
  one: { range: { start: { line: number } } },
  other: { range: { start: { line: number } } },
) => one.range.start.line - other.range.start.line;

describe('linked editing', () => {
  for (const [what, marked] of rows) {
    it(`links ${what} everywhere in its cell`, async () => {
      const { text, places } = unmark(marked);
      await client.write(uri, text);
      for (const { start: position } of places) {
        const linked = (await client.request<LinkedEditingRanges>('linkedEditingRange', uri, { position }))!;
        const found = linked.ranges.map((range) => ({ range })).sort(byPlace);
        assert.deepEqual(
          new Set(found.map(({ range }) => JSON.stringify(range))),
          new Set(places.map((place) => JSON.stringify(place))),
        );
        assert.match('W_i', new RegExp(`^${linked.wordPattern}$`));
      }
    });

    it(`highlights ${what} everywhere in its cell`, async () => {
      const { text, places } = unmark(marked);
      await client.write(uri, text);
      for (const { start: position } of places) {
        const found = (await client.request<DocumentHighlight[]>('documentHighlight', uri, { position }))!;
        assert.deepEqual(
          new Set(found.map(({ range }) => JSON.stringify(range))),
          new Set(places.map((place) => JSON.stringify(place))),
        );
      }
    });
  }
  for (const [what, marked] of alone) {
    it(`leaves ${what} alone`, async () => {
      const { text, places } = unmark(marked);
      await client.write(uri, text);
      const position = places[0]!.start;
      assert.equal(await client.request('linkedEditingRange', uri, { position }), null);
    });
  }
});
