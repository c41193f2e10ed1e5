import { describe, it } from 'node:test';
import { expectDiagnostics, fileOf } from './marked-text.ts';

const rows: readonly (readonly [what: string, marked: string, code: string, message: RegExp | string])[] = [
  [
    'value missing at the end',
    'train { loss = mse optimizer = sgd(lr = 1) «batch =» }',
    'missing-value',
    'Expected a value after `batch =`.',
  ],
  [
    'value missing, next setting on the next line',
    'train {\n  «loss =»\n  optimizer = adam\n  batch = 3\n}',
    'missing-value',
    'Expected a value after `loss =`.',
  ],
  [
    'value missing in an equation',
    'cell A {\n  «h =»\n  c = x\n  output h\n}',
    'missing-value',
    'Expected a value after `h =`.',
  ],
  [
    'operand missing',
    'cell A {\n  h = tanh(«x +»)\n  output h\n}',
    'missing-value',
    'Expected a value after `x +`.',
  ],
  [
    'word half typed',
    'train {\n  loss = mse\n  «opt»\n  batch = 3\n}',
    'missing-value',
    'Expected `=` and a value after `opt`.',
  ],
  [
    'index half typed',
    'cell A {\n  h = «h[»]\n  output h\n}',
    'missing-value',
    'Expected `t`, as in `h[t-1]`, after `h[`.',
  ],
  [
    'unclosed parenthesis',
    'cell A {\n  h = tanh«(»x\n  output h\n}',
    'unclosed-bracket',
    'This `(` is not closed: `)` is missing.',
  ],
  [
    'unclosed list',
    'data {\n  inputs = «[»"a", "b"\n  window = 3\n}',
    'unclosed-bracket',
    'This `[` is not closed: `]` is missing.',
  ],
  [
    'unclosed block at the end',
    '«cell» A {\n  h = x\n  output h\n',
    'unclosed-block',
    'This `cell` block is not closed: `}` is missing.',
  ],
  [
    'unclosed block with names that every object has',
    '«cell» A {\n  constructor = x\n  toString = constructor\n  output toString\n',
    'unclosed-block',
    'This `cell` block is not closed: `}` is missing.',
  ],
  [
    'brackets without end',
    `cell A {\n  h = ${'('.repeat(32)}«(»${'('.repeat(3000)}x${')'.repeat(3033)}\n  output h\n}`,
    'too-deep',
    /nested more than 32 deep here/,
  ],
  [
    'brackets without end that are not closed',
    `data {\n  inputs = ${'['.repeat(32)}«[»${'['.repeat(3000)}\n}`,
    'too-deep',
    /nested more than 32 deep here/,
  ],
  [
    'minuses without end',
    `cell A {\n  h = ${'-'.repeat(256)}«-»${'-'.repeat(3000)}x\n  output h\n}`,
    'too-long',
    /more than 256 operators/,
  ],
  [
    'products without end',
    `cell A(units) {\n  param W : [units, units] ~ glorot\n  h = ${'W @ '.repeat(256)}W «@»${' W @'.repeat(3000)} x\n  output h\n}`,
    'too-long',
    /more than 256 operators/,
  ],
  [
    'unclosed text',
    'data {\n  source = text(«"a.txt)»\n  window = 5\n}',
    'unclosed-text',
    'This text is not closed: `"` is missing.',
  ],
  [
    'stray character',
    'cell A {\n  h = x «$» 3\n  output h\n}',
    'stray-character',
    'This character has no meaning here.',
  ],
  [
    'missing comma',
    'train {\n  optimizer = adam(lr = 1 «beta1» = 2)\n}',
    'syntax',
    /Unexpected `beta1` after `1`; .* separated by commas/,
  ],
  [
    'missing `=` in an argument',
    'train {\n  optimizer = adam(lr «0.1»)\n}',
    'syntax',
    /Unexpected `0.1` after `lr`/,
  ],
  [
    'output without a name',
    'cell A {\n  h = x\n  output\n«}»',
    'syntax',
    /Unexpected `}` after `output`; expected the name of a quantity/,
  ],
  ['cell without a name', '«cell» { h = x output h }', 'syntax', 'Expected a name after `cell`.'],
  ['closing brace too many', 'cell A { h = x output h }\n«}»', 'syntax', 'This `}` closes nothing.'],
  ['words between blocks', 'cell A { h = x output h }\n«42»', 'syntax', /Expected a block/],
  [
    'block that is not there yet',
    '«search» { units = [32, 64] }',
    'unknown-block',
    'There is no block `search`. The blocks are: `data`, `cell`, `model`, `train`.',
  ],
  [
    'misspelt block',
    fileOf().replace('model {', '«modle» {'),
    'unknown-block',
    'There is no block `modle`. Did you mean `model`?',
  ],
  [
    'misspelt cell',
    '«cel» Foo(units) {\n  h = x + 1\n  output h\n}',
    'unknown-block',
    'There is no block `cel`. Did you mean `cell`?',
  ],
];

describe('what does not parse', () => {
  for (const [what, marked, code, message] of rows) {
    it(what, () => expectDiagnostics(marked, [['error', code, message]]));
  }
  it('tells an unclosed block by the next one, and still checks that', () =>
    expectDiagnostics('«cell» A {\n  h = x\n  output h\n\ncell B {\n  h = x + «q»\n  output h\n}', [
      ['error', 'unclosed-block', /`cell` block is not closed/],
      ['error', 'unknown-quantity', /`q`/],
    ]));
  it('tells one error for each block', () =>
    expectDiagnostics('cell A {\n  «h =»\n  c = = =\n}\ncell B {\n  «h =»\n}', [
      ['error', 'missing-value', /`h =`/],
      ['error', 'missing-value', /`h =`/],
    ]));
});
