import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SemanticTokens, SemanticTokensLegend } from 'vscode-languageserver';
import { LanguageClient } from '../language-client.ts';
import { fileWithCell } from '../marked-text.ts';
import { scopesOf } from '../textmate.ts';
import { everything, sources } from './sources.ts';

const uri = 'file:///project/coloured.rnn';
let client: LanguageClient;
let legend: SemanticTokensLegend;
before(async () => {
  client = await LanguageClient.start();
  legend = client.capabilities.semanticTokensProvider!.legend;
});
after(() => client.close());

interface ColouredWord {
  readonly line: number;
  readonly character: number;
  readonly word: string;
  /** Type, and modifiers after dots. */
  readonly kind: string;
}

async function tokensOf(text: string): Promise<ColouredWord[]> {
  await client.write(uri, text);
  const { data } = (await client.request<SemanticTokens>('semanticTokens/full', uri, {}))!;
  const lines = text.split('\n');
  const words: ColouredWord[] = [];
  let line = 0;
  let character = 0;
  for (let at = 0; at < data.length; at += 5) {
    const [down, right, length, type, modifiers] = data.slice(at, at + 5) as [
      number,
      number,
      number,
      number,
      number,
    ];
    character = down === 0 ? character + right : right;
    line += down;
    const names = legend.tokenModifiers.filter((_, bit) => modifiers & (1 << bit));
    const kind = [legend.tokenTypes[type]!, ...names].join('.');
    words.push({ line, character, word: lines[line]!.slice(character, character + length), kind });
  }
  return words;
}

describe('semantic tokens', () => {
  it('tell what names are', async () => {
    const text = fileWithCell(
      'param W : [units, x] ~ normal(0.1)\nparam b : [units] ~ ones\ninitial h = n\nh = tanh(W @ x + b) * h[t-1]\noutput h',
    )
      .replace('loss = mse', 'model = deep\n  loss = mse')
      .replace('model {', 'model deep {');
    const kinds = (await tokensOf(`let n = 2\n${text}`)).map(({ word, kind }) => `${word} ${kind}`);
    assert.deepEqual(kinds, [
      'n variable.declaration',
      'd namespace.declaration',
      ...[
        'source property',
        'csv function.defaultLibrary',
        'inputs property',
        'targets property',
        'window property',
      ],
      ...['A class.declaration', 'units parameter.declaration'],
      ...['W property.declaration', 'units parameter', 'normal function.defaultLibrary'],
      ...['b property.declaration', 'units parameter', 'ones enumMember'],
      ...['h variable', 'n variable'],
      ...['h variable.declaration', 'tanh function.defaultLibrary', 'W property', 'b property', 'h variable'],
      'h variable',
      ...[
        'deep namespace.declaration',
        'A class',
        'dense function.defaultLibrary',
        'linear function.defaultLibrary',
      ],
      ...['model property', 'deep namespace', 'loss property', 'mse enumMember'],
      ...['optimizer property', 'sgd function.defaultLibrary', 'lr parameter', 'batch property'],
    ]);
  });

  it('tell cells inside layers from words of the language', async () => {
    const kinds = (
      await tokensOf('model {\n  bidirectional(LSTM(n), merge = sum)\n  repeat(2) {\n    GRU(3)\n  }\n}')
    ).map(({ word, kind }) => `${word} ${kind}`);
    assert.deepEqual(kinds, [
      ...['bidirectional function.defaultLibrary', 'LSTM class', 'merge parameter', 'sum enumMember'],
      ...['repeat function.defaultLibrary', 'GRU class'],
    ]);
  });
});

it('semantic tokens of a file and of stretches of it can be asked for at once', async () => {
  const text = sources.get('prelude.rnn')!;
  const ask = async (lines: number) => {
    const range = { start: { line: 0, character: 0 }, end: { line: lines, character: 0 } };
    return (await client.request<SemanticTokens>('semanticTokens/range', uri, { range }))!.data;
  };
  await client.write(uri, text);
  const lines = [20, 100, 200];
  const alone = [await ask(20), await ask(100), await ask(200)];
  // As an editor does: all of them wait until the edit before them is built in.
  const [, ...atOnce] = await Promise.all([client.write(uri, text), ...lines.map(ask)]);
  assert.deepEqual(atOnce, alone);
});

type Colour = 'type' | 'function' | 'variable' | 'constant' | 'namespace';

/** As themes colour them: VS Code shows a token type like the scopes that it stands for. */
const colourOfType: Readonly<Record<string, Colour>> = {
  class: 'type',
  function: 'function',
  variable: 'variable',
  parameter: 'variable',
  property: 'variable',
  enumMember: 'constant',
  namespace: 'namespace',
};

function colourOfScope(scope: string | undefined): Colour | undefined {
  if (scope?.startsWith('entity.name.type')) return 'type';
  if (scope?.startsWith('entity.name.namespace')) return 'namespace';
  if (scope?.startsWith('entity.name.function') || scope?.startsWith('support.function')) return 'function';
  if (scope?.startsWith('variable.other.enummember')) return 'constant';
  return /^variable\.(?:other|parameter)/.test(scope ?? '') ? 'variable' : undefined;
}

describe('semantic tokens and the TextMate grammar agree', () => {
  for (const [name, text] of [...sources, ['a file with everything', everything] as const]) {
    it(`in ${name}`, async () => {
      const scopes = scopesOf(text);
      const words = await tokensOf(text);
      assert.ok(words.length > 10);
      for (const { line, character, word, kind } of words) {
        const place = `${name}:${line + 1}:${character + 1} ${word}`;
        const within = new Set(scopes[line]!.slice(character, character + word.length).map(colourOfScope));
        assert.deepEqual(
          [...within],
          [colourOfType[kind.split('.')[0]!]],
          `${place}: ${kind}, ${scopes[line]![character]}`,
        );
      }
    });
  }
});
