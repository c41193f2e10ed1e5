import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { optionNames } from '../../src/language/editor/semantic-tokens.ts';
import { functions } from '../../src/language/vocabulary/functions.ts';
import { initialisers } from '../../src/language/vocabulary/initialisers.ts';
import { layers } from '../../src/language/vocabulary/layers.ts';
import { grammar, type Rule, scopesOf } from './textmate.ts';

describe('the TextMate grammar', () => {
  const namesOf = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);
  const vocabulary: readonly (readonly [rule: string, words: readonly string[]])[] = [
    ['function', Object.keys(functions)],
    ['layer', namesOf(layers)],
    ['initialiser', namesOf(initialisers)],
    ['option', [...optionNames]],
  ];
  for (const [rule, words] of vocabulary) {
    it(`knows every ${rule} of the language`, () => {
      const known = /\((?:\?:)?([a-z_|]+)\)/.exec(grammar.repository[rule]!.match!)![1]!.split('|');
      assert.deepEqual(known, words);
    });
  }

  it('has the rules that it includes, in expressions that compile', () => {
    const visit = ({ include, match, begin, end, patterns = [] }: Rule): void => {
      if (include) assert.ok(include.slice(1) in grammar.repository, include);
      for (const expression of [match, begin, end]) {
        if (expression !== undefined) assert.doesNotThrow(() => new RegExp(expression));
      }
      patterns.forEach(visit);
    };
    [...grammar.patterns, ...Object.values(grammar.repository)].forEach(visit);
  });

  const rows: readonly (readonly [what: string, text: string, word: string, scope: string])[] = [
    ['an import', 'import "a.rnn"', 'import', 'keyword.control.import.rnn'],
    ['a constant', 'let n = 64', 'n', 'variable.other.rnn'],
    ['the name of a block', 'train quick {', 'quick', 'entity.name.namespace.rnn'],
    ['a layer in braces', 'model {\n  residual {\n    dropout(1%)', 'dropout', 'support.function.layer.rnn'],
    ['a cell after braces', 'model {\n  residual { dense }\n  LSTM(3)', 'LSTM', 'entity.name.type.class.rnn'],
    ['the input', 'cell A {\n  h = x', 'x', 'variable.language.input.rnn'],
    ['a time', 'cell A {\n  h = y[t-1]', 't-', 'variable.language.time.rnn'],
    [
      'a block after one that is not closed',
      'cell A {\n  h = (\nmodel m {',
      'm {',
      'entity.name.namespace.rnn',
    ],
    [
      'a word of the language as a name',
      'data d {\n  split = holdout(\ntrain = 80%',
      'train',
      'variable.other.property.rnn',
    ],
  ];
  for (const [what, text, word, scope] of rows) {
    it(`knows ${what}`, () => {
      const lines = text.split('\n');
      const line = lines.findLastIndex((candidate) => candidate.includes(word));
      assert.equal(scopesOf(text)[line]![lines[line]!.lastIndexOf(word)], scope);
    });
  }
});
