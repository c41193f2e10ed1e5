import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { movedLine } from '../../src/views/moved-line.ts';

describe('a line of a run, in the text as it stands now', () => {
  const lines = (text: string) => text.split(' ').join('\n');
  const rows: readonly (readonly [
    what: string,
    earlier: string,
    line: number,
    later: string,
    now: number,
  ])[] = [
    ['stays where nothing changed', 'a b c', 2, 'a b c', 2],
    ['stays above a change', 'a b c', 1, 'a b new c', 1],
    ['moves down with added lines', 'a b c', 2, 'new new a b c', 4],
    ['moves up with lines that are gone', 'a b c d', 3, 'a d', 1],
    ['stays where it was changed itself', 'a b c', 1, 'a B c', 1],
    ['leads to where it was, gone', 'a b c d', 1, 'a d', 1],
    ['leads to the last line of a text that is shorter', 'a b c', 2, 'a', 0],
  ];
  for (const [what, earlier, line, later, now] of rows) {
    it(what, () => assert.equal(movedLine(line, lines(earlier), lines(later)), now));
  }
});
