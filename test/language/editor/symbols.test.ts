import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type DocumentSymbol, SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver';
import { LanguageClient } from '../language-client.ts';
import { prelude } from '../marked-text.ts';
import { everything } from './sources.ts';

const uri = 'file:///project/outlined.rnn';
let client: LanguageClient;
before(async () => {
  client = await LanguageClient.start();
});
after(() => client.close());

const kindNames = Object.fromEntries(Object.entries(SymbolKind).map(([name, kind]) => [kind, name]));

/** A line for each symbol, indented as it is nested. */
function outline(symbols: readonly DocumentSymbol[], indent = ''): readonly string[] {
  return symbols.flatMap(({ name, kind, detail, children = [] }) => [
    `${indent}${kindNames[kind]} ${name}${detail ? ` · ${detail}` : ''}`,
    ...outline(children, `${indent}  `),
  ]);
}

describe('document symbols', () => {
  it('outline a file', async () => {
    await client.write(uri, everything);
    assert.deepEqual(outline((await client.symbols(uri))!), [
      'Module "cells.rnn"',
      'Constant n · 64',
      'Constant width · 2 * n',
      'Namespace data · shakespeare',
      ...['  Property source', '  Property window', '  Property split'],
      'Class Own',
      ...['W', 'V_candidate', 'U', 's', 'b'].map((name) => `  Field ${name}`),
      ...['f', 'g', 'h'].map((name) => `  Variable ${name}`),
      'Namespace model · deep',
      '  Object embed · width',
      '  Object repeat · 2',
      '    Object residual',
      '      Object Own · n, forget_bias = -2',
      '      Object dropout · 10%',
      '  Object bidirectional · LSTM(n), merge = sum',
      ...['  Object dense', '  Object softmax'],
      'Namespace train · short',
      ...['model', 'loss', 'optimizer', 'batch'].map((key) => `  Property ${key}`),
    ]);
  });

  it('contain what they select', async () => {
    const visit = ({ range, selectionRange, children = [] }: DocumentSymbol): void => {
      assert.ok(range.start.line <= selectionRange.start.line && selectionRange.end.line <= range.end.line);
      for (const child of children) {
        assert.ok(range.start.line <= child.range.start.line && child.range.end.line <= range.end.line);
        visit(child);
      }
    };
    await client.write(uri, everything);
    (await client.symbols(uri))!.forEach(visit);
  });
});

describe('workspace symbols', () => {
  const rows: readonly (readonly [query: string, found: readonly string[]])[] = [
    ['Own', ['Class Own in outlined.rnn']],
    ['deep', ['Namespace deep in outlined.rnn']],
    ['short', ['Namespace short in outlined.rnn']],
    ['PeepLSTM', ['Class PeepholeLSTM in prelude.rnn']],
  ];
  for (const [query, found] of rows) {
    it(`find \`${query}\``, async () => {
      await client.write(uri, everything);
      const symbols = await client.workspaceSymbols(query);
      assert.deepEqual(
        symbols.map(({ name, kind, containerName }) => `${kindNames[kind]} ${name} in ${containerName}`),
        found,
      );
    });
  }

  it('lead to the name', async () => {
    const [symbol] = (await client.workspaceSymbols('Elman')) as [WorkspaceSymbol];
    assert.equal(symbol.location.uri, prelude.uri);
    const { start } = (symbol.location as { range: { start: { line: number; character: number } } }).range;
    assert.equal(prelude.text.split('\n')[start.line]!.slice(start.character).startsWith('Elman'), true);
  });

  it('find blocks without a name by their kind', async () => {
    await client.write(uri, 'model {\n  onehot\n}');
    assert.deepEqual(
      (await client.workspaceSymbols('model')).map(({ name, location }) => [name, location.uri]),
      [['model', uri]],
    );
  });
});
