import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { RunState } from '../../../src/protocol/position.ts';
import type { RunCommand, ToWebview } from '../../../src/protocol/webview.ts';
import {
  backwardTo,
  finished,
  forwardTo,
  frameOf,
  lstmNetwork,
  type Progress,
  snapshotOf,
} from '../fixtures.ts';
import { closeBrowser, PanelPage, skipWithoutChromium } from '../panel-page.ts';

const small = lstmNetwork({ timeSteps: 20, units: 32, layers: 1 });
const stacked = lstmNetwork({ timeSteps: 50, units: 64, layers: 2 });
const wide = { width: 1000, height: 600 };

function snapshot(network = small, progress = forwardTo(12, 20), state: RunState = 'paused'): ToWebview {
  return { kind: 'snapshot', snapshot: snapshotOf(network, frameOf(network, progress), { state }) };
}

function progress(network: typeof small, to: Progress): ToWebview {
  return { kind: 'progress', state: 'paused', frame: frameOf(network, to), metrics: [] };
}

async function filledSteps(page: PanelPage, layer: string): Promise<number[]> {
  const filled = page.page.locator(`[data-testid="node"][data-layer="${layer}"][data-computed="true"]`);
  return await filled.evaluateAll((nodes) => nodes.map((node) => Number((node as SVGGElement).dataset.t)));
}

