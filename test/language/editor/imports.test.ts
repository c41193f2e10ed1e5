/** Files that import others: what they know of them, from the first diagnostics on and through every change. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LanguageClient } from '../language-client.ts';
import { fileOf, unmark } from '../marked-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-imports-'));
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
const cell = (name: string) => `cell ${name}(units) {\n  h = affine(x, h[t-1])\n  output h\n}\n`;
const importing = (path: string, layer: string) =>
  `import "${path}"\n${fileOf({ model: `model {\n  onehot\n  ${layer}\n  dense\n  softmax\n}` })}`;

let client: LanguageClient;
before(async () => {
  mkdirSync(join(folder, 'lib'));
  writeFileSync(join(folder, 'a.txt'), 'To be, or not to be');
  writeFileSync(join(folder, 'lib/cells.rnn'), cell('Mine'));
  writeFileSync(join(folder, 'lib/more.rnn'), `import "cells.rnn"\n${cell('More')}`);
  client = await LanguageClient.start();
});
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

async function codes(name: string, marked: string) {
  const diagnostics = await client.write(uriOf(name), unmark(marked).text);
  return diagnostics.map(({ code }) => code);
}

it('are right from the first diagnostics on', async () => {
  assert.deepEqual(await codes('first.rnn', importing('lib/cells.rnn', 'Mine(4)')), []);
  assert.deepEqual(await codes('second.rnn', importing('lib/more.rnn', 'More(4)')), []);
});

it('see cells of the files that they name, and no others', async () => {
  assert.deepEqual(await codes('third.rnn', importing('lib/more.rnn', 'Mine(4)')), [
    'unused-import',
    'unknown-layer',
  ]);
});

it('lead to the other file, which knows who refers to it', async () => {
  const marked = importing('lib/cells.rnn', '«Mine»(4)');
  const { start } = unmark(marked).places[0]!;
  await codes('first.rnn', marked);
  const [link] = (await client.definition(uriOf('first.rnn'), start)) ?? [];
  assert.equal(link!.targetUri, uriOf('lib/cells.rnn'));
  const edit = await client.rename(uriOf('first.rnn'), start, 'Ours');
  const edits = Object.entries(edit!.changes!).map(([uri, changes]) => [uri, changes.length]);
  assert.deepEqual(
    edits.sort(),
    [
      [uriOf('first.rnn'), 1],
      [uriOf('lib/cells.rnn'), 1],
    ].sort(),
  );
});

it('are told when the other file changes, in the editor or on disk', async () => {
  await codes('first.rnn', importing('lib/cells.rnn', 'Mine(4)'));
  const heard = client.nextDiagnostics(uriOf('first.rnn'));
  await client.write(uriOf('lib/cells.rnn'), cell('Renamed'));
  assert.deepEqual(
    (await heard).map(({ code }) => code),
    ['unused-import', 'unknown-layer'],
  );

  assert.deepEqual(await codes('fourth.rnn', importing('late.rnn', 'Late(4)')), [
    'import-missing',
    'unknown-layer',
  ]);
  const appeared = client.nextDiagnostics(uriOf('fourth.rnn'));
  writeFileSync(join(folder, 'late.rnn'), cell('Late'));
  await client.fileChanged(uriOf('late.rnn'));
  assert.deepEqual(await appeared, []);
});
