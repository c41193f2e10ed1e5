import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CodeAction, Diagnostic, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LanguageClient } from '../language-client.ts';
import { fileOf, prelude, regression, unmark } from '../marked-text.ts';
import { pages, writeFiles } from './documented.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-fixes-'));
const uri = pathToFileURL(join(folder, 'model.rnn')).href;

let client: LanguageClient;
before(async () => {
  writeFiles(folder);
  writeFileSync(join(folder, 'a.txt'), 'To be, or not to be');
  writeFileSync(join(folder, 'a.csv'), 'a,b,c\n1,2,3\n');
  client = await LanguageClient.start();
});
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

async function actionsAt(range: Range, diagnostics: readonly Diagnostic[], only?: readonly string[]) {
  const context = { diagnostics, ...(only && { only }) };
  return (await client.request<CodeAction[]>('codeAction', uri, { range, context })) ?? [];
}

/** What applying a code action makes of a text. */
function applied(text: string, { edit }: CodeAction): string {
  const document = TextDocument.create(uri, 'rnn', 0, text);
  return TextDocument.applyEdits(document, edit!.changes![uri]!);
}

const isError = ({ severity }: Diagnostic) => severity === 1;
const codesOf = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code }) => `${code}`).toSorted();

/** The texts that fixes of the first diagnostic with a code make: in each that diagnostic is gone and no error is new. */
async function textsOfFixes(text: string, code: string, title = /(?:)/): Promise<readonly string[]> {
  const diagnostics = await client.write(uri, text);
  const diagnostic = diagnostics.find((candidate) => candidate.code === code);
  assert.ok(diagnostic, `${code} in ${codesOf(diagnostics)}`);
  const actions = (await actionsAt(diagnostic.range, [diagnostic], ['quickfix'])).filter(
    (action) => action.diagnostics?.[0]?.code === code,
  );
  const titles = actions.map((action) => action.title);
  assert.equal(actions.filter(({ isPreferred }) => isPreferred).length, 1, `${titles}`);
  const chosen = actions.filter((candidate) => title.test(candidate.title));
  assert.ok(chosen.length > 0, `${title} in ${titles}`);
  const old = new Set(codesOf(diagnostics.filter(isError)));
  const count = (all: readonly Diagnostic[]) => all.filter((other) => other.code === code).length;
  const texts: string[] = [];
  for (const action of chosen) {
    const fixed = applied(text, action);
    const left = await client.write(uri, fixed);
    const told = `${action.title}\n${fixed}\n${JSON.stringify(left)}`;
    assert.ok(count(left) < count(diagnostics), told);
    const added = codesOf(left.filter(isError)).filter((other) => !old.has(other));
    assert.deepEqual(added, [], told);
    texts.push(fixed);
  }
  return texts;
}

/** Nothing that the file says tells what would be right. */
const withoutFix: ReadonlySet<string> = new Set([
  'stray-character',
  'too-deep',
  'too-long',
  'missing-value',
  'syntax',
  'import-missing',
  'imported-cell',
  'not-a-number',
  'not-a-share',
  'not-a-cell',
  'empty-text',
  'data-file-missing',
  'not-a-group',
  'not-in-equation',
  'output-not-vector',
  'invalid-shape',
  'invalid-size',
]);

describe('every quick fix of every documented example puts it right', () => {
  for (const { code, wrong } of pages) {
    if (withoutFix.has(code)) continue;
    it(code, async () => {
      await textsOfFixes(wrong, code);
    });
  }
});

const cell = (lines: string, head = 'cell A(units)') => `${head} {\n${lines}\n}`;
const elman = `  param W : [units, x]     ~ glorot
  param U : [units, units] ~ orthogonal
  param b : [units]        = 0

  h = tanh(W @ x + U @ h[t-1] + b)  # the state
  output h`;
const without = (line: RegExp) => cell(elman.replace(line, ''));

