import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { InlayHint, MarkupContent } from 'vscode-languageserver';
import { LanguageClient } from '../language-client.ts';
import { fileOf, regression, unmark } from '../marked-text.ts';
import { sources } from './sources.ts';

const uri = 'file:///project/hints.rnn';
let client: LanguageClient;
before(async () => {
  client = await LanguageClient.start();
});
after(() => client.close());

async function hintsOf(
  text: string,
  lines: readonly [from: number, to: number] = [0, 1000],
): Promise<InlayHint[]> {
  await client.write(uri, text);
  const range = { start: { line: lines[0], character: 0 }, end: { line: lines[1], character: 0 } };
  return (await client.request<InlayHint[]>('inlayHint', uri, { range })) ?? [];
}

/** The text with its hints in «». */
async function shown(text: string): Promise<string> {
  const lines = text.split('\n');
  for (const { position, label } of (await hintsOf(text)).toReversed()) {
    const line = lines[position.line]!;
    lines[position.line] = `${line.slice(0, position.character)}«${label}»${line.slice(position.character)}`;
  }
  return lines.join('\n');
}

const cell = 'cell A(units) {\n  a«» = sum(x)\n  b«» = affine(x, h[t-1])\n  h«» = tanh(a * b)\n  output h\n}';
const withShapes = (...shapes: string[]) =>
  shapes.reduce((text, shape) => text.replace('«»', `«${shape}»`), cell);
const withModel = (layers: string) => ({
  ...regression,
  cell: unmark(cell).text,
  model: `model {\n  ${layers}\n}`,
});

describe('inlay hints', () => {
  const rows: readonly (readonly [what: string, marked: string, cell: string])[] = [
    ['numbers in a cell that is used once', 'A(8)\n  dense\n  linear', withShapes('[]', '[8]', '[8]')],
    [
      'numbers in a cell that is repeated',
      'repeat(3) {\n    A(8)\n  }\n  dense\n  linear',
      withShapes('[]', '[8]', '[8]'),
    ],
    ['numbers in two directions', 'bidirectional(A(8))\n  dense\n  linear', withShapes('[]', '[8]', '[8]')],
    [
      'names in a cell that is used twice',
      'A(8)\n  A(4)\n  dense\n  linear',
      withShapes('[]', '[units]', '[units]'),
    ],
    ['names in a cell that is not used', 'dense\n  linear', withShapes('[]', '[units]', '[units]')],
  ];
  for (const [what, model, wanted] of rows) {
    it(`show shapes as ${what}`, async () => {
      const text = await shown(fileOf(withModel(model)));
      assert.equal(/cell A[^}]*\}/.exec(text)![0], wanted);
    });
  }

  const models: readonly (readonly [what: string, marked: string])[] = [
    ['layers', 'embed(8)« 8 · vocabulary»\n  LSTM(8)« 544»\n  dense« 9 · vocabulary»\n  softmax'],
    [
      'a layer as wide as the vocabulary',
      'onehot\n  LSTM(8)« 32 · vocabulary + 288»\n  dense« 9 · vocabulary»\n  softmax',
    ],
    [
      'layers in braces',
      'embed(8)« 8 · vocabulary»\n  repeat(2) {« 1,120»\n    residual {« 2 × 560»\n      LSTM(8)« 2 × 544»\n      layer_norm« 2 × 16»\n    }\n  }\n  tie« vocabulary»\n  softmax',
    ],
    [
      'repeated layers that differ',
      'onehot\n  repeat(2) {« 32 · vocabulary + 832»\n    LSTM(8)« 32 · vocabulary + 288, then 544»\n  }\n  dense« 9 · vocabulary»\n  softmax',
    ],
    ['what is right, beside what is not', 'embed(8)« 8 · vocabulary»\n  LSTM\n  dens(8)\n  softmax'],
  ];
  for (const [what, marked] of models) {
    it(`count the parameters of ${what}`, async () => {
      const wanted = fileOf({ model: `model {\n  ${marked}\n}` }).replace(/« (.*?)»/g, '«$1 parameters»');
      const { text } = unmark(wanted.replace(/«.*?»/g, ''));
      assert.equal(await shown(text), wanted);
    });
  }

  it('say how a number comes about', async () => {
    const hints = await hintsOf(fileOf({ model: 'model {\n  embed(8)\n  Elman(4)\n  dense\n  softmax\n}' }));
    const tooltips = hints.map(({ tooltip }) => (tooltip as MarkupContent).value);
    assert.deepEqual(tooltips, [
      '`embed(8)` learns\n- `E` `[vocabulary, 8]`: 8 · vocabulary',
      '`Elman(4)` learns\n- `W` `[4, 8]`: 32\n- `U` `[4, 4]`: 16\n- `b` `[4]`: 4',
      '`dense` learns\n- `W` `[vocabulary, 4]`: 4 · vocabulary\n- `b` `[vocabulary]`: vocabulary',
    ]);
  });

  it('say where a shape comes from', async () => {
    const [, hint] = await hintsOf(fileOf(withModel('A(8)\n  dense\n  linear')));
    assert.equal((hint!.tooltip as MarkupContent).value, '`b` has the shape `[units]`: `[8]` in `A(8)`.');
  });

  it('come for the lines that are asked for', async () => {
    const lines = (await hintsOf(sources.get('shakespeare.rnn')!, [29, 30])).map(
      ({ position }) => position.line,
    );
    assert.deepEqual(lines, [29, 30]);
  });

  it('are silent in a cell that does not parse', async () => {
    assert.deepEqual(await hintsOf('cell A(units) {\n  h = tanh(\n}'), []);
  });
});
