import assert from 'node:assert/strict';
import { it } from 'node:test';
import { restAfter } from '../../src/views/drawing-pace.ts';

const cases = [
  { what: 'four panels on two cores', milliseconds: 2, panels: 4, cores: 2, rest: 480 },
  { what: 'a single one', milliseconds: 2, panels: 1, cores: 2, rest: 120 },
  { what: 'more cores', milliseconds: 2, panels: 4, cores: 16, rest: 60 },
  { what: 'a very slow one', milliseconds: 500, panels: 4, cores: 2, rest: 2000 },
];
for (const { what, milliseconds, panels, cores, rest } of cases) {
  it(`lets a page rest in proportion to what it takes of the machine: ${what}`, () => {
    assert.equal(restAfter(milliseconds, panels, cores), rest);
  });
}