describe('quick fixes', () => {
  const rows: readonly (readonly [
    what: string,
    text: string,
    code: string,
    title: RegExp,
    result: RegExp | string,
  ])[] = [
    [
      'declare a matrix of the input',
      without(/ {2}param W.*\n/),
      'unknown-quantity',
      /Declare.*W : \[units, x\]/,
      / {2}param b : \[units\] {8}= 0\n {2}param W : \[units, x\] {5}~ glorot\n\n/,
    ],
    [
      'declare a recurrent matrix',
      without(/ {2}param U.*\n/),
      'unknown-quantity',
      /Declare/,
      '  param U : [units, units] ~ orthogonal\n',
    ],
    [
      'declare a bias',
      without(/ {2}param b.*\n/),
      'unknown-quantity',
      /Declare/,
      '  param b : [units]        = 0\n',
    ],
    [
      'declare the first parameter',
      cell('  h = tanh(W @ x)\n  output h'),
      'unknown-quantity',
      /Declare/,
      '{\n  param W : [units, x] ~ glorot\n  h',
    ],
    [
      'declare a parameter in a call',
      cell(elman.replace('+ b', '+ max(b, c)')),
      'unknown-quantity',
      /Declare/,
      'param c : [units]',
    ],
    [
      'declare what another quantity needs',
      cell('  param V : [units, 2 * units] ~ glorot\n  g = W @ x\n  h = V @ g\n  output h'),
      'unknown-quantity',
      /Declare/,
      'param W : [2 * units, x]',
    ],
    [
      'say which of two names',
      cell(elman.replace('output h', 'ha = W @ x\n  hb = ha\n  output hc')),
      'unknown-quantity',
      /Change to `hb`/,
      'output hb',
    ],
    [
      'transpose',
      cell(elman.replace('[units, x]    ', '[x, units]')),
      'shape-mismatch',
      /^Transpose `W`: .*\[units, x\]/,
      'param W : [units, x]',
    ],
    [
      'change the shape of one of several',
      cell('  param W, V : [units, x] ~ glorot\n  h = tanh(W @ x + V @ h[t-1])\n  output h'),
      'shape-mismatch',
      /Change `V`/,
      '  param W : [units, x] ~ glorot\n  param V : [units, units] ~ glorot\n',
    ],
    [
      'multiply unit by unit',
      cell('  param a : [units] = 1\n  param b : [units] = 0\n  h = a @ h[t-1] + b\n  output h'),
      'shape-mismatch',
      /Use `\*`/,
      'h = a * h[t-1]',
    ],
    ['multiply by a matrix', cell(elman.replace('W @', 'W *')), 'matrix-outside-product', /`@`/, 'W @ x'],
    [
      'add an output',
      cell(elman.replace('\n  output h', '')),
      'missing-output',
      /output h/,
      '# the state\n  output h\n}',
    ],
    [
      'add an output in one line',
      'cell A { h = x }',
      'missing-output',
      /output h/,
      'cell A { h = x output h }',
    ],
    [
      'keep the column of keys',
      `${regression.data}\n${regression.model}\ntrain {\n  loss      = mse # l\n  optimizer = adam\n}`,
      'missing-key',
      /`batch`/,
      '  optimizer = adam\n  batch     = 32\n',
    ],
    [
      'name a file that is there',
      fileOf({ data: 'data d {\n  window = 5\n}' }),
      'missing-key',
      /`source`/,
      'source = text("a.txt")',
    ],
    [
      'add a block of data that is there',
      fileOf({ data: '' }),
      'missing-block',
      /`data`/,
      'source = text("a.txt")',
    ],
    [
      'add a block for the numbers of a table',
      `${regression.model}\n\n${regression.train}\n`,
      'missing-block',
      /`data`/,
      'csv("a.csv")',
    ],
    [
      'fit a model to its table',
      `${regression.data}\n\n${regression.train}\n`,
      'missing-block',
      /`model`/,
      'linear',
    ],
    [
      'add dense before softmax',
      fileOf({ model: 'model {\n  onehot\n  LSTM(8)\n}' }),
      'missing-output-layer',
      /dense/,
      '  LSTM(8)\n  dense\n  softmax\n',
    ],
    [
      'fit loss and output to a table',
      `${regression.data}\n${fileOf({ data: '' })}`.replace('onehot\n  ', ''),
      'loss-does-not-fit-data',
      /mse/,
      'linear\n}\n\ntrain {\n  loss = mse',
    ],
    [
      'remove a name from a list',
      cell(elman.replace('param b', 'param q, b')),
      'unused-parameter',
      /Remove `q`/,
      'param b :',
    ],
    [
      'remove a line with its comment',
      cell(elman.replace('  output', '  d = x  # unused\n  output')),
      'unused-quantity',
      /Remove/,
      '# the state\n  output',
    ],
    [
      'remove an argument and where it is given',
      fileOf({
        cell: cell(elman, 'cell A(units, gain)'),
        model: 'model {\n  onehot\n  A(8, 2)\n  dense\n  softmax\n}',
      }),
      'unused-argument',
      /Remove `gain`/,
      'A(8)\n',
    ],
    [
      'remove the only argument',
      cell('  h = x\n  output h', 'cell A(gain)'),
      'unused-argument',
      /Remove `gain`/,
      'cell A {',
    ],
    [
      'shrink what is trained on',
      fileOf({
        data: 'data d {\n  source = text("a.txt")\n  window = 5\n  split = holdout(80%, 20%, 10%)\n}',
      }),
      'split-over-100',
      /100%/,
      'holdout(70%, 20%, 10%)',
    ],
    [
      'shrink all shares',
      fileOf({
        data: 'data d {\n  source = text("a.txt")\n  window = 5\n  split = holdout(100%, 100%, 50%)\n}',
      }),
      'split-over-100',
      /100%/,
      'holdout(40%, 40%, 20%)',
    ],
    [
      'write a share as one',
      fileOf({ data: 'data d {\n  source = text("a.txt")\n  window = 5\n  split = holdout(80)\n}' }),
      'out-of-range',
      /80%/,
      'holdout(80%)',
    ],
    [
      'give a cell its units',
      fileOf({ model: 'model {\n  onehot\n  LSTM(forget_bias = 2)\n  dense\n  softmax\n}' }),
      'missing-argument',
      /units/,
      'LSTM(forget_bias = 2, units = 64)',
    ],
    [
      'rename a second cell',
      'cell A { h = x output h }\ncell A { h = x output h }',
      'duplicate-definition',
      /Rename/,
      'cell A2 {',
    ],
    [
      'close a text before its bracket',
      fileOf().replace('"a.txt"', '"a.txt'),
      'unclosed-text',
      /`"`/,
      'text("a.txt")',
    ],
  ];
  for (const [what, text, code, title, result] of rows) {
    it(what, async () => {
      const [fixed = ''] = await textsOfFixes(text, code, title);
      if (typeof result === 'string') assert.ok(fixed.includes(result), fixed);
      else assert.match(fixed, result);
    });
  }

  const firstTitles: readonly (readonly [what: string, text: string, title: RegExp])[] = [
    [
      'the name that is near and fits',
      cell(elman.replace('+ b)', '+ baias)').replace('param b', 'param bias')),
      /^Change to `bias`/,
    ],
    ['the declaration where the near name does not fit', without(/ {2}param W.*\n/), /^Declare/],
    [
      'the declaration where several names are near',
      cell('  param W_a, W_b : [units, x] ~ glorot\n  h = W_a @ x + W_b @ x + W_c @ x\n  output h'),
      /^Declare/,
    ],
    ['the name where a parameter would not do', cell(elman.replace('h[t-1]', 'hh[t-1]')), /^Change to `h`/],
  ];
  for (const [what, text, title] of firstTitles) {
    it(`put first ${what}`, async () => {
      const diagnostic = (await client.write(uri, text)).find(({ code }) => code === 'unknown-quantity')!;
      const [first] = await actionsAt(diagnostic.range, [diagnostic], ['quickfix']);
      assert.match(first!.title, title);
      assert.equal(first!.isPreferred, true);
    });
  }

  it('correct all names that are clear at once', async () => {
    const { text, places } = unmark(
      fileOf().replace('LSTM', '«LSTN»').replace('cross_entropy', 'cros_entropy').replace('adam', 'adm'),
    );
    const diagnostics = await client.write(uri, text);
    const [source] = await actionsAt(places[0]!, diagnostics, ['source.fixAll']);
    assert.deepEqual(await client.write(uri, applied(text, source!)), []);
    await client.write(uri, text);
    const fixes = await actionsAt(places[0]!, diagnostics, ['quickfix']);
    const [only, ...others] = fixes.filter(({ isPreferred }) => isPreferred);
    assert.deepEqual([only!.title, others], ['Change to `LSTM`', []]);
  });
  it('are not offered where nothing is wrong', async () => {
    const text = fileOf();
    await client.write(uri, text);
    const everywhere = {
      start: { line: 0, character: 0 },
      end: { line: text.split('\n').length, character: 0 },
    };
    assert.deepEqual(await actionsAt(everywhere, []), []);
  });
});

