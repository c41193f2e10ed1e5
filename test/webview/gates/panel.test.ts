import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Frame, GatesWatch, HeatmapReading } from '../../../src/protocol/frame.ts';
import type { NetworkDescription } from '../../../src/protocol/network.ts';
import { notComputedCode, quantiseValue } from '../../../src/protocol/quantise.ts';
import { gateScale, symmetricScale, type ValueScale } from '../../../src/protocol/value-scale.ts';
import type { ToWebview } from '../../../src/protocol/webview.ts';
import { type ColourTable, colourTable } from '../../../webview/kit/colour-table.ts';
import { until } from '../../support/until.ts';
import {
  backwardTo,
  type FrameOptions,
  finished,
  forwardTo,
  frameOf,
  lstmNetwork,
  type Progress,
  snapshotOf,
  valuesOf,
} from '../fixtures.ts';
import { closeBrowser, PanelPage, skipWithoutChromium } from '../panel-page.ts';

const small = lstmNetwork({ timeSteps: 20, units: 32, layers: 1 });
const stacked = lstmNetwork({ timeSteps: 50, units: 64, layers: 2 });

function snapshotWith(frame: Frame, network: NetworkDescription = small): ToWebview {
  return { kind: 'snapshot', snapshot: snapshotOf(network, frame) };
}

function progressWith(frame: Frame): ToWebview {
  return { kind: 'progress', state: 'paused', frame, metrics: [] };
}

/** What the panel asks for of the small network, whose heatmaps have a pixel a value. */
const firstWatch: GatesWatch = {
  layer: 'layers.0',
  show: 'value',
  of: 'batchMean',
  preActivations: false,
  pixels: { across: 20, down: 32 },
};

const heatmap = (quantity: string) => `[data-testid="heatmap"][data-quantity="${quantity}"]`;
const canvas = (quantity: string) => `${heatmap(quantity)} canvas[role="img"]`;

/** The numbers behind a heatmap of the small network. */
function exact(quantity: string, progress: Progress, options?: FrameOptions): Float32Array {
  const layer = small.layers.find(({ id }) => id === 'layers.0')!;
  return valuesOf(small, layer.quantities.find(({ name }) => name === quantity)!, progress, options);
}

