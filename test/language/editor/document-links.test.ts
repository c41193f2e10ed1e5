import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { DocumentLink } from 'vscode-languageserver';
import { LanguageClient } from '../language-client.ts';
import { unmark } from '../marked-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-links-'));
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
let client: LanguageClient;
before(async () => {
  writeFileSync(join(folder, 'a.txt'), 'To be, or not to be');
  client = await LanguageClient.start();
});
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

const rows: readonly (readonly [what: string, marked: string, target: string, tooltip: string])[] = [
  ['a text', 'data d {\n  source = text("«a.txt»")\n}', 'a.txt', 'Open a.txt'],
  ['a file by its name', 'data d {\n  source = text(file = "«a.txt»")\n}', 'a.txt', 'Open a.txt'],
  [
    'a table that is not there',
    'data d {\n  source = csv("«../b.csv»")\n}',
    '../b.csv',
    '../b.csv is not there yet',
  ],
  ['an import', 'import "«cells/c.rnn»"', 'cells/c.rnn', 'cells/c.rnn is not there yet'],
];

describe('document links', () => {
  for (const [what, marked, target, tooltip] of rows) {
    it(`lead to ${what}`, async () => {
      const { text, places } = unmark(marked);
      const uri = uriOf('model.rnn');
      await client.write(uri, text);
      const links = await client.request<DocumentLink[]>('documentLink', uri, {});
      assert.deepEqual(links, [{ range: places[0], target: uriOf(target), tooltip }]);
    });
  }

  it('are for names of files alone', async () => {
    const uri = uriOf('model.rnn');
    await client.write(uri, 'data d {\n  inputs = ["a"]\n  source = text("")\n}');
    assert.deepEqual(await client.request('documentLink', uri, {}), []);
  });
});
