import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Frame, GatesWatch } from '../../../src/protocol/frame.ts';
import type { NetworkDescription } from '../../../src/protocol/network.ts';
import type { ToWebview } from '../../../src/protocol/webview.ts';
import { type ColourTable, colourTable } from '../../../webview/kit/colour-table.ts';
import { notComputedCode, quantiseValue } from '../../../webview/kit/quantise.ts';
import { gateScale, symmetricScale, type ValueScale } from '../../../webview/kit/value-scale.ts';
import { backwardTo, finished, forwardTo, frameOf, lstmNetwork, snapshotOf } from '../fixtures.ts';
import { closeBrowser, PanelPage, skipWithoutChromium } from '../panel-page.ts';

const small = lstmNetwork({ timeSteps: 20, units: 32, layers: 1 });
const stacked = lstmNetwork({ timeSteps: 50, units: 64, layers: 2 });

function snapshotWith(frame: Frame, network: NetworkDescription = small): ToWebview {
  return { kind: 'snapshot', snapshot: snapshotOf(network, frame) };
}

function progressWith(frame: Frame): ToWebview {
  return { kind: 'progress', state: 'paused', frame, metrics: [] };
}

const heatmap = (quantity: string) => `[data-testid="heatmap"][data-quantity="${quantity}"]`;
const canvas = (quantity: string) => `${heatmap(quantity)} canvas[role="img"]`;

/** Every pixel against the frame's number. */
async function assertPixels(
  page: PanelPage,
  frame: Frame,
  quantity: string,
  scale: ValueScale,
  table: ColourTable,
  isComputed: (t: number) => boolean,
): Promise<void> {
  const { values, units } = frame.heatmaps.find((each) => each.quantity === quantity)!;
  const { width, height, data } = await page.pixels(canvas(quantity));
  assert.deepEqual({ width, height }, { width: frame.timeSteps, height: units });
  const drawn = new Uint32Array(Uint8Array.from(data).buffer);
  const expected = new Uint32Array(width * height);
  for (let unit = 0; unit < units; unit++) {
    for (let t = 1; t <= width; t++) {
      const code = isComputed(t) ? quantiseValue(scale, values[(t - 1) * units + unit]!) : notComputedCode;
      expected[unit * width + t - 1] = table[code]!;
    }
  }
  assert.deepEqual(drawn, expected);
}

function largestIn(frame: Frame, quantity: string): number {
  const { values } = frame.heatmaps.find((each) => each.quantity === quantity)!;
  return Math.max(...[...values].filter(Number.isFinite).map(Math.abs));
}