const steps = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('unrolled panel', { skip: skipWithoutChromium }, () => {
  after(closeBrowser);

  it('says what to do while there is no run', async () => {
    const page = await PanelPage.open('unrolled', wide);
    assert.deepEqual(await page.posted(), [{ kind: 'ready' }]);
    await page.send({ kind: 'noRun' });
    assert.match(
      await page.page.getByTestId('empty-state').innerText(),
      /Press the step button in the title bar/,
    );
    await page.close();
  });

  it('fills nodes from the left going forward and from the right going backward', async () => {
    const page = await PanelPage.open('unrolled', wide);
    await page.send(snapshot());
    assert.equal(await page.page.getByTestId('position').innerText(), 'iteration 3 · forward · t 12/20');
    assert.equal(await page.page.getByTestId('loss').innerText(), 'loss –');
    assert.deepEqual(await filledSteps(page, 'layers.0'), steps(1, 12));
    assert.equal(await page.page.getByTestId('scene').getAttribute('data-content'), 'value');

    await page.send(progress(small, forwardTo(13, 20)));
    assert.deepEqual(await filledSteps(page, 'layers.0'), steps(1, 13));
    assert.equal(await page.page.getByTestId('position-mark').getAttribute('data-t'), '13');

    await page.send(progress(small, finished('loss', 20)));
    assert.equal(await page.page.getByTestId('position-mark').getAttribute('data-phase'), 'loss');
    assert.equal(await page.page.getByTestId('loss').innerText(), 'loss 2.314');

    await page.send(progress(small, backwardTo(17, 20)));
    assert.equal(await page.page.getByTestId('scene').getAttribute('data-content'), 'adjoint');
    assert.deepEqual(await filledSteps(page, 'layers.0'), steps(17, 20));
    assert.equal(
      await page.page.getByTestId('scene').getAttribute('aria-label'),
      'Unrolled network, t 1 to 20 of 20, 4 layers; forward 20 of 20 time steps, backward 4 of 20; ' +
        'iteration 3 · backward · t 17/20',
    );
    await page.close();
  });

  it('has the norms of the frame in its table and on its nodes', async () => {
    const page = await PanelPage.open('unrolled', wide);
    const frame = frameOf(small, backwardTo(17, 20));
    await page.send({ kind: 'snapshot', snapshot: snapshotOf(small, frame) });
    const { columns, rows } = await page.table('norms-table');
    const column = columns.indexOf('layers.0 ‖∂L/∂hₜ‖');
    const { norms } = frame.norms.find(
      ({ layer, quantity, content }) => layer === 'layers.0' && quantity === 'h' && content === 'adjoint',
    )!;
    assert.deepEqual(
      rows.map(({ cells }) => cells[column]),
      steps(1, 20).map((t) => (t < 17 ? '' : `${norms[t - 1]}`)),
    );
    const node = page.page.locator('[data-testid="node"][data-layer="layers.0"][data-t="18"]');
    assert.equal(await node.getAttribute('data-norm'), `${norms[17]}`);
    await page.close();
  });

  it('shows what was predicted beside what was wanted, and marks mismatches by more than colour', async () => {
    const page = await PanelPage.open('unrolled', wide);
    const frame = frameOf(small, forwardTo(12, 20));
    await page.send({ kind: 'snapshot', snapshot: snapshotOf(small, frame) });
    const texts = await page.page.locator('[data-testid="step"][data-t="5"] text').allTextContents();
    assert.deepEqual(texts, ['u', '≠', 'e', 'q', '5']);
    const { targets, predictions } = frame.sample!;
    const mismatches = predictions.filter((prediction, index) => prediction !== targets[index]);
    assert.equal(await page.page.locator('[data-comparison="mismatch"]').count(), mismatches.length);
    await page.close();
  });

  it('keeps the colour that was chosen, through phases and reloads', async () => {
    const page = await PanelPage.open('unrolled', wide);
    await page.send(snapshot());
    await page.page.getByLabel('gradient norm').check();
    assert.deepEqual(await filledSteps(page, 'layers.0'), []);
    await page.page.reload();
    await page.send(snapshot());
    assert.equal(await page.page.getByTestId('scene').getAttribute('data-content'), 'adjoint');
    await page.close();
  });

  const commands: Readonly<Record<string, RunCommand>> = {
    step: { kind: 'step', granularity: 'timeStep' },
    stepPhase: { kind: 'step', granularity: 'phase' },
    stepIteration: { kind: 'step', granularity: 'iteration' },
    train: { kind: 'train' },
    pause: { kind: 'pause' },
    restart: { kind: 'restart' },
    stop: { kind: 'stop' },
  };
  const enabled: Readonly<Record<RunState, readonly string[]>> = {
    starting: ['stop'],
    paused: ['step', 'stepPhase', 'stepIteration', 'train', 'restart', 'stop'],
    running: ['pause', 'restart', 'stop'],
    finished: ['restart', 'stop'],
    failed: ['step', 'train', 'restart'],
    stopped: ['step', 'train', 'restart'],
  };

  it('enables the buttons that make sense, and sends what they stand for', async () => {
    const page = await PanelPage.open('unrolled', wide);
    for (const state of Object.keys(enabled) as RunState[]) {
      await page.send(snapshot(small, forwardTo(12, 20), state));
      await page.posted();
      for (const [id, command] of Object.entries(commands)) {
        const button = page.page.getByTestId(`run-${id}`);
        assert.equal(await button.isEnabled(), enabled[state].includes(id), `${id} while ${state}`);
        assert.ok((await button.getAttribute('aria-label'))!.length > 3);
        if (!enabled[state].includes(id)) continue;
        await button.click();
        assert.deepEqual(await page.posted(), [{ kind: 'run', command }]);
      }
    }
    await page.close();
  });

  it('leads with the keyboard from node to node and to the definition', async () => {
    const page = await PanelPage.open('unrolled', wide);
    await page.send(snapshot());
    await page.posted();
    await page.page.locator('.node[tabindex="0"]').focus();
    await page.page.keyboard.press('ArrowRight');
    await page.page.keyboard.press('ArrowUp');
    const focused = page.page.locator('.node:focus');
    assert.equal(await focused.getAttribute('data-layer'), 'dense');
    assert.equal(await focused.getAttribute('data-t'), '13');
    await page.page.keyboard.press('ArrowDown');
    await page.page.keyboard.press('ArrowLeft');
    assert.match(await page.page.getByTestId('readout').innerText(), /^LSTM\(32\) at t 12: ‖cₜ‖ [\d.]+ /);
    await page.page.keyboard.press('Enter');
    assert.deepEqual(await page.posted(), [{ kind: 'reveal', layer: 'layers.0', quantity: 'h' }]);
    await page.page.locator('[data-testid="node"][data-layer="dense"][data-t="3"]').click();
    assert.deepEqual(await page.posted(), [{ kind: 'reveal', layer: 'dense', quantity: 'y' }]);
    await page.close();
  });

  it('is one stop for the tab key, not one for every node', async () => {
    const page = await PanelPage.open('unrolled', wide);
    await page.send(snapshot());
    await page.page.locator('.node[tabindex="0"]').focus();
    await page.page.keyboard.press('Tab');
    assert.equal(await page.page.locator('.node:focus').count(), 0);
    await page.page.keyboard.press('Shift+Tab');
    assert.equal(await page.page.locator('.node:focus').getAttribute('data-t'), '12');
    await page.close();
  });

  it('shows where the run stands in a narrow panel, too', async () => {
    const page = await PanelPage.open('unrolled', { width: 320, height: 600 });
    await page.send(snapshot(small, backwardTo(12, 20)));
    for (const id of ['position', 'loss']) {
      const box = await page.page.getByTestId(id).boundingBox();
      assert.ok(box && box.x + box.width <= 320, `${id} ends at ${box && box.x + box.width}`);
    }
    await page.close();
  });

  it('follows the position through long sequences until the window is moved by hand', async () => {
    const page = await PanelPage.open('unrolled', wide);
    await page.send(snapshot(stacked, forwardTo(3, 50)));
    const strip = page.page.getByTestId('overview');
    assert.equal(await strip.getAttribute('aria-valuetext'), 't 1 to 30 of 50');
    await page.send(progress(stacked, forwardTo(45, 50)));
    assert.equal(await strip.getAttribute('aria-valuetext'), 't 21 to 50 of 50');
    await strip.focus();
    await page.page.keyboard.press('Home');
    await page.drawn();
    assert.equal(await strip.getAttribute('data-first'), '1');
    await page.send(progress(stacked, forwardTo(46, 50)));
    assert.equal(await strip.getAttribute('data-first'), '1');
    await page.page.getByTestId('follow').check();
    assert.equal(await strip.getAttribute('data-first'), '21');
    await page.close();
  });

  it('draws no more than 30 of 1000 steps as nodes', async () => {
    const long = lstmNetwork({ timeSteps: 1000, units: 4, layers: 1 });
    const page = await PanelPage.open('unrolled', wide);
    await page.send(snapshot(long, forwardTo(500, 1000)));
    assert.equal(await page.page.getByTestId('node').count(), 30 * long.layers.length);
    assert.ok((await filledSteps(page, 'layers.0')).includes(500));
    await page.close();
  });

  it('asks for the sample that was chosen, and again in a new run', async () => {
    const page = await PanelPage.open('unrolled', wide);
    await page.send(snapshot());
    assert.deepEqual(await page.posted(), [{ kind: 'ready' }, { kind: 'watchSample', sample: 0 }]);
    await page.page.getByTestId('sample').fill('7');
    await page.page.keyboard.press('Enter');
    assert.deepEqual(await page.posted(), [{ kind: 'watchSample', sample: 7 }]);
    await page.send(snapshot());
    assert.deepEqual(await page.posted(), [{ kind: 'watchSample', sample: 7 }]);
    await page.page.getByTestId('sample').fill('99');
    await page.page.keyboard.press('Enter');
    assert.deepEqual(await page.posted(), []);
    assert.equal(await page.page.getByTestId('sample').inputValue(), '7');
    await page.close();
  });
});
