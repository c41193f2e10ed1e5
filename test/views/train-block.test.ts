import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { trainBlockOf } from '../../src/views/train-block.ts';

describe('the train block to run', () => {
  const text = 'train quick { }\ntrain\n  slow { }';
  const rows: readonly (readonly [
    what: string,
    block: { readonly name: string | undefined } | undefined,
    ranLast: string | undefined,
    wanted: string | undefined,
  ])[] = [
    ['the one that is meant', { name: 'slow' }, 'quick', 'slow'],
    ['the one without a name that is meant', { name: undefined }, 'quick', undefined],
    ['the first, when nothing ran', undefined, undefined, undefined],
    ['the one that ran last', undefined, 'slow', 'slow'],
    ['the first, when the one that ran last is gone', undefined, 'slo', undefined],
  ];
  for (const [what, block, ranLast, wanted] of rows) {
    it(`is ${what}`, () => assert.equal(trainBlockOf(block, ranLast, text), wanted));
  }
});
