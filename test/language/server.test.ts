import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LanguageClient } from './language-client.ts';
import { fileOf, fileWithCell, prelude, unmark } from './marked-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-language-'));
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
const uri = uriOf('model.rnn');

let client: LanguageClient;
before(async () => {
  writeFileSync(join(folder, 'a.txt'), 'To be, or not to be');
  writeFileSync(join(folder, 'a.csv'), 'p,q,r,c\n1,2,3,4\n');
  client = await LanguageClient.start();
});
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

/** Writes a text and returns the place of its mark `«»`, or of the word in it. */
async function write(marked: string) {
  const { text, places } = unmark(marked);
  await client.write(uri, text);
  return places[0]!;
}

describe('names', () => {
  const cell = 'cell A(units) {\n  param W : [units, x] ~ glorot\n  c = W @ x + «c»[t-1]\n  output c\n}';

  it('lead from a layer into the prelude', async () => {
    const { start } = await write(fileOf().replace('LSTM', '«LSTM»'));
    const [link] = (await client.definition(uri, start)) ?? [];
    assert.equal(link!.targetUri, prelude.uri);
    const line = prelude.text.split('\n')[link!.targetSelectionRange.start.line];
    assert.equal(line, 'cell LSTM(units, forget_bias = 1) {');
  });
  it('lead from a layer to an own cell of the same name', async () => {
    const { start } = await write(
      fileOf({ cell: 'cell LSTM(units) { param b : [units] = 0 h = b output h }' }).replace(
        'LSTM(8)',
        '«LSTM»(8)',
      ),
    );
    const [link] = (await client.definition(uri, start)) ?? [];
    assert.equal(link!.targetUri, uri);
  });
  it('lead from a state to its equation, and are found and renamed together', async () => {
    const { start } = await write(cell);
    const [link] = (await client.definition(uri, start)) ?? [];
    assert.deepEqual(link!.targetSelectionRange.start, { line: 2, character: 2 });
    assert.equal((await client.references(uri, start))!.length, 3);
    const edit = await client.rename(uri, start, 'memory');
    assert.deepEqual(
      edit!.changes![uri]!.map(({ newText }) => newText),
      ['memory', 'memory', 'memory'],
    );
  });
  it('are renamed where arguments are given by name', async () => {
    const { start } = await write(
      fileOf({
        cell: 'cell A(«units») { param b : [units] = 0 h = b output h }',
        model: 'model { onehot A(units = 8) dense softmax }',
      }),
    );
    assert.equal((await client.rename(uri, start, 'size'))!.changes![uri]!.length, 3);
  });
  it('keep what belongs to the prelude, and words of the language', async () => {
    const { start } = await write(fileOf().replace('LSTM', '«LSTM»'));
    await assert.rejects(client.rename(uri, start, 'Mine'), /belongs to the prelude/);
    const { start: own } = await write(cell);
    await assert.rejects(client.rename(uri, own, 'two words'), /is not a name/);
    await assert.rejects(client.rename(uri, own, 'model'), /is not a name/);
  });
  const clashes: readonly (readonly [marked: string, newName: string, why: RegExp])[] = [
    [cell, 'W', /already a `W` that this cell can read/],
    [cell, 'units', /already a `units` that this cell can read/],
    [`let n = 1\n${cell}`, 'n', /already a `n` that this cell can read/],
    [`let «n» = 1\n${cell.replace(/[«»]/g, '')}`, 'c', /already a `c` in this file/],
    [`cell «B»(n) {}\n${cell.replace(/[«»]/g, '')}`, 'A', /already a cell `A`/],
    [cell.replace(/[«»]/g, '').replace('A', '«A»'), 'dense', /is a layer of the language/],
    ['model «a» {}\nmodel b {}\ndata c {}', 'b', /already a block `b`/],
    ['cell A(«units») { h = affine(x) output h }', 'size', /write `units = units` into it/],
  ];
  for (const [marked, newName, why] of clashes) {
    it(`are not changed into what another has: ${newName}`, async () => {
      const { start } = await write(marked);
      await assert.rejects(client.rename(uri, start, newName), why);
    });
  }
  it('can be what things of other kinds have', async () => {
    const { start } = await write(
      'model «a» {}\ndata c {}\ncell A(units) { h = affine(x, units = units) output h }',
    );
    assert.ok(await client.rename(uri, start, 'c'));
    const { start: argument } = await write('cell A(«units») { h = affine(x, units = units) output h }');
    assert.ok(await client.rename(uri, argument, 'size'));
  });
  it('of one file are unknown in another', async () => {
    await client.write(uri, 'cell Mine(units) { param b : [units] = 0 h = b output h }');
    const [diagnostic] = await client.write(
      uriOf('other.rnn'),
      fileOf({ model: 'model { onehot Mine(3) dense softmax }' }),
    );
    assert.equal(diagnostic!.code, 'unknown-layer');
  });
});

describe('outline and folding', () => {
  it('follow the blocks', async () => {
    await client.write(
      uri,
      fileOf({ cell: 'cell A(units) {\n  param b : [units] = 0\n  h = b\n  output h\n}' }),
    );
    const symbols = (await client.symbols(uri))!.map(({ name, children }) => [
      name,
      children!.map((child) => child.name),
    ]);
    assert.deepEqual(symbols, [
      ['data', ['source', 'window']],
      ['A', ['b', 'h']],
      ['model', ['onehot', 'LSTM', 'dense', 'softmax']],
      ['train', ['loss', 'optimizer', 'batch']],
    ]);
    assert.deepEqual(
      (await client.folds(uri))!.map(({ startLine, endLine }) => [startLine, endLine]),
      [
        [0, 2],
        [5, 8],
        [11, 15],
        [18, 21],
      ],
    );
  });
});

describe('a file that is being typed', () => {
  it('is answered at every character', async () => {
    const text = fileWithCell('param W : [units, x] ~ glorot\nh = tanh(W @ x + h[t-1])\noutput h');
    for (let length = 0; length <= text.length; length += 7) {
      const typed = text.slice(0, length);
      await client.write(uri, typed);
      const lines = typed.split('\n');
      const position = { line: lines.length - 1, character: lines.at(-1)!.length };
      await client.complete(uri, position);
      await client.hover(uri, { line: position.line, character: Math.max(0, position.character - 1) });
      await client.symbols(uri);
      await client.folds(uri);
    }
  });
});
