/** From the press of the step button to the painted Unrolled panel, in a real VS Code in Chromium. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { RealVSCode } from '../test/e2e/real-vscode.ts';
import { type Figure, figure } from './figures.ts';
import { cellNamed } from './iteration/cells.ts';
import { sizes } from './iteration/sizes.ts';
import { dataOf, modelText } from './iteration/workload.ts';
import { fileNames } from './iteration/workload-files.ts';

const presses = 40;
const size = sizes.M;
const workload = { cell: cellNamed('LSTM'), layers: 1, input: 'onehot', size } as const;

export async function pressToPaintFigures(): Promise<Figure[]> {
  const files = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
  writeFileSync(join(files, fileNames.model), modelText(workload));
  writeFileSync(join(files, fileNames.data), dataOf(workload));
  const vscode = await RealVSCode.launch({ files, nativeTensorFlow: true });
  try {
    await vscode.openFile(fileNames.model);
    const button = vscode.page
      .locator('.editor-actions')
      .getByRole('button', { name: /Step One Time Step/ })
      .first();
    await button.click();
    const panel = await vscode.webview('unrolled', 60_000);
    await panel.locator('[data-testid=position]').waitFor();
    const measurements: number[] = [];
    for (let press = 0; press < presses; press += 1)
      measurements.push(await pressOnce(vscode.page, button, panel));
    const { timeSteps, units, batchSize } = size;
    return [
      figure(`step press to painted panel, T ${timeSteps} H ${units} B ${batchSize}`, 'ms', measurements),
    ];
  } finally {
    await vscode.close();
    rmSync(files, { recursive: true });
  }
}

/** Both ends are read from the browser's own clock, so that the driving of it does not count. */
async function pressOnce(page: Page, button: Locator, panel: Frame): Promise<number> {
  const pressed = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const listen = () => resolve(performance.timeOrigin + performance.now());
        document.addEventListener('pointerdown', listen, { capture: true, once: true });
      }),
  );
  const painted = panel.locator('[data-testid=position]').evaluate(
    (position) =>
      new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          // A message posted in the frame that paints arrives when it has been painted.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
            port2.postMessage(undefined);
          });
        });
        observer.observe(position, { characterData: true, childList: true, subtree: true });
      }),
  );
  // Both listeners have to stand before the press.
  await page.waitForTimeout(50);
  await button.click();
  return (await painted) - (await pressed);
}