describe('gates panel', { skip: skipWithoutChromium }, () => {
  after(closeBrowser);

  it('draws gates from 0 to 1 and fills them column by column', async () => {
    const page = await PanelPage.open('gates');
    for (const t of [0, 1, 12]) {
      const frame = frameOf(small, forwardTo(t, 20));
      await page.send(t === 0 ? snapshotWith(frame) : progressWith(frame));
      const figure = page.page.locator(heatmap('f'));
      assert.equal(await figure.getAttribute('data-filled-from'), '1');
      assert.equal(await figure.getAttribute('data-filled-to'), `${t}`);
      await assertPixels(page, frame, 'f', gateScale, colourTable('sequential', true), (step) => step <= t);
    }
    assert.match(
      (await page.page.locator(canvas('f')).getAttribute('aria-label'))!,
      /^f, gate, activations: 12 of 20 time steps, 32 units, from 0\.0\d+ to 0\.9\d+$/,
    );
    await page.close();
  });

  it('draws states around zero, in the colours of the theme', async () => {
    const page = await PanelPage.open('gates');
    const frame = frameOf(small, forwardTo(12, 20));
    await page.send(snapshotWith(frame));
    const scale = symmetricScale(largestIn(frame, 'c'));
    await assertPixels(page, frame, 'c', scale, colourTable('diverging', true), (t) => t <= 12);
    await page.setTheme('light');
    await assertPixels(page, frame, 'c', scale, colourTable('diverging', false), (t) => t <= 12);
    await page.close();
  });

  it('draws NaN and infinity in colours of their own and counts them', async () => {
    const page = await PanelPage.open('gates', { width: 640 });
    const spoil = (value: number, { quantity, t, unit }: { quantity: string; t: number; unit: number }) =>
      quantity !== 'h' || t < 5 ? value : [Number.NaN, Infinity, -Infinity][unit % 3]!;
    const frame = frameOf(small, forwardTo(6, 20), { spoil });
    await page.send(snapshotWith(frame));
    const scale = symmetricScale(largestIn(frame, 'h'));
    await assertPixels(page, frame, 'h', scale, colourTable('diverging', true), (t) => t <= 6);
    assert.match((await page.page.locator(canvas('h')).getAttribute('aria-label'))!, /22 NaN, 42 infinite$/);
    assert.match(await page.page.locator(heatmap('h')).innerText(), /NaN: 22\s*∞: 22\s*−∞: 20/);
    await page.close();
  });

  it('asks for what was chosen, shows it when it comes, and remembers it', async () => {
    const watch: GatesWatch = { layer: 'layers.0', show: 'value', of: 'batchMean' };
    const page = await PanelPage.open('gates');
    await page.send(snapshotWith(frameOf(small, finished('loss', 20))));
    assert.deepEqual(await page.posted(), [{ kind: 'ready' }, { kind: 'watchGates', gates: watch }]);

    const gradients: GatesWatch = { ...watch, show: 'adjoint' };
    await page.page.getByLabel('gradients').check();
    assert.deepEqual(await page.posted(), [{ kind: 'watchGates', gates: gradients }]);
    assert.match(
      (await page.page.locator(canvas('i')).getAttribute('aria-label'))!,
      /gradients: 0 of 20 time steps/,
    );
    assert.match(await page.page.getByTestId('readout').innerText(), /computed in the backward phase/);

    const frame = frameOf(small, backwardTo(15, 20), { gates: gradients });
    await page.send(progressWith(frame));
    assert.deepEqual(await page.posted(), []);
    const figure = page.page.locator(heatmap('i'));
    assert.equal(await figure.getAttribute('data-filled-from'), '15');
    assert.equal(await figure.getAttribute('data-filled-to'), '20');
    const scale = symmetricScale(largestIn(frame, 'i'));
    await assertPixels(page, frame, 'i', scale, colourTable('diverging', true), (t) => t >= 15);

    await page.page.getByLabel('sample').check();
    assert.deepEqual(await page.posted(), [{ kind: 'watchGates', gates: { ...gradients, of: 'sample' } }]);
    await page.page.reload();
    await page.send(snapshotWith(frame));
    assert.deepEqual((await page.posted()).at(-1), {
      kind: 'watchGates',
      gates: { ...gradients, of: 'sample' },
    });
    await page.close();
  });

  it('offers every recurrent layer', async () => {
    const page = await PanelPage.open('gates');
    await page.send(snapshotWith(frameOf(stacked, finished('loss', 50)), stacked));
    await page.posted();
    const choice = page.page.getByTestId('choice-layer');
    await choice.click();
    await page.page.keyboard.press('ArrowDown');
    await page.page.keyboard.press('Enter');
    const gates: GatesWatch = { layer: 'layers.1', show: 'value', of: 'batchMean' };
    assert.deepEqual(await page.posted(), [{ kind: 'watchGates', gates }]);
    await page.send(progressWith(frameOf(stacked, finished('loss', 50), { gates })));
    assert.equal(
      await page.page.locator(`${heatmap('h')}[data-layer="layers.1"]`).getAttribute('data-filled-to'),
      '50',
    );
    await page.close();
  });

  it('shows pre-activations on demand', async () => {
    const page = await PanelPage.open('gates');
    await page.send(snapshotWith(frameOf(small, forwardTo(12, 20))));
    const shown = () =>
      page.page.getByTestId('heatmap').evaluateAll((figures) => figures.map((each) => each.dataset.quantity));
    assert.deepEqual(await shown(), ['i', 'f', 'o', 'g', 'c', 'h']);
    await page.page.getByTestId('choice-pre-activations').click();
    assert.deepEqual(await shown(), ['i', 'f', 'o', 'g', 'c', 'h', 'i_in']);
    await page.close();
  });

  it('reads values with the pointer and with the arrow keys', async () => {
    const page = await PanelPage.open('gates');
    const frame = frameOf(small, forwardTo(12, 20));
    await page.send(snapshotWith(frame));
    const { values } = frame.heatmaps.find(({ quantity }) => quantity === 'f')!;
    const readout = page.page.getByTestId('readout');
    const grid = page.page.locator(`${heatmap('f')} [tabindex="0"]`);
    const box = (await grid.boundingBox())!;
    await page.page.mouse.move(box.x + (box.width * 2.5) / 20, box.y + (box.height * 4.5) / 32);
    const read = await readout.innerText();
    assert.ok(
      read.startsWith(
        `fₜ, unit 4, t 3 = ${Number(values[2 * 32 + 4]!.toPrecision(4))}, mean over 32 samples`,
      ),
      read,
    );
    assert.ok(read.includes('f = sigmoid(W_f @ x + U_f @ h[t-1] + b_f)'), read);
    await page.page.mouse.move(0, 0);

    await grid.focus();
    await page.page.keyboard.press('ArrowDown');
    assert.match(await readout.innerText(), /^fₜ, unit 0, t 12 = /);
    await page.page.keyboard.press('ArrowRight');
    await page.page.keyboard.press('ArrowDown');
    assert.match(await readout.innerText(), /^fₜ, unit 1, t 13: not computed yet/);
    await page.close();
  });

  it('leads from a name to its equation', async () => {
    const page = await PanelPage.open('gates');
    await page.send(snapshotWith(frameOf(small, forwardTo(12, 20))));
    await page.posted();
    await page.page.locator(`${heatmap('c')} .quantity`).click();
    assert.deepEqual(await page.posted(), [{ kind: 'reveal', layer: 'layers.0', quantity: 'c' }]);
    await page.close();
  });
});
