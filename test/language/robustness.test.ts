import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Analysis } from '../../src/language/checked-model.ts';
import { analyzer, uri } from './marked-text.ts';
import { applied, mutationsOf, words } from './robustness/damage.ts';
import { texts } from './robustness/texts.ts';

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
  const sources = [...texts.values()];

  it('never throws, and every place lies in the text', async () => {
    await fc.assert(
      fc.asyncProperty(mutationsOf(sources), async ({ source, damage }) => {
        const text = applied(sources[source]!, damage.edits);
        assertSane(await analyzer.analyze(uri, text), text);
      }),
      { numRuns: 600 },
    );
  });
  it('copes with files that end anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sources), fc.nat(), async (text, length) => {
        const prefix = text.slice(0, length % text.length);
        assertSane(await analyzer.analyze(uri, prefix), prefix);
      }),
      { numRuns: 200 },
    );
  });
  it('copes with words in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 30 }), async (chosen) => {
        const text = chosen.join(' ');
        assertSane(await analyzer.analyze(uri, text), text);
      }),
      { numRuns: 400 },
    );
  });
});
