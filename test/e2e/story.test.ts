/** The whole way through, as a person goes it: from an opened example to a stepped and trained network, and through mishaps. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Frame, Locator } from 'playwright-core';
import { until } from '../support/until.ts';
import { colouredSteps, inkIn, positionIn, rowsOf } from './panel-readers.ts';
import { RealVSCode, skipWithoutVSCode } from './real-vscode.ts';

const example = 'shakespeare.rnn';
/** T of the example. */
const timeSteps = 20;
const patience = 15_000;

describe('a newcomer with the Shakespeare example', { skip: skipWithoutVSCode() }, () => {
  let vscode: RealVSCode;
  let text: string;
  let unrolled: Frame;

  before(async () => {
    vscode = await RealVSCode.launch();
    await vscode.page.setViewportSize({ width: 1600, height: 1000 });
    text = readFileSync(join(vscode.workspace, example), 'utf8');
    await vscode.openFile(example);
    await button('Step One Time Step').waitFor();
  });

  after(() => vscode?.close());

  const button = (label: string): Locator =>
    vscode.page.locator(`.editor-actions a.action-label[aria-label^="${label}"]`);

  const squiggles = (): Locator => vscode.page.locator('.monaco-editor .squiggly-error');

  const messages = (): Promise<string[]> =>
    vscode.page.locator('.notification-toast .notification-list-item-message').allInnerTexts();

  /** Waits for a message, and gives it: there is never more than one. */
  async function onlyMessage(): Promise<string> {
    const shown = await until('a message', patience, async () => {
      const found = await messages();
      return found.length > 0 && found;
    });
    assert.equal(shown.length, 1);
    return shown[0]!;
  }

  /** Waits until the Unrolled panel says that the run stands there. */
  async function standsAt(position: string): Promise<void> {
    await until(position, patience, async () => (await positionIn(unrolled)) === position);
  }

  /** The line (from 1) of the example that holds `part`, and the column at which the part starts. */
  function placeOf(part: string): [line: number, column: number] {
    const line = text.split('\n').findIndex((each) => each.includes(part));
    assert.ok(line >= 0, `the example has no "${part}"`);
    return [line + 1, text.split('\n')[line]!.indexOf(part) + 1];
  }

  /** Puts the editor's selection over `part`. */
  async function select(part: string): Promise<void> {
    await vscode.goTo(...placeOf(part));
    for (const _ of part) await vscode.page.keyboard.press('Shift+ArrowRight');
  }

  /** The process ids of the engines of this VS Code. */
  function engines(): number[] {
    const ours = dirname(vscode.workspace);
    const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
    return lines
      .filter((line) => line.includes(ours) && line.includes('engine.cjs'))
      .map((line) => parseInt(line, 10));
  }

  async function pressStep(expected: string): Promise<void> {
    await button('Step One Time Step').click();
    await standsAt(expected);
  }

  test('sees the file in colour', async () => {
    const colourOf = async (word: RegExp) =>
      await vscode.page
        .locator('.view-line span span', { hasText: word })
        .first()
        .evaluate((element) => getComputedStyle(element).color);
    await until('a comment, a keyword and a function in colours of their own', patience, async () => {
      const colours = await Promise.all([/Which/, /^param$/, /^sigmoid$/].map(colourOf));
      return new Set(colours).size === 3;
    });
  });

  test('sees a mistake underlined at its word, and no more when it is put right', async () => {
    assert.equal(await squiggles().count(), 0);
    await select('tanh(W_g');
    await vscode.page.keyboard.type('tahn(W_g');
    await squiggles().first().waitFor();
    await vscode.screenshot('1-mistake');
    const problems = await vscode.problems();
    assert.equal(problems.length, 1);
    assert.match(problems[0]!.message, /tahn.*tanh/);
    await vscode.page.keyboard.press('ControlOrMeta+J');
    await vscode.openFile(example);
    for (const _ of 'tahn(W_g') await vscode.page.keyboard.press('ControlOrMeta+Z');
    await until('the squiggle to go', patience, async () => (await squiggles().count()) === 0);
    assert.deepEqual(engines(), [], 'opening and editing a file starts no engine');
  });

  test('gets the keys of a block completed, and the values that they take', async () => {
    await select('tokens = char');
    await vscode.page.keyboard.type('tok');
    await vscode.page.keyboard.press('Control+Space');
    const suggestions = vscode.page.locator('.suggest-widget .monaco-list-row');
    await suggestions.first().waitFor();
    await vscode.screenshot('2-completion');
    await vscode.page.keyboard.press('Enter');
    const value = suggestions.filter({ hasText: 'char' });
    await value.first().waitFor();
    await vscode.page.keyboard.press('Enter');
    const line = vscode.page.locator('.view-line', { hasText: 'tokens' });
    await until('the completed line', patience, async () =>
      /^\s*tokens\s=\schar$/.test(await line.first().innerText()),
    );
    await until('no squiggle', patience, async () => (await squiggles().count()) === 0);
  });

  test('presses step: the engine starts and the network appears, unfolded in time', async () => {
    await button('Step One Time Step').click();
    unrolled = await vscode.webview('unrolled', patience);
    await unrolled.getByTestId('position').waitFor();
    assert.equal(await positionIn(unrolled), `iteration 1 · forward · t 0/${timeSteps}`);
    await vscode.webview('training', patience);
    await vscode.screenshot('3-started');
    assert.equal(engines().length, 1);
  });

  test('steps forward, and the heatmaps of the gates fill column by column', async () => {
    const gates = await vscode.webview('gates', patience);
    for (let t = 1; t <= timeSteps; t++) {
      await pressStep(`iteration 1 · forward · t ${t}/${timeSteps}`);
      const expected = Array.from({ length: t }, (_, index) => index + 1);
      await until(`columns 1…${t} of the forget gate`, patience, async () => {
        const steps = await colouredSteps(gates, 'f');
        assert.ok(steps.length <= t, `${steps.length} columns are filled at t = ${t}`);
        return steps.length === t && steps.every((step, index) => step === expected[index]);
      });
      if (t === 12) await vscode.screenshot('4-forward');
    }
  });

  test('sees the loss, and the gradient chart grow from the right', async () => {
    const gradientFlow = await vscode.webview('gradient-flow', patience);
    await pressStep('iteration 1 · loss');
    assert.match(await unrolled.getByTestId('loss').innerText(), /^loss [34]\.\d+$/);
    assert.equal(await inkIn(gradientFlow, 'gradient-chart'), undefined);
    let left = Number.POSITIVE_INFINITY;
    for (let t = timeSteps; t >= 1; t--) {
      await pressStep(`iteration 1 · backward · t ${t}/${timeSteps}`);
      const rows = await until(`the gradient at t = ${t}`, patience, async () => {
        const found = await rowsOf(gradientFlow, 'gradient-table');
        return found[0]?.title === t && found;
      });
      assert.deepEqual(
        rows.map(({ title }) => title),
        Array.from({ length: timeSteps - t + 1 }, (_, index) => t + index),
      );
      for (const { values } of rows) {
        assert.equal(values.length, 2, '‖∂L/∂c‖ and ‖∂L/∂h‖');
        for (const norm of values) assert.ok(norm > 0 && norm < 10);
      }
      const ink = await inkIn(gradientFlow, 'gradient-chart');
      assert.ok(ink && ink.left < left, `the curve reaches further left at t = ${t}`);
      left = ink.left;
      if (t === 8) await vscode.screenshot('5-backward');
    }
    await pressStep('iteration 1 · update');
    assert.match((await vscode.statusBar()).join(' '), /iteration 1 · update · loss [34]\.\d+ · WebAssembly/);
  });

  test('trains, and the loss falls within 30 iterations', async () => {
    const training = await vscode.webview('training', patience);
    await button('Train').click();
    await button('Pause').waitFor();
    await until('31 iterations', 60_000, async () => (await rowsOf(training, 'metrics-table')).length >= 31);
    await vscode.screenshot('6-training');
    await button('Pause').click();
    await button('Train').waitFor();
    const losses = (await rowsOf(training, 'metrics-table')).map(({ values }) => values[0]!);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [first, later] = [mean(losses.slice(0, 3)), mean(losses.slice(28, 31))];
    assert.ok(later < 0.9 * first, `loss ${first} fell to ${later} only`);
    assert.ok(await inkIn(training, 'loss-chart'));
    const stands = await positionIn(unrolled);
    await vscode.page.waitForTimeout(300);
    assert.equal(await positionIn(unrolled), stands, 'a paused run stands still');
    await vscode.screenshot('7-paused');
  });

  test('steps back through time in the trained network', async () => {
    const stands = async (): Promise<string> => (await positionIn(unrolled)).replace(/^iteration \d+ · /, '');
    for (const phase of [`forward · t ${timeSteps}/${timeSteps}`, 'loss']) {
      await button('Step to the End of the Phase').click();
      await until(phase, patience, async () => (await stands()) === phase);
    }
    for (let t = timeSteps; t >= 9; t -= 1) {
      await button('Step One Time Step').click();
      await until(`t ${t}`, patience, async () => (await stands()) === `backward · t ${t}/${timeSteps}`);
    }
    await vscode.screenshot('stepping-back');
  });

  test('loses the engine in mid-iteration: one clear message, and a fresh start works', async () => {
    await vscode.goTo(1);
    await vscode.page.keyboard.type('# Unsaved words. ');
    await button('Restart').click();
    await standsAt(`iteration 1 · forward · t 0/${timeSteps}`);
    for (const t of [1, 2, 3]) await pressStep(`iteration 1 · forward · t ${t}/${timeSteps}`);
    const [engine, ...others] = engines();
    assert.ok(engine !== undefined && others.length === 0);
    process.kill(engine, 'SIGKILL');
    const shown = await onlyMessage();
    assert.match(
      shown,
      /engine was killed .*SIGKILL.* at iteration 1 · forward · t 3\/20.*press step to start again/,
    );
    await vscode.screenshot('8-killed');
    assert.match(await vscode.page.locator('.view-lines').first().innerText(), /Unsaved.words/);

    await button('Step One Time Step').click();
    await standsAt(`iteration 1 · forward · t 0/${timeSteps}`);
    await pressStep(`iteration 1 · forward · t 1/${timeSteps}`);
    assert.equal((await messages()).length, 1);
    await vscode.runCommand('Notifications: Clear All Notifications');
    await button('Stop').click();
    await until('no engine', patience, async () => engines().length === 0);
  });

  test('names a data file that is missing where it is named, and goes on when it is there', async () => {
    await vscode.openFile('wave.rnn');
    text = readFileSync(join(vscode.workspace, 'wave.rnn'), 'utf8');
    const [line, column] = placeOf('csv("wave');
    await vscode.goTo(line, column + 'csv("wave'.length);
    await vscode.page.keyboard.type('s');
    await button('Step One Time Step').click();
    const shown = await onlyMessage();
    assert.match(shown, /There is no file "waves\.csv"/);
    assert.equal(await squiggles().count(), 1);
    // Until the message has slid in.
    await vscode.page.waitForTimeout(500);
    await vscode.screenshot('9-missing-file');
    await vscode.page.locator('.notification-toast .monaco-button', { hasText: 'Show' }).click();
    await until('the place', patience, async () =>
      (await vscode.statusBar()).some((item) => item.includes(`Ln ${line}`) && item.includes('11 selected')),
    );
    const problems = await vscode.problems();
    assert.deepEqual(
      problems.map(({ severity, line: at }) => [severity, at]),
      [['error', line]],
    );
    await vscode.page.keyboard.press('ControlOrMeta+J');

    await vscode.goTo(line, column + 'csv("waves'.length);
    await vscode.page.keyboard.press('Backspace');
    await until('the squiggle to go', patience, async () => (await squiggles().count()) === 0);
    await button('Step One Time Step').click();
    await standsAt('iteration 1 · forward · t 0/24');
    await button('Step to the End of the Iteration').click();
    await standsAt('iteration 1 · update');
    await vscode.screenshot('10-regression');
  });

  test('sees a run diverge: where, and what helps; and its last values stay', async () => {
    await vscode.runCommand('Notifications: Clear All Notifications');
    await select('adam(lr = 0.01)');
    await vscode.page.keyboard.type('sgd(lr = 1e30)');
    text = text.replace('adam(lr = 0.01)', 'sgd(lr = 1e30)');
    await button('Restart').click();
    await standsAt('iteration 1 · forward · t 0/24');
    await button('Train').click();
    const shown = await onlyMessage();
    assert.match(shown, /^The loss became \w+ in iteration 2, first at t = \d+ in .*Lower the learning rate/);
    await standsAt('iteration 2 · loss');
    assert.equal(await unrolled.getByTestId('loss').innerText(), 'loss ∞');
    await vscode.page.waitForTimeout(500);
    await vscode.screenshot('11-diverged');
    await select('sgd(lr = 1e30)');
    await vscode.page.keyboard.type('sgd(lr = 0.01)');
    await button('Restart').click();
    await standsAt('iteration 1 · forward · t 0/24');
  });

  test('closes the window, and no engine is left behind', async () => {
    assert.equal(engines().length, 1);
    await vscode.page.close();
    await until('the engine to end', 60_000, async () => engines().length === 0);
  });
});