/** Every pixel against its number. */
async function assertPixels(
  page: PanelPage,
  values: Float32Array,
  quantity: string,
  scale: ValueScale,
  table: ColourTable,
  isComputed: (t: number) => boolean,
): Promise<void> {
  const { width, height, data } = await page.pixels(canvas(quantity));
  const [timeSteps, units] = [small.timeSteps, values.length / small.timeSteps];
  assert.deepEqual({ width, height }, { width: timeSteps, height: units });
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

function largestIn(values: Float32Array): number {
  return Math.max(...[...values].filter(Number.isFinite).map(Math.abs));
}

describe('gates panel', { skip: skipWithoutChromium }, () => {
  after(closeBrowser);

  it('draws gates from 0 to 1 and fills them column by column', async () => {
    const page = await PanelPage.open('gates');
    for (const t of [0, 1, 12]) {
      const frame = frameOf(small, forwardTo(t, 20));
      const values = exact('f', forwardTo(t, 20));
      await page.send(t === 0 ? snapshotWith(frame) : progressWith(frame));
      const figure = page.page.locator(heatmap('f'));
      assert.equal(await figure.getAttribute('data-filled-from'), '1');
      assert.equal(await figure.getAttribute('data-filled-to'), `${t}`);
      await assertPixels(page, values, 'f', gateScale, colourTable('sequential', true), (step) => step <= t);
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
    const values = exact('c', forwardTo(12, 20));
    const scale = symmetricScale(largestIn(values));
    await assertPixels(page, values, 'c', scale, colourTable('diverging', true), (t) => t <= 12);
    await page.setTheme('light');
    await assertPixels(page, values, 'c', scale, colourTable('diverging', false), (t) => t <= 12);
    await page.close();
  });

  it('draws NaN and infinity in colours of their own and counts them', async () => {
    const page = await PanelPage.open('gates', { width: 640 });
    const spoil = (value: number, { quantity, t, unit }: { quantity: string; t: number; unit: number }) =>
      quantity !== 'h' || t < 5 ? value : [Number.NaN, Infinity, -Infinity][unit % 3]!;
    const frame = frameOf(small, forwardTo(6, 20), { spoil });
    await page.send(snapshotWith(frame));
    const values = exact('h', forwardTo(6, 20), { spoil });
    const scale = symmetricScale(largestIn(values));
    await assertPixels(page, values, 'h', scale, colourTable('diverging', true), (t) => t <= 6);
    assert.match((await page.page.locator(canvas('h')).getAttribute('aria-label'))!, /22 NaN, 42 infinite$/);
    assert.match(await page.page.locator(heatmap('h')).innerText(), /NaN: 22\s*∞: 22\s*−∞: 20/);
    await page.close();
  });

  it('asks for what was chosen, shows it when it comes, and remembers it', async () => {
    const watch = firstWatch;
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
    const values = exact('i', backwardTo(15, 20), { gates: gradients });
    const scale = symmetricScale(largestIn(values));
    await assertPixels(page, values, 'i', scale, colourTable('diverging', true), (t) => t >= 15);

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
    const gates: GatesWatch = { ...firstWatch, layer: 'layers.1', pixels: { across: 50, down: 64 } };
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
    await page.posted();
    await page.page.getByTestId('choice-pre-activations').click();
    assert.deepEqual(await page.posted(), [
      { kind: 'watchGates', gates: { ...firstWatch, preActivations: true } },
    ]);
    assert.deepEqual(await shown(), ['i', 'f', 'o', 'g', 'c', 'h', 'i_in']);
    await page.close();
  });

  it('reads exact values with the pointer and with the arrow keys, as the engine tells them', async () => {
    const page = await PanelPage.open('gates');
    await page.send(snapshotWith(frameOf(small, forwardTo(12, 20))));
    const values = exact('f', forwardTo(12, 20));
    const readout = page.page.getByTestId('readout');
    const grid = page.page.locator(`${heatmap('f')} [tabindex="0"]`);
    await page.posted();
    const box = (await grid.boundingBox())!;
    await page.page.mouse.move(box.x + (box.width * 2.5) / 20, box.y + (box.height * 4.5) / 32);
    const cell = { quantity: 'f', t: 3, unit: 4 };
    assert.deepEqual(await page.posted(), [{ kind: 'read', cell }]);
    assert.match(await readout.innerText(), /^fₜ, unit 4, t 3 = …/);

    const value = values[2 * 32 + 4]!;
    const reading = { ...cell, layer: 'layers.0', content: 'value', sample: undefined, value } as const;
    await page.send({ kind: 'reading', reading });
    const read = await readout.innerText();
    assert.ok(
      read.startsWith(`fₜ, unit 4, t 3 = ${Number(value.toPrecision(4))}, mean over 32 samples`),
      read,
    );
    assert.ok(read.includes('f = sigmoid(W_f @ x + U_f @ h[t-1] + b_f)'), read);

    const next: HeatmapReading = { ...reading, sample: 7, value: 0.125 };
    await page.send(progressWith({ ...frameOf(small, forwardTo(13, 20)), reading: next }));
    assert.match(await readout.innerText(), /^fₜ, unit 4, t 3 = 0\.125, sample 7/);
    await page.page.mouse.move(0, 0);
    assert.deepEqual(await page.posted(), [{ kind: 'read', cell: undefined }]);

    await grid.focus();
    await page.page.keyboard.press('ArrowDown');
    assert.match(await readout.innerText(), /^fₜ, unit 0, t 13 = …/);
    await page.page.keyboard.press('ArrowRight');
    await page.page.keyboard.press('ArrowDown');
    assert.match(await readout.innerText(), /^fₜ, unit 1, t 14: not computed yet/);
    await page.close();
  });

  it('asks for no more pixels than it has, follows its width, and says what is averaged', async () => {
    const long = lstmNetwork({ timeSteps: 1000, units: 512, layers: 1 });
    const page = await PanelPage.open('gates', { width: 300 });
    await page.send(snapshotWith(frameOf(long, finished('loss', 1000)), long));
    const newest = async (): Promise<GatesWatch> =>
      await until('a choice of pixels', 2000, async () => {
        const last = (await page.posted()).at(-1);
        return last?.kind === 'watchGates' && last.gates;
      });
    // A guess, and then what it is.
    await page.page.waitForTimeout(300);
    const gates = await newest();
    const { width } = (await page.page.locator(`${heatmap('f')} .grid`).boundingBox())!;
    assert.ok(Math.abs(gates.pixels.across - width) <= 3 && gates.pixels.down === 128);
    await page.send(progressWith(frameOf(long, finished('loss', 1000), { gates })));
    const { pixels } = gates;
    const drawn = await page.pixels(canvas('f'));
    assert.deepEqual([drawn.width, drawn.height], [pixels.across, pixels.down]);
    const note = page.page.locator(`${heatmap('f')} .note`);
    assert.match(
      (await note.getAttribute('title'))!,
      new RegExp(`mean of up to ${Math.ceil(1000 / pixels.across)} time steps × 4 units`),
    );
    await page.page.setViewportSize({ width: 600, height: 600 });
    assert.ok((await newest()).pixels.across > pixels.across);
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
