import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { MetricPoint } from '../../../src/protocol/frame.ts';
import type { ToWebview } from '../../../src/protocol/webview.ts';
import { until } from '../../support/until.ts';
import { finished, frameOf, lstmNetwork, metricsOf, snapshotOf } from '../fixtures.ts';
import { closeBrowser, PanelPage, skipWithoutChromium } from '../panel-page.ts';

const network = lstmNetwork({ timeSteps: 20, units: 32, layers: 1 });
const frame = frameOf(network, finished('update', 20));

function snapshotWith(metrics: MetricPoint[]): ToWebview {
  return { kind: 'snapshot', snapshot: snapshotOf(network, frame, { metrics, state: 'running' }) };
}

describe('training panel', { skip: skipWithoutChromium }, () => {
  after(closeBrowser);

  it('keeps every iteration, however fast they come', async () => {
    const page = await PanelPage.open('training');
    await page.send(snapshotWith(metricsOf(2)));
    const bursts: ToWebview[] = Array.from({ length: 20 }, (_, index) => ({
      kind: 'progress',
      state: index < 19 ? 'running' : 'paused',
      frame,
      metrics: metricsOf(2, 3 + index * 2),
    }));
    await page.page.evaluate((messages) => {
      for (const message of messages) window.postMessage(message);
    }, bursts);
    await page.drawn();
    const { columns, rows } = await page.table('metrics-table');
    assert.deepEqual(columns.slice(0, 3), ['loss', 'gradient norm', 'after clipping']);
    assert.deepEqual(
      rows.map(({ title, cells }) => [title, ...cells.slice(0, 3)]),
      metricsOf(42).map(({ iteration, loss, gradientNorm, clippedGradientNorm }) =>
        [iteration, loss, gradientNorm, clippedGradientNorm].map(String),
      ),
    );
    assert.match(
      await page.page.getByTestId('loss-in-words').innerText(),
      /^Loss 1\.\d+ after iteration 42 \(epoch 1 of 10\); first 3\.503, lowest 1\.\d+ at iteration \d+\.$/,
    );
    await page.close();
  });

  it('tells when it has painted, once for what came together, and how long that took', async () => {
    const page = await PanelPage.open('training');
    await page.send(snapshotWith(metricsOf(2)));
    const first = await page.painted();
    assert.equal(first.length, 1);
    assert.ok(first[0]! > 0 && first[0]! < 5000);
    await page.page.evaluate(
      (messages) => {
        for (const message of messages) window.postMessage(message);
      },
      [3, 4].map((n): ToWebview => ({ kind: 'progress', state: 'running', frame, metrics: metricsOf(1, n) })),
    );
    await page.drawn();
    assert.equal((await page.painted()).length, 1);
    await page.close();
  });

  it('follows a free run in the table within a second', async () => {
    const page = await PanelPage.open('training');
    await page.send(snapshotWith(metricsOf(2)));
    await page.send({ kind: 'progress', state: 'running', frame, metrics: metricsOf(1, 3) });
    const last = async () => (await page.table('metrics-table')).rows.at(-1)?.title;
    assert.equal(await last(), '2');
    await until('the newest row', 3000, async () => (await last()) === '3');
    await page.close();
  });

  it('says in words what the last iteration was', async () => {
    const page = await PanelPage.open('training');
    const words = page.page.getByTestId('loss-in-words');
    await page.send(snapshotWith([]));
    assert.equal(await words.innerText(), 'No iteration finished yet.');
    await page.send(snapshotWith(metricsOf(1)));
    assert.equal(await words.innerText(), 'Loss 3.503 after iteration 1 (epoch 1 of 10).');
    assert.equal(await page.page.getByTestId('readout').innerText(), 'Gradient norm 12.28, clipped to 5.');
    await page.close();
  });

  it('reads both charts at one iteration', async () => {
    const page = await PanelPage.open('training');
    await page.send(snapshotWith(metricsOf(10)));
    await page.page.getByLabel('Read values with the left and right arrow keys').first().focus();
    await page.page.keyboard.press('ArrowLeft');
    const { loss } = metricsOf(10)[9]!;
    const readout = await page.page.getByTestId('readout').innerText();
    assert.ok(
      readout.startsWith(`iteration 10: loss ${Number(loss.toPrecision(4))}, gradient norm `),
      readout,
    );
    await page.close();
  });

  it('draws the same whether iterations or themes came one after another or at once', async () => {
    const picture = async (page: PanelPage) =>
      Buffer.from((await page.pixels('[data-testid="loss-chart"]')).data);
    const grown = await PanelPage.open('training', { theme: 'dark' });
    await grown.send(snapshotWith(metricsOf(1)));
    await grown.send({ kind: 'progress', state: 'running', frame, metrics: metricsOf(9, 2) });
    await grown.setTheme('light');
    await grown.send({ kind: 'progress', state: 'running', frame, metrics: metricsOf(90, 11) });
    const whole = await PanelPage.open('training', { theme: 'light' });
    await whole.send(snapshotWith(metricsOf(100)));
    assert.ok((await picture(grown)).equals(await picture(whole)));
    await grown.close();
    await whole.close();
  });

  it('draws long runs thinned, and says so', async () => {
    const page = await PanelPage.open('training');
    await page.send(snapshotWith(metricsOf(2000)));
    const { rows } = await page.table('metrics-table');
    assert.equal(rows.length, 200);
    assert.equal(rows.at(-1)?.title, '2000');
    const caption = page.page.locator('[data-testid="metrics-table"] caption');
    assert.match(await caption.innerText(), /one row in 10/);
    assert.equal(await page.page.getByTestId('thinning').count(), 0);

    const metrics = metricsOf(9000).slice(2000);
    await page.send({ kind: 'progress', state: 'running', frame, metrics });
    const words = await page.page.getByTestId('thinning').innerText();
    const [, drawn] = /^Drawn are (\S+) of 9,000 iterations: of each stretch those with its lowest/.exec(
      words,
    )!;
    assert.ok(Number(drawn!.replace(',', '')) <= 2000, words);
    await page.page.getByLabel('Read values with the left and right arrow keys').first().focus();
    await page.page.keyboard.press('End');
    for (let key = 0; key < 10; key++) await page.page.keyboard.press('PageUp');
    const readout = await page.page.getByTestId('readout').innerText();
    assert.match(readout, /^iteration 8\d{3}(, the nearest drawn to 8900)?: loss /);
    await page.close();
  });
});
