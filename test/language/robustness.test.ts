import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Analysis } from '../../src/language/checked-model.ts';
import { analyzer, fileOf, fileWithCell, prelude, regression, uri } from './marked-text.ts';

const folder = new URL('../../examples/', import.meta.url);
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.rnn'))
  .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);

describe('examples', () => {
  for (const [name, text] of [...examples, ['prelude.rnn', prelude.text] as const]) {
    it(`${name} checks clean`, async () => {
      const { diagnostics, models } = await analyzer.analyze(uri, text);
      assert.deepEqual(diagnostics, []);
      assert.equal(models.length > 0, name !== 'prelude.rnn' && name !== 'cells.rnn');
    });
  }
});

function assertSane({ diagnostics, models }: Analysis, text: string): void {
  const lines = text.split(/\r\n|\n|\r/);
  const within = ({ line, character }: { line: number; character: number }) =>
    line >= 0 && line < lines.length && character >= 0 && character <= lines[line]!.length;
  for (const { source, message } of diagnostics) {
    assert.equal(source.uri, uri, message);
    assert.ok(within(source.start) && within(source.end), `${message} ${JSON.stringify(source)}`);
    const { start, end } = source;
    assert.ok(
      start.line < end.line || (start.line === end.line && start.character <= end.character),
      message,
    );
  }
  if (models.length > 0) assert.ok(diagnostics.every(({ severity }) => severity !== 'error'));
}

describe('analyze, whatever the text', () => {
  const sources = [
    ...examples.map(([, text]) => text),
    fileOf(),
    fileOf(regression),
    fileWithCell(
      'param W : [units, x] ~ normal(0.1)\ninitial h = 1\nh = -W @ x[t-2] / (h[t-1] + 2)\noutput h',
    ),
  ];
  const pieces = [
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '=',
    '~',
    '@',
    '+',
    '-',
    ',',
    ':',
    '"',
    '#',
    '\n',
    '%',
    ' x ',
    ' t ',
    ' 1e9 ',
    ' 80% ',
    ' cell ',
    ' model ',
    ' data ',
    ' train ',
    ' param ',
    ' output ',
    ' h ',
    ' LSTM ',
    '\u{1F600}',
    '$',
  ];
  const source = fc.constantFrom(...sources);
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 }));
  /** Cuts a stretch out of a text and puts something else there. */
  const edit = fc.record({ at: fc.nat(), cut: fc.nat({ max: 12 }), put: piece });

  it('never throws, and every place lies in the text', async () => {
    await fc.assert(
      fc.asyncProperty(source, fc.array(edit, { minLength: 1, maxLength: 4 }), async (text, edits) => {
        let mutated = text;
        for (const { at, cut, put } of edits) {
          const start = at % (mutated.length + 1);
          mutated = mutated.slice(0, start) + put + mutated.slice(start + cut);
        }
        assertSane(await analyzer.analyze(uri, mutated), mutated);
      }),
      { numRuns: 400 },
    );
  });
  it('copes with files that end anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(source, fc.nat(), async (text, length) => {
        const prefix = text.slice(0, length % text.length);
        assertSane(await analyzer.analyze(uri, prefix), prefix);
      }),
      { numRuns: 200 },
    );
  });
  it('copes with words in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), async (words) => {
        const text = words.join('');
        assertSane(await analyzer.analyze(uri, text), text);
      }),
      { numRuns: 400 },
    );
  });
});
