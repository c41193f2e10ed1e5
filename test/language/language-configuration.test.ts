/** What the editor does by itself while a line is typed, before the language server is asked. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

interface OnEnterRule {
  readonly beforeText: string;
  readonly afterText: string;
  readonly action: { readonly indent: string; readonly appendText?: string };
}

const { indentationRules, onEnterRules, wordPattern } = JSON.parse(
  readFileSync(new URL('../../syntaxes/language-configuration.json', import.meta.url), 'utf8'),
) as {
  readonly indentationRules: Readonly<Record<string, string>>;
  readonly onEnterRules: readonly OnEnterRule[];
  readonly wordPattern: string;
};

type Indentation = 'more' | 'less' | 'next line' | 'same';

const patterns: readonly (readonly [indentation: Indentation, pattern: RegExp])[] = [
  ['more', new RegExp(indentationRules.increaseIndentPattern!)],
  ['less', new RegExp(indentationRules.decreaseIndentPattern!)],
  ['next line', new RegExp(indentationRules.indentNextLinePattern!)],
];

describe('indentation', () => {
  const rows: readonly (readonly [line: string, indentation: Indentation])[] = [
    ['cell LSTM(units) {', 'more'],
    ['  repeat(2) {  # twice', 'more'],
    ['  inputs = [', 'more'],
    ['  h = tanh(', 'more'],
    ['  source = csv("a{b.csv", [', 'more'],
    ['}', 'less'],
    ['  ])', 'less'],
    ['  h = tanh(W @ x +', 'next line'],
    ['  h =  # the state', 'next line'],
    ['  param W : [units, x] ~', 'next line'],
    ['  h = o * tanh(c)', 'same'],
    ['  source = text("a {")', 'same'],
    ['  # as in {', 'same'],
    ['  # h =', 'same'],
    ['    "a",', 'same'],
    ['  LSTM(64)', 'same'],
  ];
  for (const [line, indentation] of rows) {
    it(`after \`${line.trim()}\` is ${indentation}`, () => {
      const found = patterns.filter(([, pattern]) => pattern.test(line)).map(([name]) => name);
      assert.deepEqual(found, indentation === 'same' ? [] : [indentation]);
    });
  }
});

describe('Enter', () => {
  const rows: readonly (readonly [
    before: string,
    after: string,
    action: OnEnterRule['action'] | undefined,
  ])[] = [
    ['# a comment', ' that goes on', { indent: 'none', appendText: '# ' }],
    ['# a comment', '', undefined],
    ['  h = x  # a comment', 'that goes on', undefined],
    ['model {', '}', { indent: 'indentOutdent' }],
    ['  inputs = [', ']', { indent: 'indentOutdent' }],
    ['  source = text("a {', '")', undefined],
    ['model {', '', undefined],
  ];
  for (const [before, after, action] of rows) {
    it(`between \`${before}\` and \`${after}\` ${action ? 'does more than break the line' : 'breaks the line'}`, () => {
      const rule = onEnterRules.find(
        ({ beforeText, afterText }) =>
          new RegExp(beforeText).test(before) && new RegExp(afterText).test(after),
      );
      assert.deepEqual(rule?.action, action);
    });
  }
});

it('words are names of the language', () => {
  const words = 'W_i @ x[t-1] + 0.5'.match(new RegExp(wordPattern, 'g'));
  assert.deepEqual(words, ['W_i', 'x', 't']);
});
