import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { functions } from '../../src/language/vocabulary/functions.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../syntaxes/${name}`, import.meta.url), 'utf8'));

interface Rule {
  readonly match?: string;
  readonly include?: string;
  readonly patterns?: readonly Rule[];
}

describe('the TextMate grammar', () => {
  const grammar: { patterns: readonly Rule[]; repository: Record<string, Rule> } =
    read('rnn.tmLanguage.json');
  it('knows the functions of the language', () => {
    const words = /\(\?:([a-z|]+)\)/.exec(grammar.repository.function!.match!)![1]!.split('|');
    assert.deepEqual(words, Object.keys(functions));
  });
  it('has the rules that it includes, in expressions that compile', () => {
    for (const { include } of grammar.patterns) assert.ok(include!.slice(1) in grammar.repository, include);
    const rules = Object.values(grammar.repository).flatMap((rule) => [rule, ...(rule.patterns ?? [])]);
    for (const { match } of rules) if (match) assert.doesNotThrow(() => new RegExp(match));
  });
});
