/** VS Code comes up with the packed extension in it, and knows a `.rnn` file when it sees one. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { extensionId, manifest } from '../../scripts/support/project.ts';
import { until } from '../support/until.ts';
import { RealVSCode, skipWithoutVSCode } from './real-vscode.ts';

describe('the packed extension in a real VS Code', { skip: skipWithoutVSCode() }, () => {
  let vscode: RealVSCode;

  before(async () => {
    vscode = await RealVSCode.launch();
  });

  after(() => vscode?.close());

  test('is installed', async () => {
    assert.deepEqual(await vscode.extensions(), [extensionId]);
  });

  test('gives .rnn files their language', async () => {
    const rnn = manifest.contributes.languages.find(({ id }) => id === 'rnn');
    assert.ok(rnn, 'package.json contributes no language "rnn"');
    await vscode.openFile('shakespeare.rnn');
    await until(
      `the language ${rnn.aliases[0]}`,
      10_000,
      async () => (await vscode.language()) === rnn.aliases[0],
    );
    await vscode.screenshot('smoke');
  });
});