describe('cells are exchanged with the prelude', () => {
  /** A cell of the prelude with other names, its lines and sums in another order. */
  const mine = cell(
    `  # Mine.
  param V_a, V_b, V_c : [n, x] ~ glorot
  param R_a, R_b, R_c : [n, n] ~ orthogonal
  param k_c, k_b, k_a : [n] = 0
  y = u * y[t-1] + g * (1 - u)
  v = sigmoid(k_a + R_a @ y[t-1] + V_a @ x)
  u = sigmoid(V_b @ x + k_b + R_b @ y[t-1])
  g = tanh(V_c @ x + (k_c + R_c @ (y[t-1] * v)))
  output y`,
    'cell Mine(n)',
  );
  const model = 'model {\n  onehot\n  «Mine»(n = 8)\n  dense\n  softmax\n}';

  async function rewritten(marked: string): Promise<readonly (readonly [title: string, text: string])[]> {
    const { text, places } = unmark(marked);
    assert.deepEqual(await client.write(uri, text), []);
    const actions = await actionsAt(places[0]!, [], ['refactor']);
    return actions.map((action) => [action.title, applied(text, action)]);
  }

  it('where they say the same', async () => {
    const file = fileOf({ cell: mine.replace('Mine', '«Mine»'), model: model.replace(/[«»]/g, '') });
    const [[title, text] = [], ...others] = await rewritten(file);
    assert.deepEqual([title, others], ["Use the prelude's `GRU`", []]);
    assert.ok(text!.includes('GRU(units = 8)') && !text!.includes('Mine'), text);
    assert.deepEqual(await client.write(uri, text!), []);
  });
  const different = [
    ['another function', 'g = tanh(', 'g = sigmoid('],
    ['another sign', '(1 - u)', '(1 + u)'],
    ['another time step', 'R_b @ y[t-1]', 'R_b @ y[t-2]'],
    ['another start', 'n] = 0', 'n] = 1'],
    ['a shared matrix', 'R_b @ y', 'R_a @ y'],
  ] as const;
  for (const [what, from, to] of different) {
    it(`and not with ${what}`, async () => {
      const text = mine.replace(from, to).replace('Mine', '«Mine»');
      const { text: plain, places } = unmark(text);
      await client.write(uri, plain);
      assert.deepEqual(await actionsAt(places[0]!, [], ['refactor']), []);
    });
  }

  const names = [...prelude.text.matchAll(/^cell (\w+)\(([^)]*)\)/gm)];
  for (const [, name, given] of names) {
    it(`${name} is copied, and found to be the same`, async () => {
      const units = given!
        .split(',')
        .filter((argument) => !argument.includes('='))
        .map(() => 8);
      const layer = `«${name}»(${units})`;
      const [[title, copied] = []] = await rewritten(
        fileOf({ model: `model {\n  onehot\n  ${layer}\n  dense\n  softmax\n}` }),
      );
      assert.equal(title, `Copy the prelude's \`${name}\` into this file, as \`My${name}\``);
      assert.deepEqual(await client.write(uri, copied!), []);
      const back = await rewritten(copied!.replace(`cell My${name}`, `cell «My${name}»`));
      assert.deepEqual(
        back.map(([again]) => again),
        [`Use the prelude's \`${name}\``],
      );
      assert.ok(!back[0]![1].includes(`My${name}`));
    });
  }
});
