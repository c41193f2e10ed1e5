/**
 * Pictures of every panel, for people to look at: test-output/webview/*.png. Whatever is on them fits the panel's
 * width and has a name for those who don't see it.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { GatesWatch } from '../../src/protocol/frame.ts';
import type { ToWebview } from '../../src/protocol/webview.ts';
import { backwardTo, finished, forwardTo, frameOf, lstmNetwork, metricsOf, snapshotOf } from './fixtures.ts';
import {
  closeBrowser,
  type PanelFile,
  type PanelOptions,
  PanelPage,
  skipWithoutChromium,
} from './panel-page.ts';
import type { ThemeName } from './themes.ts';

const small = lstmNetwork({ timeSteps: 20, units: 32, layers: 1 });
const stacked = lstmNetwork({ timeSteps: 50, units: 64, layers: 2 });
const long = lstmNetwork({ timeSteps: 1000, units: 512, layers: 1 });

const wide: PanelOptions = { width: 1000, height: 560 };
const narrow: PanelOptions = { width: 640, height: 560 };
const side: PanelOptions = { width: 300, height: 420 };
const wideSide: PanelOptions = { width: 420, height: 330 };

interface Picture {
  readonly panel: PanelFile;
  readonly name: string;
  readonly options: PanelOptions;
  readonly message: ToWebview;
  readonly themes: readonly ThemeName[];
}

const allThemes: readonly ThemeName[] = ['dark', 'light', 'high-contrast'];

function snapshot(...parts: Parameters<typeof snapshotOf>): ToWebview {
  return { kind: 'snapshot', snapshot: snapshotOf(...parts) };
}

const asLargeAsScreen: GatesWatch = {
  ...{ layer: 'layers.0', show: 'value', of: 'batchMean', preActivations: false },
  pixels: { across: 136, down: 128 },
};

const nanFrom =
  (step: number) =>
  (value: number, { t, quantity }: { t: number; quantity: string }) =>
    t >= step && (quantity === 'h' || quantity === 'norm h') ? (t === step ? Infinity : Number.NaN) : value;

const list: readonly Picture[] = [
  ...(['unrolled', 'gates', 'gradient-flow', 'training'] as const).map(
    (panel): Picture => ({
      panel,
      name: 'no-run',
      options: panel === 'unrolled' ? narrow : side,
      message: { kind: 'noRun' },
      themes: ['dark'],
    }),
  ),
  {
    panel: 'unrolled',
    name: 'forward',
    options: wide,
    message: snapshot(small, frameOf(small, forwardTo(12, 20))),
    themes: allThemes,
  },
  {
    panel: 'unrolled',
    name: 'stacked-backward',
    options: wide,
    message: snapshot(stacked, frameOf(stacked, backwardTo(33, 50))),
    themes: allThemes,
  },
  {
    panel: 'unrolled',
    name: 'loss-narrow',
    options: narrow,
    message: snapshot(small, frameOf(small, finished('loss', 20))),
    themes: ['dark'],
  },
  {
    panel: 'unrolled',
    name: 'update-failed',
    options: narrow,
    message: snapshot(small, frameOf(small, finished('update', 20), { spoil: nanFrom(16) }), {
      state: 'failed',
    }),
    themes: ['light'],
  },
  {
    panel: 'unrolled',
    name: 'long',
    options: wide,
    message: snapshot(long, frameOf(long, backwardTo(700, 1000)), { state: 'running' }),
    themes: ['dark'],
  },
  {
    panel: 'gates',
    name: 'forward',
    options: side,
    message: snapshot(small, frameOf(small, forwardTo(12, 20))),
    themes: allThemes,
  },
  {
    panel: 'gates',
    name: 'stacked',
    options: wideSide,
    message: snapshot(stacked, frameOf(stacked, finished('loss', 50))),
    themes: allThemes,
  },
  {
    panel: 'gates',
    name: 'tiny',
    options: side,
    message: snapshot(small, frameOf(small, forwardTo(12, 20), { spoil: (value) => value * 1e-4 })),
    themes: ['light', 'high-contrast-light'],
  },
  {
    panel: 'gates',
    name: 'nan',
    options: { width: 640, height: 420 },
    message: snapshot(small, frameOf(small, forwardTo(18, 20), { spoil: nanFrom(14) })),
    themes: ['dark', 'light'],
  },
  {
    panel: 'gates',
    name: 'long',
    options: side,
    message: snapshot(long, frameOf(long, finished('loss', 1000), { gates: asLargeAsScreen })),
    themes: ['dark'],
  },
  {
    panel: 'gradient-flow',
    name: 'backward',
    options: side,
    message: snapshot(small, frameOf(small, backwardTo(7, 20))),
    themes: allThemes,
  },
  {
    panel: 'gradient-flow',
    name: 'stacked',
    options: wideSide,
    message: snapshot(stacked, frameOf(stacked, finished('update', 50))),
    themes: allThemes,
  },
  {
    panel: 'gradient-flow',
    name: 'forward',
    options: side,
    message: snapshot(small, frameOf(small, forwardTo(7, 20))),
    themes: ['dark'],
  },
  {
    panel: 'training',
    name: 'run',
    options: side,
    message: snapshot(small, frameOf(small, finished('update', 20)), { metrics: metricsOf(60) }),
    themes: allThemes,
  },
  {
    panel: 'training',
    name: 'first',
    options: wideSide,
    message: snapshot(small, frameOf(small, finished('update', 20)), { metrics: metricsOf(1) }),
    themes: ['light'],
  },
];

/** Runs in the page: what can be focused, or is a picture, and has neither a name nor the mark of a decoration. */
function unnamedElements(): string[] {
  const selector = 'button, input, canvas, svg, [tabindex], vscode-checkbox, vscode-single-select';
  return [...document.querySelectorAll<HTMLElement>(selector)]
    .filter((element) => element.closest('[aria-hidden="true"]') === null)
    .filter((element) => {
      const label = element.closest('label')?.innerText ?? element.innerText ?? '';
      const names = [element.ariaLabel, element.getAttribute('label'), element.title, label];
      return !names.some((name) => name && name.trim() !== '');
    })
    .map((element) => element.outerHTML.slice(0, 120));
}

/** Runs in the page: what reaches beyond an element that cuts it off or makes one scroll sideways. */
function cutOffSideways(): string[] {
  return [...document.querySelectorAll<HTMLElement>('body, body *')]
    .filter((element) => element.closest('.visually-hidden') === null)
    .filter((element) => {
      const { overflowX, textOverflow } = getComputedStyle(element);
      const shows = overflowX === 'visible' && element !== document.body;
      return !shows && textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth;
    })
    .map((element) => element.outerHTML.slice(0, 120));
}

describe('pictures', { skip: skipWithoutChromium }, () => {
  after(closeBrowser);
  for (const { panel, name, options, message, themes } of list) {
    for (const theme of themes) {
      it(`${panel} ${name} ${theme}`, async () => {
        const page = await PanelPage.open(panel, { ...options, theme });
        await page.send(message);
        await page.picture(`${panel}-${name}-${theme}`);
        assert.deepEqual(await page.page.evaluate(unnamedElements), []);
        assert.deepEqual(await page.page.evaluate(cutOffSideways), []);
        await page.close();
      });
    }
  }
});
