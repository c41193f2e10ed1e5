/** Somebody who has never seen the language: writes a GRU by completions, has a name corrected, reads what a code means. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from '../support/until.ts';
import { RealVSCode, skipWithoutVSCode } from './real-vscode.ts';

describe('writing a model in a real VS Code', { skip: skipWithoutVSCode() }, () => {
  let vscode: RealVSCode;
  const file = () => join(vscode.workspace, 'gru.rnn');

  before(async () => {
    vscode = await RealVSCode.launch();
    writeFileSync(file(), '');
    await vscode.openFile('gru.rnn');
    await vscode.page.locator('.editor-group-container.active .monaco-editor').first().click();
  });
  after(() => vscode?.close());

  const press = async (...keys: string[]) => {
    for (const key of keys) await vscode.page.keyboard.press(key);
  };
  const type = (text: string) => vscode.page.keyboard.type(text);
  const listed = () => vscode.page.locator('.suggest-widget.visible .monaco-list-row');
  const focused = () => vscode.page.locator('.suggest-widget.visible .monaco-list-row.focused .label-name');

  /** Takes a completion as soon as it is listed, and fills in its places; '' keeps what stands there. */
  async function take(label: string, ...filled: readonly string[]): Promise<void> {
    await vscode.page.keyboard.type(label.replace(/\W.*/, ''));
    await until(`the completion ${label}`, 20_000, async () => {
      if ((await listed().count()) === 0) await press('Control+Space');
      const labels = await listed().locator('.label-name').allInnerTexts();
      return labels.some((shown) => shown.trim() === label);
    });
    await until(`the completion ${label} in focus`, 5_000, async () => {
      const [shown] = await focused().allInnerTexts();
      if (shown?.trim() === label) return true;
      await press('ArrowDown');
      return false;
    });
    await press('Enter');
    for (const text of filled) {
      await type(text);
      // The Tab below is for the next place, and not for a completion.
      await vscode.page.waitForTimeout(300);
      if ((await listed().count()) > 0) await press('Escape');
      await press('Tab');
    }
  }

  async function saved(): Promise<string> {
    await press('ControlOrMeta+S');
    await vscode.page.locator('.tab.active:not(.dirty)').waitFor();
    return readFileSync(file(), 'utf8');
  }

  test('goes from an empty file to a GRU by completions', async () => {
    await take('data', 'plays', 'shakespeare.txt', '');
    await press('Escape', 'ControlOrMeta+End', 'Enter', 'Enter');
    await take('cell empty', 'MyGRU', 'units', 'h');
    await press('ArrowUp', 'End');
    for (const gate of ['r', 'z']) {
      await take('gate', gate, '');
      await press('Escape', 'End', 'Enter');
    }
    await take('param', 'W_n', '', '');
    await press('End', 'Enter');
    await take('param', 'U_n', 'units, units', '');
    await press('End', 'Enter');
    await type('n = ');
    for (const part of ['tanh', 'W_n', 'x']) await take(part);
    await type(' + ');
    await take('U_n');
    await type('(');
    await take('r');
    await type(' * ');
    await take('h[t-1]');
    await press('End', 'Enter');
    await take('h');
    await take('z');
    await type(' * ');
    await take('h[t-1]');
    await type(' + (1 - ');
    await take('z');
    await press('End');
    await type(' * ');
    await take('n');
    await press('ControlOrMeta+End', 'Enter', 'Enter');
    await take('model', 'MyGRU', '');
    await press('Escape', 'ControlOrMeta+End', 'Enter', 'Enter');
    await take('train', '', '', '', '');
    const text = await saved();
    assert.match(text, /h = z \* h\[t-1\] \+ \(1 - z\) \* n/);
    await vscode.screenshot('language');
    assert.deepEqual(await vscode.problems(), [], text);
  });

  test('corrects a name, and says what was wrong with it', async () => {
    writeFileSync(file(), readFileSync(file(), 'utf8').replace('MyGRU(64)', 'MyGUR(64)'));
    await until('the problem', 10_000, async () => (await vscode.problems()).length === 1);
    const link = vscode.page.locator('.markers-panel a.monaco-link');
    assert.equal(await link.innerText(), 'unknown-layer');
    await link.click({ modifiers: ['ControlOrMeta'] });
    await vscode.page.locator('.tab.active[data-resource-name="unknown-layer.md"]').waitFor();
    await vscode.openFile('gru.rnn');
    const lines = readFileSync(file(), 'utf8').split('\n');
    await vscode.goTo(lines.findIndex((line) => line.includes('MyGUR')) + 1, 4);
    await press('ControlOrMeta+Period');
    await vscode.page.locator('.action-widget', { hasText: 'Change to `MyGRU`' }).waitFor();
    await press('Enter');
    await until('the correction', 10_000, async () => /MyGRU\(64\)/.test(await saved()));
    await until('no problem', 10_000, async () => (await vscode.problems()).length === 0);
  });
});
