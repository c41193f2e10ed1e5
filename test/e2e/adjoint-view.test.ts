/** The adjoint equations of a cell beside its source, and equations in hovers, as a reader of a model meets them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from '../support/until.ts';
import { RealVSCode, skipWithoutVSCode } from './real-vscode.ts';

const example = 'shakespeare.rnn';
const patience = 15_000;

describe('a reader of a cell', { skip: skipWithoutVSCode() }, () => {
  let vscode: RealVSCode;
  let source: readonly string[];

  before(async () => {
    // As in a folder that nobody has trusted yet, nothing here may need an engine.
    vscode = await RealVSCode.launch();
    source = readFileSync(join(vscode.workspace, example), 'utf8').split('\n');
    await vscode.openFile(example);
  });

  after(() => vscode?.close());

  /** The text that an editor shows, by the name of its file; VS Code draws spaces as no-break spaces. */
  async function shown(name: string): Promise<string> {
    const lines = vscode.page.locator(
      `.editor-instance[aria-label*="${name}"] .view-line, .monaco-editor[data-uri*="${name}"] .view-line`,
    );
    return (await lines.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
  }

  async function showsSoon(name: string, part: string): Promise<void> {
    await until(`"${part}" in ${name}`, patience, async () => (await shown(name)).includes(part));
  }

  function lineOf(part: string): number {
    return source.findIndex((line) => line.includes(part)) + 1;
  }

  test('opens its adjoint equations beside it', async () => {
    await vscode.goTo(lineOf('c = f * c[t-1]'), 5);
    await vscode.runCommand('Unroll: Show Adjoint Equations');
    await vscode.page.locator('.tab.active[data-resource-name="MyLSTM.adjoint"]').waitFor();
    await showsSoon('MyLSTM.adjoint', 'δc = δh * o * (1 - tanh(c) * tanh(c))');
    assert.equal(await vscode.language(), 'Adjoint Equations');
    await vscode.screenshot('adjoint-equations');
  });

  test('sees them follow the source', async () => {
    await vscode.runCommand('View: Focus Left Editor Group');
    await vscode.goTo(lineOf('c = f * c[t-1]'), source[lineOf('c = f * c[t-1]') - 1]!.indexOf('+ i * g') + 1);
    await vscode.page.keyboard.press('Delete');
    await vscode.page.keyboard.type('-');
    await showsSoon('MyLSTM.adjoint', 'δg = -δc * i');
  });

  test('is led from a line back to what it was derived from', async () => {
    await vscode.runCommand('View: Focus Right Editor Group');
    // The cursor stands on the first line of the equation that the view was opened from.
    await vscode.runCommand('Go to Definition');
    await until('the cursor at the equation', patience, async () =>
      (await vscode.statusBar()).some((item) => item.includes(`Ln ${lineOf('c = f * c[t-1]')},`)),
    );
  });

  /** What VS Code says over the place of the cursor. */
  async function hoverText(): Promise<string> {
    await vscode.runCommand('Show or Focus Hover');
    const hover = vscode.page.locator('.monaco-hover-content');
    await hover.first().waitFor();
    return (await hover.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
  }

  test('reads equations over a name', async () => {
    await vscode.goTo(lineOf('h = o * tanh(c)'), 3);
    const text = await hoverText();
    assert.match(text, /h = o ⊙ tanh\(c\)/);
    assert.match(text, /δh = δoutput/);
    assert.doesNotMatch(text, /Last measured/);
    await vscode.screenshot('hover-equations');
  });

  test('reads what a run measured last over a gate', async () => {
    await vscode.runCommand('Unroll: Step One Time Step');
    await until('the first frame', 30_000, async () =>
      (await vscode.statusBar()).some((item) => item.includes('iteration 1 · forward · t 0/20')),
    );
    await vscode.runCommand('Unroll: Step to the End of the Phase');
    await until('the end of the phase', 30_000, async () =>
      (await vscode.statusBar()).some((item) => item.includes('iteration 1 · forward · t 20/20')),
    );
    await vscode.runCommand('View: Focus Left Editor Group');
    await vscode.goTo(lineOf('f = sigmoid('), 3);
    const text = await until('what was measured', patience, async () => {
      const shownText = await hoverText();
      return shownText.includes('Last measured') && shownText;
    });
    assert.match(text, /Last measured at iteration 1 · forward · t 20\/20: f in \[0\.\d+, 0\.\d+\]/);
    await vscode.screenshot('hover-measured');
  });

  test('has it measured where no panel shows gates', async () => {
    await vscode.runCommand('View: Toggle Primary Side Bar Visibility');
    await vscode.page.locator('.part.sidebar').waitFor({ state: 'hidden' });
    await vscode.runCommand('View: Focus Left Editor Group');
    await vscode.goTo(lineOf('o = sigmoid('), 3);
    const text = await until('what was measured', patience, async () => {
      const shownText = await hoverText();
      return shownText.includes('mean over the batch') && shownText;
    });
    assert.match(text, /t 20\/20: o in \[0\.\d+, 0\.\d+\] \(mean over the batch\)/);
  });
});
