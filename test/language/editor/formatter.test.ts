import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { FormattingOptions, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LanguageClient } from '../language-client.ts';
import { unmark } from '../marked-text.ts';
import { applied, mutationsOf } from '../robustness/damage.ts';
import { assertFormatsSafely, formatted, piecesOf } from './formatted.ts';
import { everything, sources } from './sources.ts';

const texts = [...sources.values(), everything];

describe('formatting', () => {
  for (const [name, text] of [...sources, ['a file with everything', everything] as const]) {
    it(`changes nothing in ${name}`, () => assert.equal(formatted(text), text));
  }

  const rows: readonly (readonly [what: string, text: string, wanted: string])[] = [
    ['empties what is white space', ' \n\n', ''],
    ['ends a file with one line break', 'import "a.rnn"\n\n\n', 'import "a.rnn"\n'],
    [
      'puts statements on lines of their own',
      'cell A(n){param b:[n]=0 h=x+b output h}',
      'cell A(n) {\n  param b : [n] = 0\n  h = x + b\n  output h\n}\n',
    ],
    [
      'puts layers, and groups of layers, on lines of their own',
      'model m{onehot repeat( 2 ){residual{LSTM( 3 )}dense}softmax}',
      'model m {\n  onehot\n  repeat(2) {\n    residual {\n      LSTM(3)\n    }\n    dense\n  }\n  softmax\n}\n',
    ],
    ['leaves an empty block on its line', 'model\n{\n\n}', 'model {}\n'],
    [
      'aligns signs within runs of settings',
      'train {\n loss=mse\n # how\n optimizer=sgd(lr=1)\n\n\n\n batch=3\n seed = 1\n}',
      'train {\n  loss      = mse\n  # how\n  optimizer = sgd(lr = 1)\n\n  batch = 3\n  seed  = 1\n}\n',
    ],
    [
      'aligns shapes and initialisers within runs of parameters',
      'cell A(n){param W,U:[n,x]~glorot\nparam b:[n]=0\nparam s=1\n\nparam longer:[]=0\n}',
      'cell A(n) {\n  param W, U : [n, x] ~ glorot\n  param b    : [n]    = 0\n  param s             = 1\n\n  param longer : [] = 0\n}\n',
    ],
    [
      'aligns comments at the ends of adjacent lines',
      'cell A {\n  a = x # one\n  longer = x    # two\n  b = x\n  c = x# three\n}',
      'cell A {\n  a = x       # one\n  longer = x  # two\n  b = x\n  c = x  # three\n}\n',
    ],
    ['aligns constants', 'let n=1\nlet longer=2', 'let n      = 1\nlet longer = 2\n'],
    [
      'sets blocks off from each other, with the comments before them',
      'let n = 1\n# A model.\nmodel {}\n# Another.\n\nmodel {} # one\ntrain {}',
      'let n = 1\n\n# A model.\nmodel {}\n# Another.\n\nmodel {}  # one\n\ntrain {}\n',
    ],
    [
      'keeps the breaks of an equation and joins what else was broken',
      'cell A {\n  h\n =\n x[\nt -1] +\n x\n * (\nx\n) - f\n(x,\nx)\n}',
      'cell A {\n  h =\n    x[t-1] +\n    x\n    * (\n      x\n    ) - f(x,\n    x)\n}\n',
    ],
    [
      'keeps lists that were broken',
      'data d {\n inputs=[\n"a",\n"b"\n]\n}',
      'data d {\n  inputs = [\n    "a",\n    "b"\n  ]\n}\n',
    ],
    ['tells signs from operators', 'cell A {\n h = - x*-  1-(-x)\n}', 'cell A {\n  h = -x * -1 - (-x)\n}\n'],
    ['writes percentages together', 'let n=80 %', 'let n = 80%\n'],
    ['trims comments', '#  kept \nlet n = 1 #\t\n', '#  kept\nlet n = 1  #\n'],
    ['keeps the line breaks of the file', 'model{dense}\r\n\r\n\r\n', 'model {\r\n  dense\r\n}\r\n'],
    [
      'leaves blocks alone that do not parse, and what is beside them',
      'let  n = 1\nlet m  =  2\n\n\n\ntrain {  loss =\n  }\n\n\n\ndata d{window=5}',
      'let n = 1\nlet m = 2\n\n\n\ntrain {  loss =\n  }\n\n\n\ndata d {\n  window = 5\n}\n',
    ],
    [
      'leaves a block alone that holds an unclosed text',
      'data d {source = text("a.txt)\n}\nlet  n=1',
      'data d {source = text("a.txt)\n}\nlet n = 1\n',
    ],
    [
      'leaves a block alone whose brace is missing',
      'model { residual { dense }\n\n\n',
      'model { residual { dense }\n\n\n',
    ],
  ];
  for (const [what, text, wanted] of rows) {
    it(what, () => {
      assert.equal(formatted(text), wanted);
      assert.equal(formatted(wanted), wanted);
    });
  }
});

