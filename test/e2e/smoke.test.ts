/** VS Code comes up with the packed extension in it, and knows a `.rnn` file when it sees one. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { extensionId, manifest } from '../../scripts/support/project.ts';
import { tfjsNodeLoads } from '../../scripts/support/tfjs-node.ts';
import { skipWithoutNativeTensorFlow } from '../support/needs.ts';
import { until } from '../support/until.ts';
import { RealVSCode, skipWithoutVSCode } from './real-vscode.ts';

describe('the packed extension in a real VS Code', { skip: skipWithoutVSCode() }, () => {
  let vscode: RealVSCode;

  before(async () => {
    const settings = { 'unroll.backend': 'tensorflow' };
    vscode = await RealVSCode.launch({ nativeTensorFlow: true, settings });
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

  const skip = skipWithoutNativeTensorFlow(tfjsNodeLoads());
  test('computes on native TensorFlow where it is told of one and asked for it', { skip }, async () => {
    await vscode.runCommand('Unroll: Step One Time Step');
    const unrolled = await vscode.webview('unrolled', 30_000);
    await unrolled.getByTestId('run-stepIteration').click();
    await until('the first update', 15_000, async () =>
      (await vscode.statusBar()).some((item) =>
        /iteration 1 · update · loss [34]\.\d+ · TensorFlow/.test(item),
      ),
    );
  });
});
