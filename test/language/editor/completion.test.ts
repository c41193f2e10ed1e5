import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CompletionItem } from 'vscode-languageserver';
import { LanguageClient } from '../language-client.ts';
import { fileOf, regression, unmark } from '../marked-text.ts';
import { Typist } from './typist.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-completion-'));
const uri = pathToFileURL(join(folder, 'model.rnn')).href;

let client: LanguageClient;
before(async () => {
  const files = {
    'a.txt': 'To be, or not to be',
    'a.csv': 'p,"q, r",s\n1,2,3\n',
    'b.csv': '',
    '.hidden.csv': 'p\n1\n',
    'cells.rnn': '# Hands on what it gets.\ncell Same(units) { param b : [units] = 0 h = b output h }',
    'sub/c.csv': 'p\n1\n',
    'sub/deeper/d.csv': 'p\n1\n',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  client = await LanguageClient.start();
});
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

/** What is offered at the mark `«»`, in order. */
async function completionsAt(marked: string, triggerCharacter?: string): Promise<readonly CompletionItem[]> {
  const { text, places } = unmark(marked);
  await client.write(uri, text);
  const context = triggerCharacter ? { triggerKind: 2, triggerCharacter } : { triggerKind: 1 };
  const items = await client.complete(uri, places[0]!.start, context);
  return items.toSorted((one, other) => ((one.sortText ?? '') < (other.sortText ?? '') ? -1 : 1));
}

const labelsOf = (items: readonly CompletionItem[]) => items.map(({ label }) => label);

const cell = (lines: string, head = 'cell A(units)') => `${head} {\n${lines}\n}`;
const gru = `  param W_r, W_z : [units, x]     ~ glorot
  param U_r, U_z : [units, units] ~ orthogonal
  param b_r, b_z : [units]        = 0
`;

describe('completion offers', () => {
  const rows: readonly (readonly [
    what: string,
    marked: string,
    offered: readonly string[],
    not?: readonly string[],
  ])[] = [
    [
      'blocks, whole files and whole cells in an empty file',
      '«»',
      [
        'text model',
        'regression model',
        'data',
        'cell',
        'model',
        'train',
        'let',
        'import',
        'cell GRU',
        'cell LSTM',
        'cell Elman',
        'cell empty',
      ],
    ],
    ['the same, half typed', '# New.\nre«»', ['model', 'regression model']],
    [
      'blocks, half typed',
      `${fileOf()}\nce«»`,
      ['data', 'cell', 'model', 'train', 'cell GRU'],
      ['loss', 'text model'],
    ],
    ['blocks after an import and a constant', 'import "cells.rnn"\nlet n = 3\nda«»', ['data', 'cell']],
    ['whole cells', `${fileOf()}\ncell GR«»`, ['cell GRU', 'cell empty'], ['data', 'cell']],
    ['constants for a constant', 'let n = 3\nlet m = 2 * «»', ['n'], ['data']],
    ['no name for a constant', 'let «» = 3', [], ['data']],
    [
      'keys that are not there yet',
      'train {\n  loss = mse\n  opt«»\n  batch = 3\n}',
      ['optimizer', 'epochs', 'clip', 'seed', 'model', 'data'],
      ['loss', 'batch', 'window'],
    ],
    ['keys in an open block', 'train {\n  «»', ['loss', 'optimizer', 'batch']],
    [
      'keys of text data',
      'data {\n  source = text("a")\n  «»\n}',
      ['tokens', 'window'],
      ['source', 'inputs'],
    ],
    [
      'keys of CSV data',
      'data {\n  source = csv("a")\n  «»\n}',
      ['inputs', 'targets', 'horizon'],
      ['tokens'],
    ],
    ['values', 'train {\n  loss = «»\n  batch = 3\n}', ['cross_entropy', 'mse'], ['adam', 'optimizer']],
    ['values, half typed', 'train {\n  optimizer = ad«»', ['sgd', 'adam']],
    ['constants as values', 'let size = 32\ntrain {\n  batch = «»\n}', ['size', '32']],
    ['nothing in a number', 'train {\n  batch = 3«»\n}', []],
    ['names of data', 'data one { }\ndata two { }\ntrain {\n  data = «»\n}', ['one', 'two'], ['mse']],
    ['names of models', 'model small { }\nmodel large { }\ntrain {\n  model = la«»\n}', ['small', 'large']],
    ['arguments', 'train {\n  optimizer = adam(lr = 0.1, «»)\n}', ['beta1', 'beta2', 'epsilon'], ['lr']],
    ['constants as arguments', 'let rate = 0.1\ntrain {\n  optimizer = adam(lr = «»)\n}', ['rate', '0.01']],
    [
      'layers and cells',
      'cell Mine(units) { h = x output h }\nmodel {\n  onehot\n  «»\n}',
      ['Mine', 'LSTM', 'GRU', 'dense', 'softmax', 'repeat', 'residual'],
      ['onehot', 'tie'],
    ],
    ['imported cells', 'import "cells.rnn"\nmodel {\n  onehot\n  «»\n}', ['Same', 'LSTM']],
    [
      'layers of a group',
      'model {\n  onehot\n  repeat(2) {\n    «»\n  }\n}',
      ['LSTM', 'dropout'],
      ['onehot', 'softmax'],
    ],
    ['tied weights after an embedding', 'model {\n  embed(8)\n  LSTM(8)\n  «»\n}', ['tie', 'dense']],
    ['no layer after the last', 'model {\n  onehot\n  softmax\n  «»\n}', []],
    ['arguments of a cell', 'model { onehot LSTM(«») }', ['units', 'forget_bias', 'recurrent_dropout']],
    ['a cell for both directions', 'model { onehot bidirectional(«») }', ['LSTM', 'merge']],
    [
      'how two directions become one',
      'model { onehot bidirectional(GRU(8), merge = «») }',
      ['concat', 'sum'],
    ],
    [
      'arguments of an own cell',
      'cell Mine(size, gain = 2) { h = x output h }\nmodel { onehot Mine(«») }',
      ['size', 'gain'],
    ],
    ['lines of a cell', cell('  h = x\n  «»'), ['param', 'initial', 'output', 'gate', 'candidate'], ['tanh']],
    ['the equation that a read still needs', cell('  h = tanh(c)\n  «»\n  output h'), ['c']],
    ['the equation of parameters', cell(`${gru}  «»`), ['r', 'z']],
    [
      'what an equation can read',
      `let gain = 2\n${cell('  param W, U : [units, x] ~ glorot\n  c = x\n  h = tanh(W @ x + «»', 'cell A(units, bias = 1)')}`,
      ['c', 'c[t-1]', 'h[t-1]', 'x', 'W', 'U', 'bias', 'gain', 'sigmoid', 'tanh'],
      ['param', 'h'],
    ],
    ['a state before it has an equation', cell('  z = sigmoid(«»'), ['h[t-1]'], ['h', 'z']],
    ['arguments of a function', cell('  h = affine(x, «»)'), ['h[t-1]', 'units =', 'bias =']],
    [
      'numbers among them',
      `let k = 3\n${cell('  h = affine(x, units = «»)')}`,
      ['units', 'k'],
      ['tanh', 'h[t-1]'],
    ],
    ['sizes', `let n = 3\n${cell('  param W : [«»')}`, ['x', 'units', 'n'], ['tanh']],
    [
      'initialisers of a matrix',
      cell('  param W : [units, x] ~ «»'),
      ['glorot', 'orthogonal', 'identity', 'normal'],
    ],
    [
      'initialisers of a vector',
      cell('  param b : [units] ~ «»'),
      ['glorot', 'zeros'],
      ['orthogonal', 'identity'],
    ],
    ['where parameters start', cell('  param b : [units] = «»', 'cell A(units, bias = 1)'), ['bias']],
    ['where states start', cell('  param s : [units] = 0\n  initial h = «»'), ['s', 'zeros', 'ones'], ['x']],
    ['the output', cell('  h = x\n  output «»'), ['h'], ['tanh']],
    ['delays', cell('  h = x[«»'), ['t-1', 't-2']],
    ['nothing in a comment', 'train {\n  # lo«»\n}', []],
    [
      'text files and folders',
      'data {\n  source = text("«»")\n}',
      ['a.txt', 'sub/', '../'],
      ['a.csv', 'cells.rnn', 'window'],
    ],
    ['tables', 'data {\n  source = csv("a«»")\n}', ['a.csv', 'b.csv', 'sub/'], ['a.txt', '.hidden.csv']],
    ['files of a folder', 'data {\n  source = csv("sub/«»")\n}', ['c.csv', 'deeper/'], ['a.csv']],
    ['nothing of a folder that is not there', 'data {\n  source = csv("none/«»")\n}', []],
    ['files to import', 'import "«»"', ['cells.rnn', 'sub/'], ['model.rnn', 'a.csv']],
    ['quotes around files', 'data {\n  source = csv(«»)\n}', ['a.csv']],
    ['columns', 'data {\n  source = csv("a.csv")\n  inputs = ["«»"]\n}', ['p', 'q, r', 's']],
    [
      'columns that are not there yet',
      'data {\n  source = csv("a.csv")\n  inputs = ["p", «»]\n}',
      ['q, r', 's'],
      ['p'],
    ],
    ['columns before their source', 'data {\n  targets = ["«»"]\n  source = csv("a.csv")\n}', ['p']],
    ['no columns of an empty file', 'data {\n  source = csv("b.csv")\n  inputs = ["«»"]\n}', []],
    ['no columns of a missing file', 'data {\n  source = csv("c.csv")\n  inputs = ["«»"]\n}', []],
  ];
  for (const [what, marked, offered, not = []] of rows) {
    it(what, async () => {
      const labels = labelsOf(await completionsAt(marked));
      for (const label of offered) assert.ok(labels.includes(label), `${label} in ${labels}`);
      for (const label of not) assert.ok(!labels.includes(label), `${label} not in ${labels}`);
      if (offered.length === 0 && not.length === 0) assert.deepEqual(labels, []);
      assert.equal(new Set(labels).size, labels.length, `${labels}`);
    });
  }
});

describe('completion puts first', () => {
  const data = 'data d {\n  source = text("a.txt")\n  window = 5\n}\n';
  const table = 'data d {\n  source = csv("a.csv")\n}\n';
  const rows: readonly (readonly [what: string, marked: string, first: readonly string[]])[] = [
    ['the input after its matrix', cell(`${gru}  r = sigmoid(W_r @ «» + b_r)`), ['x']],
    ['the state after a recurrent matrix', cell(`${gru}  r = sigmoid(W_r @ x + U_r @ «»)`), ['h[t-1]']],
    [
      'the parameters of an equation, then unread ones',
      cell(`${gru}  z = sigmoid(«»`),
      ['W_z', 'U_z', 'b_z', 'W_r'],
    ],
    [
      'vectors of the same size',
      cell('  param a : [units] = 0\n  param b : [2 * units] = 0\n  h = a + «»'),
      ['h[t-1]', 'a'],
    ],
    ['matrices where `@` follows', cell(`${gru}  z = sigmoid(«» @ h[t-1])`), ['U_z', 'U_r']],
    ['words that teach a text model', `${data}model {\n  «»\n}`, ['onehot', 'embed']],
    ['cells after the input layer', `${data}model {\n  onehot\n  «»\n}`, ['Elman']],
    ['cells where numbers come in', `${table}model {\n  «»\n}`, ['Elman']],
    ['what fits the loss', `model {\n  onehot\n  dense\n  «»\n}\n${regression.train}`, ['linear']],
    ['the loss that fits a text', `${data}train {\n  loss = «»\n}`, ['cross_entropy']],
    ['the loss that fits a table', `${table}train {\n  loss = «»\n}`, ['mse']],
    ['keys that must be said', 'train {\n  «»\n}', ['loss', 'optimizer', 'batch']],
  ];
  for (const [what, marked, first] of rows) {
    it(what, async () => {
      const labels = labelsOf(await completionsAt(marked));
      assert.deepEqual(labels.slice(0, first.length), first, `${labels}`);
    });
  }
});

describe('a completion', () => {
  const itemAt = async (marked: string, label: string) =>
    (await completionsAt(marked)).find((item) => item.label === label)!;

  it('replaces the word before the cursor and explains', async () => {
    const optimizer = await itemAt('train {\n  opt«»\n}', 'optimizer');
    assert.deepEqual(optimizer.textEdit, {
      newText: 'optimizer = ',
      range: { start: { line: 1, character: 2 }, end: { line: 1, character: 5 } },
    });
    assert.deepEqual(optimizer.documentation, {
      kind: 'markdown',
      value: 'How parameters follow the gradient.',
    });
  });

  const newTexts: readonly (readonly [what: string, marked: string, label: string, newText: string])[] = [
    ['makes a product of a matrix', cell(`${gru}  r = sigmoid(«»`), 'W_r', 'W_r @ '],
    ['leaves a matrix before `@` alone', cell(`${gru}  r = sigmoid(«» @ x)`), 'W_r', 'W_r'],
    ['keeps off an operator', cell(`${gru}  r =«»`), 'x', ' x'],
    ['has places for arguments', cell('  h = «»'), 'prelu', 'prelu($1, $2)'],
    [
      'replaces the word before a whole cell',
      'cell «»',
      'cell empty',
      `cell \${1:Name}(\${2:units}) {\n  $0\n  output \${3:h}\n}`,
    ],
    ['quotes a file', 'data {\n  source = csv(«»)\n}', 'a.csv', '"a.csv"'],
    ['closes a text', 'data {\n  source = csv("«»\n}', 'a.csv', 'a.csv"'],
    ['leaves a folder open', 'data {\n  source = csv("«»\n}', 'sub/', 'sub/'],
    ['fits a model to its table', `${regression.data}\n«»`, 'train', 'mse'],
  ];
  for (const [what, marked, label, newText] of newTexts) {
    it(what, async () => {
      const text = (await itemAt(marked, label)).textEdit!.newText;
      assert.ok(text === newText || (label === 'train' && text.includes(newText)), text);
    });
  }

  it('says where a cell comes from and what it is', async () => {
    const marked = 'import "cells.rnn"\n# Mine.\ncell Own(units) { h = x output h }\nmodel { onehot «» }';
    const items = await completionsAt(marked);
    const shown = ['Own', 'Same', 'LSTM'].map((name) => {
      const { detail, documentation } = items.find(({ label }) => label === name)!;
      return [detail, (documentation as { value: string }).value.split('.')[0]];
    });
    assert.deepEqual(shown, [
      ['Own(units), this file', 'Mine'],
      ['Same(units), cells.rnn', 'Hands on what it gets'],
      [
        'LSTM(units, forget_bias), prelude',
        'Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al',
      ],
    ]);
  });

  const spaces: readonly (readonly [marked: string, asks: boolean])[] = [
    ['train {\n  loss = «»\n}', true],
    ['cell A {\n  h = x + «»\n}', true],
    ['cell A {\n  h = x\n  output «»\n}', true],
    ['cell «»', true],
    ['cell A {\n  h = x «»\n}', false],
    ['train {\n  «»\n}', false],
    ['data {\n  source = text("a «»")\n}', false],
  ];
  for (const [marked, asks] of spaces) {
    it(`${asks ? 'answers' : 'ignores'} a space in ${JSON.stringify(marked)}`, async () => {
      assert.equal((await completionsAt(marked, ' ')).length > 0, asks);
    });
  }
});

describe('from an empty file, with completions alone', () => {
  const open = () => Typist.open(client, uri);

  for (const name of ['text model', 'regression model']) {
    it(`writes a whole ${name}`, async () => {
      const typist = await open();
      await typist.take(name, { 'file.txt': 'a.txt', 'file.csv': 'a.csv', value: 'p' });
      assert.deepEqual(await typist.diagnostics(), [], typist.text);
    });
  }

  it('writes every cell of the prelude', async () => {
    const cells = labelsOf(await completionsAt('«»')).filter((label) => /^cell [A-Z]/.test(label));
    assert.ok(cells.length >= 3, `${cells}`);
    for (const label of cells) {
      const typist = await open();
      await typist.take(label);
      assert.deepEqual(await typist.diagnostics(), [], typist.text);
    }
  });

  it('writes a GRU, its model and its training, name by name', async () => {
    const typist = await open();
    await typist.take('data', { 'file.txt': 'a.txt' });
    await typist.end();
    await typist.take('cell empty', { Name: 'MyGRU', h: 'h' });
    await typist.into('{\n  ', 'cell');
    for (const [template, gate] of [
      ['gate', 'r'],
      ['gate', 'z'],
    ] as const) {
      await typist.take(template, { i: gate, g: gate });
      await typist.line();
    }
    await typist.take('param', { W: 'W_n' });
    await typist.line();
    await typist.take('param', { W: 'U_n', 'units, x': 'units, units' });
    await typist.line();
    await typist.type('n = ');
    await typist.take('tanh');
    await typist.take('W_n');
    await typist.take('x');
    await typist.type(' + ');
    await typist.take('U_n');
    await typist.type('(');
    await typist.take('r');
    await typist.type(' * ');
    await typist.take('h[t-1]');
    await typist.type(')');
    await typist.line();
    await typist.take('h');
    await typist.take('z');
    await typist.type(' * ');
    await typist.take('h[t-1]');
    await typist.type(' + (1 - ');
    await typist.take('z');
    await typist.type(') * ');
    await typist.take('n');
    await typist.end();
    await typist.take('model', { LSTM: 'MyGRU' });
    await typist.end();
    await typist.take('train');
    assert.deepEqual(await typist.diagnostics(), [], typist.text);
  });
});
