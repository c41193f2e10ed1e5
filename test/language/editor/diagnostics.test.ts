import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { diagnosticCodes } from '../../../src/language/diagnostic-codes.ts';
import { LanguageClient } from '../language-client.ts';
import { fileOf, unmark } from '../marked-text.ts';
import { index, pages, writeFiles } from './documented.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-diagnostics-'));
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
const uri = uriOf('model.rnn');

let client: LanguageClient;
before(async () => {
  writeFiles(folder);
  writeFileSync(join(folder, 'a.txt'), 'To be, or not to be');
  client = await LanguageClient.start();
});
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

describe('diagnostics', () => {
  it('come and go with the text, each with its page', async () => {
    assert.deepEqual(await client.write(uri, fileOf()), []);
    const { text, places } = unmark(fileOf().replace('LSTM', '«Lstm»'));
    const [diagnostic, ...others] = await client.write(uri, text);
    assert.deepEqual(others, []);
    const { codeDescription, ...rest } = diagnostic!;
    assert.deepEqual(rest, {
      severity: 1,
      code: 'unknown-layer',
      source: 'unroll',
      message: 'There is no cell or layer `Lstm`. Did you mean `LSTM`?',
      range: places[0],
    });
    assert.match(codeDescription!.href, /docs\/diagnostics\/unknown-layer\.md$/);
    assert.ok(existsSync(fileURLToPath(codeDescription!.href)));
    assert.deepEqual(await client.write(uri, fileOf()), []);
  });

  it('tell a data file that is missing, until it is there', async () => {
    const { text, places } = unmark(fileOf().replace('"a.txt"', '«"late.txt"»'));
    const [diagnostic] = await client.write(uri, text);
    assert.equal(diagnostic!.code, 'data-file-missing');
    assert.deepEqual(diagnostic!.range, places[0]);
    assert.match(`${diagnostic!.message}`, /^There is no file "late.txt": data files are looked for from/);
    writeFileSync(join(folder, 'late.txt'), 'here');
    const next = client.nextDiagnostics(uri);
    await client.fileChanged(uriOf('late.txt'));
    assert.deepEqual(await next, []);
  });

  it('mark what is unused as unnecessary', async () => {
    const [diagnostic] = await client.write(uri, 'cell A {\n  c = x\n  h = x\n  output h\n}');
    assert.deepEqual([diagnostic!.severity, diagnostic!.code, diagnostic!.tags], [2, 'unused-quantity', [1]]);
  });
});

describe('the documentation of diagnostics', () => {
  it('has a page for every code, and no other, in the order of the table', () => {
    const codes = Object.keys(diagnosticCodes);
    assert.deepEqual(pages.map(({ code }) => code).toSorted(), codes.toSorted());
    const listed = [...index.matchAll(/^- \[`(.*)`\]\((.*)\.md\): (.*)$/gm)].map(([, ...parts]) => parts);
    assert.deepEqual(
      listed,
      Object.entries(diagnosticCodes).map(([code, title]) => [code, code, title]),
    );
  });

  for (const { code, text, wrong, right } of pages) {
    it(`shows ${code} as it is reported`, async () => {
      assert.ok(text.startsWith(`# \`${code}\`\n\n${diagnosticCodes[code]}\n`));
      const reported = await client.write(uri, wrong);
      assert.deepEqual(
        [...new Set(reported.map((diagnostic) => diagnostic.code))],
        [code],
        JSON.stringify(reported),
      );
      assert.deepEqual(await client.write(uri, right), []);
    });
  }
});
