import { describe, it } from 'node:test';
import { expectDiagnostics, expectEach, fileOf, regression } from './marked-text.ts';

const data = (lines: string) => fileOf({ data: `data d {\n  source = text("a.txt")\n${lines}\n}` });
const csv = (lines: string) =>
  fileOf({ ...regression, data: `data d {\n  source = csv("a.csv")\n${lines}\n}` });
const train = (lines: string) => fileOf({ train: `train {\n${lines}\n}` });

describe('a file without errors', () => {
  it('has no diagnostics', () => expectDiagnostics(fileOf(), []));
  it('can be a library of cells', () =>
    expectDiagnostics('cell A(units) { param b : [units] = 0  h = h[t-1] + b  output h }', []));
  it('can be empty', () => expectDiagnostics('', []));
  it('can use words of the language as names of arguments', () =>
    expectDiagnostics(data('  window = 5\n  split = holdout(train = 90%, test = 10%)'), []));
});

describe('settings', () => {
  expectEach('error', [
    [
      'unknown key',
      data('  window = 5\n  «widnow» = 5'),
      'unknown-key',
      'There is no key `widnow` here. Did you mean `window`?',
    ],
    [
      'unknown key, nothing near',
      train('loss = cross_entropy optimizer = adam batch = 4\n«colour» = 3'),
      'unknown-key',
      /The keys of this block are: `data`, `model`, `loss`, `optimizer`/,
    ],
    ['duplicate key', data('  window = 5\n  «window» = 6'), 'duplicate-key', /`window` is set twice/],
    [
      'missing key',
      fileOf({ data: '«data» d {\n  source = text("a.txt")\n}' }),
      'missing-key',
      '`data` needs `window`: add `window = 50`.',
    ],
    [
      'key of the other source',
      data('  window = 5\n  «horizon» = 2'),
      'key-not-applicable',
      '`horizon` belongs to `csv(…)` data; this block reads `text(…)`.',
    ],
    [
      'source without a file',
      fileOf({ data: 'data d {\n  source = «text»\n  window = 5\n}' }),
      'missing-argument',
      '`text` needs `file`: `text(file = …)`.',
    ],
    [
      'source with a number',
      fileOf({ data: 'data d {\n  source = text(«3»)\n  window = 5\n}' }),
      'not-a-text',
      /in quotes, found `3`/,
    ],
    [
      'source with an empty text',
      fileOf({ data: 'data d {\n  source = text(«""»)\n  window = 5\n}' }),
      'empty-text',
      /this text is empty/,
    ],
    ['text for a number', data('  window = «"long"»'), 'not-a-number', 'Expected a number, found `"long"`.'],
    ['share for a number', data('  window = «80%»'), 'not-a-number', /found the share `80%`/],
    ['name for a number', data('  window = «long»'), 'not-a-number', 'Expected a number, found `long`.'],
    [
      'window of 0',
      data('  window = «0»'),
      'out-of-range',
      'Expected a whole number of at least 1, found `0`.',
    ],
    [
      'batch of a half',
      train('loss = cross_entropy optimizer = adam batch = «2.5»'),
      'out-of-range',
      'Expected a whole number of at least 1, found `2.5`.',
    ],
    [
      'negative seed',
      train('loss = cross_entropy optimizer = adam batch = 4 seed = «-1»'),
      'out-of-range',
      /of at least 0, found `-1`/,
    ],
    [
      'clip at 0',
      train('loss = cross_entropy optimizer = adam batch = 4 clip = norm(«0»)'),
      'out-of-range',
      'Expected a number greater than 0, found `0`.',
    ],
    [
      'decay of 1',
      train('loss = cross_entropy optimizer = adam(beta1 = «1») batch = 4'),
      'out-of-range',
      /of at least 0 and below 1/,
    ],
    [
      'a number too large',
      train('loss = cross_entropy optimizer = sgd(lr = «1e999») batch = 4'),
      'out-of-range',
      /too large/,
    ],
    [
      'division by zero',
      train('loss = cross_entropy optimizer = sgd(lr = «1 / 0») batch = 4'),
      'out-of-range',
      /not a finite number/,
    ],
    [
      'unknown loss',
      train('loss = «cross_entrpy» optimizer = adam batch = 4'),
      'unknown-value',
      'There is no `cross_entrpy` here. Did you mean `cross_entropy`?',
    ],
    [
      'unknown optimizer',
      train('loss = cross_entropy optimizer = «rmsprop»(lr = 1) batch = 4'),
      'unknown-value',
      /Values that can stand here: `sgd`, `adam`/,
    ],
    [
      'number for an optimizer',
      train('loss = cross_entropy optimizer = «3» batch = 4'),
      'unknown-value',
      'Expected `sgd(lr = 0.1)` or `adam(lr = 0.01)`, found `3`.',
    ],
    [
      'unknown argument',
      train('loss = cross_entropy optimizer = adam(«l» = 1) batch = 4'),
      'unknown-argument',
      /`adam` has no argument `l`/,
    ],
    [
      'argument given twice',
      train('loss = cross_entropy optimizer = adam(lr = 1, «lr = 2») batch = 4'),
      'duplicate-argument',
      '`lr` is given twice.',
    ],
    [
      'argument without a name after one with',
      train('loss = cross_entropy optimizer = adam(lr = 1, «2») batch = 4'),
      'positional-after-named',
      /come before/,
    ],
    [
      'too many arguments',
      train('loss = cross_entropy optimizer = sgd(1, «2») batch = 4'),
      'too-many-arguments',
      '`sgd` takes one argument: `lr`.',
    ],
    [
      'missing argument',
      train('loss = cross_entropy optimizer = «sgd» batch = 4'),
      'missing-argument',
      /needs `lr`/,
    ],
    [
      'split over 100%',
      data('  window = 5\n  split = «holdout(train = 90%, dev = 20%)»'),
      'split-over-100',
      'The shares add up to 110%; together they can be at most 100%.',
    ],
    [
      'share over 100%',
      data('  window = 5\n  split = holdout(train = «80»)'),
      'out-of-range',
      /Did you mean `80%`/,
    ],
    [
      'share that is no number',
      data('  window = 5\n  split = holdout(train = «most»)'),
      'not-a-share',
      /such as `80%`, found `most`/,
    ],
    [
      'nothing to train on',
      data('  window = 5\n  split = «holdout(train = 0%)»'),
      'empty-train-share',
      /nothing is left to learn from/,
    ],
    [
      'columns that are no list',
      csv('  inputs = «"a"»\n  targets = ["b"]\n  window = 5'),
      'not-a-list',
      /Expected column names such as/,
    ],
    [
      'a column that is no text',
      csv('  inputs = [«3»]\n  targets = ["b"]\n  window = 5'),
      'not-a-text',
      /the name of a column/,
    ],
    [
      'a column twice',
      csv('  inputs = ["a", «"a"»]\n  targets = ["b"]\n  window = 5'),
      'duplicate-column',
      /already in this list/,
    ],
  ]);
  it('accepts shares that miss 1 by rounding', () =>
    expectDiagnostics(data('  window = 5\n  split = holdout(train = 70%, dev = 20%, test = 10%)'), []));
});
