/** A built panel in Chromium, under the Content Security Policy that the host gives it, with a host that the test plays. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { FromWebview, ToWebview } from '../../src/protocol/webview.ts';
import { chromiumPath, launchChromium, missingChromium } from '../support/chromium.ts';
import { skipUnless } from '../support/needs.ts';
import { type ThemeName, themes } from './themes.ts';

export type PanelFile = 'unrolled' | 'gates' | 'gradient-flow' | 'training';

const root = join(import.meta.dirname, '..', '..');
const dist = join(root, 'dist', 'webview');
const pictures = join(root, 'test-output', 'webview');
const origin = 'http://panel.test';
const mimeTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

export const skipWithoutChromium = skipUnless(chromiumPath() !== undefined, missingChromium);

let browser: Browser | undefined;
const builtFiles = new Map<string, Buffer>();

/** Read once, so that a build in between does not take a panel apart. */
function builtFile(name: string): Buffer {
  const path = join(dist, name);
  assert.ok(builtFiles.has(name) || existsSync(path), `${path} is missing: run npm run build first.`);
  const content = builtFiles.get(name) ?? readFileSync(path);
  builtFiles.set(name, content);
  return content;
}

export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = undefined;
}

export interface PanelOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
}

export class PanelPage {
  readonly page: Page;
  readonly #problems: string[];

  private constructor(page: Page, problems: string[]) {
    this.page = page;
    this.#problems = problems;
  }

  /** Loads a panel and waits until it is ready. */
  static async open(panel: PanelFile, options: PanelOptions = {}): Promise<PanelPage> {
    browser ??= await launchChromium();
    for (const extension of ['js', 'css']) builtFile(`${panel}.${extension}`);
    const { theme = 'dark', width = 360, height = 600 } = options;
    const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(`${error}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    await page.addInitScript(playHost);
    await page.route(`${origin}/**`, async (route) => {
      const file = basename(new URL(route.request().url()).pathname);
      if (file === 'panel')
        return await route.fulfill({ contentType: 'text/html', body: htmlOf(panel, theme) });
      return await route.fulfill({ contentType: mimeTypes[extname(file)]!, body: builtFile(file) });
    });
    await page.goto(`${origin}/panel`);
    const opened = new PanelPage(page, problems);
    await page.waitForFunction(() => window.posted.length > 0);
    return opened;
  }

  /** Sends messages as the host would and waits until they are drawn. */
  async send(...messages: ToWebview[]): Promise<void> {
    for (const message of messages) await this.page.evaluate((data) => window.postMessage(data), message);
    await this.drawn();
  }

  async drawn(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
    );
  }

  /** What the panel has posted since the last call, save that it has painted. */
  async posted(): Promise<FromWebview[]> {
    const all = await this.page.evaluate(() => window.posted.splice(0));
    return all.filter(({ kind }) => kind !== 'painted');
  }

  /** How long each message that has been painted took, in milliseconds; forgets what else was posted. */
  async painted(): Promise<number[]> {
    const all = await this.page.evaluate(() => window.posted.splice(0));
    return all.flatMap((message) => (message.kind === 'painted' ? [message.milliseconds] : []));
  }

  async setTheme(name: ThemeName): Promise<void> {
    const { kind, variables } = themes[name];
    await this.page.evaluate(
      ([kind, entries]) => {
        for (const [variable, value] of entries) {
          document.documentElement.style.setProperty(`--vscode-${variable}`, value);
        }
        document.body.className = kind;
        document.body.dataset.vscodeThemeKind = kind;
      },
      [kind, Object.entries(variables)] as const,
    );
    await this.drawn();
  }

  /** Rows of a table: their header cell and the exact numbers (or texts) behind their cells. */
  async table(testId: string): Promise<{ columns: string[]; rows: { title: string; cells: string[] }[] }> {
    return await this.page.getByTestId(testId).evaluate((table) => ({
      columns: [...table.querySelectorAll('thead th')].slice(1).map((cell) => cell.textContent ?? ''),
      rows: [...table.querySelectorAll('tbody tr')].map((row) => ({
        title: row.querySelector('th')?.textContent ?? '',
        cells: [...row.querySelectorAll('td')].map((cell) => cell.dataset.value ?? ''),
      })),
    }));
  }

  /** RGBA bytes of a canvas, row by row. */
  async pixels(selector: string): Promise<{ width: number; height: number; data: number[] }> {
    return await this.page.locator(selector).evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
      copy.drawImage(canvas, 0, 0);
      return { width, height, data: [...copy.getImageData(0, 0, width, height).data] };
    });
  }

  async picture(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  /** Fails on script errors, warnings and violations of the Content Security Policy. */
  async close(): Promise<void> {
    await this.page.close();
    assert.deepEqual(this.#problems, []);
  }
}

declare global {
  interface Window {
    posted: FromWebview[];
  }
}

/** Runs in the page before the panel's script. */
function playHost(): void {
  window.posted = [];
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: FromWebview) => window.posted.push(message),
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null'),
      setState: (state: unknown) => sessionStorage.setItem('state', JSON.stringify(state)),
    }),
  });
}

/** Strict: scripts by nonce, styles and fonts from files, nothing inline. */
function htmlOf(panel: PanelFile, theme: ThemeName): string {
  const { kind, variables } = themes[theme];
  const policy = `default-src 'none'; script-src 'nonce-test'; style-src ${origin}; font-src ${origin}`;
  const styles = Object.entries(variables).map(([name, value]) => [`--vscode-${name}`, value]);
  const background = panel === 'unrolled' ? 'editor-background' : 'sideBar-background';
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${panel}</title>
<link rel="stylesheet" href="${origin}/${panel}.css">
</head>
<body class="${kind}" data-vscode-theme-kind="${kind}">
<div id="app"></div>
<script nonce="test">
for (const [name, value] of ${JSON.stringify(styles)}) document.documentElement.style.setProperty(name, value);
document.documentElement.style.background = 'var(--vscode-${background})';
</script>
<script type="module" nonce="test" src="${origin}/${panel}.js"></script>
</body>
</html>`;
}
