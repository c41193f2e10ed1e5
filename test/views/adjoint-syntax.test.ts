/** The colours of adjoint equations: the language's own, and a few more. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type Grammar, grammar } from '../language/textmate.ts';

const adjoint: Grammar = JSON.parse(
  readFileSync(new URL('../../syntaxes/rnn-adjoint.tmLanguage.json', import.meta.url), 'utf8'),
);

describe('the grammar of adjoint equations', () => {
  it('includes rules that there are', () => {
    for (const { include } of adjoint.patterns) {
      const [scope, rule] = include!.split('#');
      assert.ok(rule! in (scope === '' ? adjoint : grammar).repository, include);
    }
  });

  const rows: readonly (readonly [rule: string, text: string, found: string])[] = [
    ['assigned', 'δf.pre = δf', 'δf.pre ='],
    ['assigned', 'h.12 = 1', 'h.12 ='],
    ['adjoint', '   + U_fᵀ @ δf.pre[t+1]', 'δf.pre'],
    ['adjoint', 'W @ δh.δ12', 'δh.δ12'],
    ['part', 'δc * n.pre', 'n.pre'],
    ['total', 'δW = sum_over_time(δh)', 'sum_over_time'],
    ['transposed', '(a + b) @ U_fᵀ', 'U_fᵀ'],
    ['transposed', 'a @ concat(b, c)ᵀ', 'ᵀ'],
  ];
  for (const [rule, text, found] of rows) {
    it(`finds ${found} in ${text}`, () => {
      assert.equal(new RegExp(adjoint.repository[rule]!.match!, 'u').exec(text)?.[0], found);
    });
  }
});