const isWordLike = (image: string) => /[\w.]/.test(image);

/** A text with other white space between its tokens and comments. */
const rearranged = fc.constantFrom(...texts).chain((text) => {
  const pieces = piecesOf(text);
  const spaces = fc.constantFrom('', ' ', '  ', '\t', '\n', '\n ', '\n\n', '\r\n', ' \n\n\n');
  return fc.array(spaces, { minLength: pieces.length, maxLength: pieces.length, size: 'max' }).map((chosen) =>
    pieces.reduce((result, piece, index) => {
      const afterComment = pieces[index - 1]?.startsWith('#') === true;
      const touches = isWordLike(result.at(-1) ?? '') && isWordLike(piece[0]!);
      return `${result}${afterComment ? '\n' : touches && chosen[index] === '' ? ' ' : ''}${chosen[index]}${piece}`;
    }, ''),
  );
});

describe('formatting, whatever the white space', () => {
  it('keeps tokens, comments and tree, and is done after once', () => {
    fc.assert(fc.property(rearranged, assertFormatsSafely), { numRuns: 1000 });
  });

  it('loses nothing where the text does not parse, and is done after once', () => {
    const spoilt = rearranged.chain((text) =>
      mutationsOf([text]).map(({ damage }) => applied(text, damage.edits)),
    );
    fc.assert(fc.property(spoilt, assertFormatsSafely), { numRuns: 400 });
  });
});

describe('formatting in an editor', () => {
  const uri = 'file:///project/formatted.rnn';
  const options: FormattingOptions = { tabSize: 4, insertSpaces: false };
  let client: LanguageClient;
  before(async () => {
    client = await LanguageClient.start();
  });
  after(() => client.close());

  const untidy = 'model   {\n    onehot\n   dense\n}\n\n\ntrain   {\n loss   = mse\n  seed = 1\n}\n';

  async function edited(text: string, method: string, params: object): Promise<string> {
    await client.write(uri, text);
    const edits = await client.request<TextEdit[]>(method, uri, { options, ...params });
    return TextDocument.applyEdits(TextDocument.create(uri, 'rnn', 1, text), edits ?? []);
  }

  it('formats a file', async () => {
    const wanted = 'model {\n  onehot\n  dense\n}\n\ntrain {\n  loss = mse\n  seed = 1\n}\n';
    assert.equal(await edited(untidy, 'formatting', {}), wanted);
  });

  it('formats a stretch', async () => {
    const range = { start: { line: 1, character: 0 }, end: { line: 2, character: 5 } };
    const wanted = untidy.replace('    onehot\n   dense', '  onehot\n  dense');
    assert.equal(await edited(untidy, 'rangeFormatting', { range }), wanted);
  });

  const typed: readonly (readonly [what: string, ch: string, marked: string, wanted: string])[] = [
    [
      'a block when it is closed',
      '}',
      'let  n=1\nmodel {\nonehot\n}«»\ntrain   {}\n',
      'let  n=1\nmodel {\n  onehot\n}\ntrain   {}\n',
    ],
    [
      'what is above in the block when a line is left',
      '\n',
      'model  {}\ntrain {\nloss=mse\n seed=1\n  «»\n   batch=3\n}\n',
      'model  {}\ntrain {\n  loss = mse\n  seed = 1\n  \n   batch=3\n}\n',
    ],
    ['nothing while the block does not parse', '\n', 'train {\nloss=\n«»', 'train {\nloss=\n'],
  ];
  for (const [what, ch, marked, wanted] of typed) {
    it(`formats ${what}`, async () => {
      const { text, places } = unmark(marked);
      const position = places[0]!.start;
      assert.equal(await edited(text, 'onTypeFormatting', { ch, position }), wanted);
    });
  }
});
