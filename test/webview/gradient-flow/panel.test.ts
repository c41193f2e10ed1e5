import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Frame } from '../../../src/protocol/frame.ts';
import type { NetworkDescription } from '../../../src/protocol/network.ts';
import type { ToWebview } from '../../../src/protocol/webview.ts';
import { backwardTo, finished, forwardTo, frameOf, lstmNetwork, snapshotOf } from '../fixtures.ts';
import { closeBrowser, PanelPage, skipWithoutChromium } from '../panel-page.ts';

const small = lstmNetwork({ timeSteps: 20, units: 32, layers: 1 });
const stacked = lstmNetwork({ timeSteps: 50, units: 64, layers: 2 });

function snapshotWith(frame: Frame, network: NetworkDescription = small): ToWebview {
  return { kind: 'snapshot', snapshot: snapshotOf(network, frame) };
}

function adjointNorms(frame: Frame, layer: string, quantity: string): Float32Array {
  return frame.norms.find(
    (norm) => norm.layer === layer && norm.quantity === quantity && norm.content === 'adjoint',
  )!.norms;
}

/** Columns of the chart that have ink in the first series' colour (charts-blue of the dark theme). */
async function inkedColumns(page: PanelPage): Promise<{ first: number; last: number; width: number }> {
  return await page.page.getByTestId('gradient-chart').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    const inked: number[] = [];
    for (let pixel = 0; pixel < width * height; pixel++) {
      const [red, green, blue] = data.subarray(pixel * 4, pixel * 4 + 3);
      if (red! < 90 && green! > 110 && blue! > 220) inked.push(pixel % width);
    }
    return { first: Math.min(...inked), last: Math.max(...inked), width };
  });
}

describe('gradient flow panel', { skip: skipWithoutChromium }, () => {
  after(closeBrowser);

  it('says where gradients come from while there are none', async () => {
    const page = await PanelPage.open('gradient-flow');
    await page.send(snapshotWith(frameOf(small, forwardTo(7, 20))));
    assert.match(
      await page.page.getByTestId('readout').innerText(),
      /computed in the backward phase, from t 20 down to 1/,
    );
    assert.deepEqual((await page.table('gradient-table')).rows, []);
    await page.close();
  });

  it('grows from the right, with the numbers of the frame', async () => {
    const page = await PanelPage.open('gradient-flow');
    await page.send(snapshotWith(frameOf(small, forwardTo(20, 20))));
    let before = Number.POSITIVE_INFINITY;
    for (const t of [18, 11, 1]) {
      const frame = frameOf(small, backwardTo(t, 20));
      await page.send({ kind: 'progress', state: 'paused', frame, metrics: [] });
      const { columns, rows } = await page.table('gradient-table');
      assert.deepEqual(columns, ['‖∂L/∂cₜ‖', '‖∂L/∂hₜ‖']);
      const [c, h] = [adjointNorms(frame, 'layers.0', 'c'), adjointNorms(frame, 'layers.0', 'h')];
      assert.deepEqual(
        rows,
        Array.from({ length: 21 - t }, (_, index) => t + index).map((step) => ({
          title: `${step}`,
          cells: [`${c[step - 1]}`, `${h[step - 1]}`],
        })),
      );
      const ink = await inkedColumns(page);
      assert.ok(ink.first < before, `the line begins at ${ink.first} of ${ink.width}, before at ${before}`);
      assert.ok(ink.last > ink.width * 0.9);
      before = ink.first;
    }
    assert.match(
      (await page.page.getByTestId('gradient-chart').getAttribute('aria-label'))!,
      /^Gradient norm per time step: 20 of 20 time steps, t 1 to 20; ‖∂L\/∂cₜ‖ from 0\.003393 to 0\.4; /,
    );
    await page.close();
  });

  it('names the layer of each line where there are several', async () => {
    const page = await PanelPage.open('gradient-flow');
    await page.send(snapshotWith(frameOf(stacked, finished('update', 50)), stacked));
    assert.deepEqual((await page.table('gradient-table')).columns, [
      'layers.0 ‖∂L/∂cₜ‖',
      'layers.0 ‖∂L/∂hₜ‖',
      'layers.1 ‖∂L/∂cₜ‖',
      'layers.1 ‖∂L/∂hₜ‖',
    ]);
    await page.close();
  });

  it('draws lines in colours that no theme makes translucent', async () => {
    for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
      const page = await PanelPage.open('gradient-flow', { theme });
      await page.send(snapshotWith(frameOf(stacked, finished('update', 50)), stacked));
      const colours = await page.page
        .getByTestId('legend')
        .locator('line')
        .evaluateAll((lines) => lines.map((line) => getComputedStyle(line).stroke));
      assert.equal(new Set(colours).size, 4);
      for (const colour of colours) assert.match(colour, /^rgb\(/, theme);
      await page.close();
    }
  });

  it('says which steps are zero, NaN or infinite', async () => {
    const page = await PanelPage.open('gradient-flow');
    const spoil = (value: number, { quantity, t }: { quantity: string; t: number }) => {
      if (quantity !== 'norm h') return value;
      return t <= 4 ? 0 : t === 9 ? Number.NaN : t === 10 ? Infinity : value;
    };
    await page.send(snapshotWith(frameOf(small, finished('update', 20), { spoil })));
    assert.deepEqual(await page.page.getByTestId('irregularity').allInnerTexts(), [
      '‖∂L/∂hₜ‖ is 0 at t 1–4 (drawn on the floor)',
      '‖∂L/∂hₜ‖ is NaN at t 9 (a gap)',
      '‖∂L/∂hₜ‖ is infinite at t 10 (a gap)',
    ]);
    await page.picture('gradient-flow-irregular-dark');
    await page.close();
  });

  it('reads values with the arrow keys and defines what it shows', async () => {
    const page = await PanelPage.open('gradient-flow');
    const frame = frameOf(small, backwardTo(7, 20));
    await page.send(snapshotWith(frame));
    await page.posted();
    await page.page.getByLabel('Read values with the left and right arrow keys').focus();
    await page.page.keyboard.press('ArrowLeft');
    await page.page.keyboard.press('ArrowLeft');
    const c = adjointNorms(frame, 'layers.0', 'c')[18]!;
    const readout = page.page.getByTestId('readout');
    assert.ok((await readout.innerText()).startsWith(`t 19: ‖∂L/∂cₜ‖ = ${Number(c.toPrecision(4))}, `));
    await page.page.keyboard.press('Home');
    assert.equal(await readout.innerText(), 't 1: not computed yet in this iteration');

    const entry = page.page.getByRole('button', { name: '‖∂L/∂hₜ‖' });
    await entry.focus();
    assert.equal(
      await readout.innerText(),
      'layers.0 LSTM(32): ‖∂L/∂hₜ‖: Frobenius norm over batch and units, L = mean loss of the iteration',
    );
    await entry.press('Enter');
    assert.deepEqual(await page.posted(), [{ kind: 'reveal', layer: 'layers.0', quantity: 'h' }]);
    await page.close();
  });
});
