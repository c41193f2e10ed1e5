/** A real VS Code with the packed extension, in headless Chromium, driven as a person would. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { packExtension } from '../../scripts/package.ts';
import {
  type CodeServer,
  codeServerIsInstalled,
  installExtension,
  serve,
} from '../../scripts/support/code-server.ts';
import { root } from '../../scripts/support/project.ts';
import { chromiumPath, launchChromium, missingChromium } from '../support/chromium.ts';
import { skipUnless } from '../support/needs.ts';
import { until } from '../support/until.ts';

export interface LaunchOptions {
  /** The folder whose copy becomes the workspace; `examples/` unless told. */
  readonly files?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Lets the engine find this clone's tfjs-node; without it, it has its embedded backends only. */
  readonly nativeTensorFlow?: boolean;
}

export interface Problem {
  readonly severity: string;
  readonly message: string;
  /** Counted from 1, as VS Code shows it. */
  readonly line: number;
  readonly column: number;
}

/** A row of the Problems panel, from what it tells a screen reader; the rows of files are none. */
function asProblem(label: string): Problem[] {
  const [, severity, message, line, column] =
    /^(\w+): (.*) at line (\d+) and character (\d+)\./s.exec(label) ?? [];
  if (severity === undefined || message === undefined) return [];
  return [{ severity: severity.toLowerCase(), message, line: Number(line), column: Number(column) }];
}

/** Why no VS Code can be had here, for a test's `skip`; under CI that fails. */
export function skipWithoutVSCode(): string | false {
  const missing =
    chromiumPath() === undefined
      ? missingChromium
      : 'code-server is not installed: npm run test:e2e does it.';
  return skipUnless(chromiumPath() !== undefined && codeServerIsInstalled(), missing);
}

const screenshots = join(root, 'test-output', 'e2e');
const startTimeoutMs = 60_000;
const pickTimeoutMs = 30_000;
const listTimeoutMs = 2_000;

export class RealVSCode {
  readonly page: Page;
  /** The workspace's folder: a copy that goes when this VS Code closes. */
  readonly workspace: string;
  readonly #folder: string;
  readonly #server: CodeServer;
  readonly #browser: Browser;

  private constructor(folder: string, server: CodeServer, browser: Browser, page: Page) {
    this.page = page;
    this.workspace = join(folder, 'workspace');
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
  }

  /** Packs and installs the extension as `dist/` has it, and opens VS Code on a copy of the files. */
  static async launch(options: LaunchOptions = {}): Promise<RealVSCode> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'unroll-e2e-')));
    const workspace = join(folder, 'workspace');
    const dataFolder = join(folder, 'vscode');
    const opened: { stop(): Promise<void> }[] = [];
    try {
      cpSync(options.files ?? join(root, 'examples'), workspace, { recursive: true });
      await installExtension(await packExtension(folder), dataFolder);
      const environment = { UNROLL_TFJS_NODE_FOLDER: options.nativeTensorFlow ? root : undefined };
      const settings = { 'files.simpleDialog.enable': true, ...options.settings };
      const server = await serve({ dataFolder, workspace, environment, settings });
      opened.push(server);
      const browser = await launchChromium();
      opened.push({ stop: () => browser.close() });
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      const vscode = new RealVSCode(folder, server, browser, page);
      await vscode.#open();
      return vscode;
    } catch (error) {
      for (const part of opened.reverse()) await part.stop();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async #open(): Promise<void> {
    await this.page.goto(this.#server.address);
    await this.page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout: startTimeoutMs });
  }

  /** Opens a file of the workspace, named by its path there, in an editor. */
  async openFile(path: string): Promise<Locator> {
    const name = basename(path);
    await this.#pick('ControlOrMeta+P', path, name);
    // By its resource: the Unrolled panel's tab has the file's name in its title, too.
    await this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).waitFor();
    const editor = this.page.locator('.editor-group-container.active .monaco-editor').first();
    await editor.waitFor();
    return editor;
  }

  /** Runs a command of the command palette by its whole title, such as `Unroll: Step One Time Step`. */
  async runCommand(title: string): Promise<void> {
    await this.#pick('F1', `>${title}`, title);
  }

  /** Puts the cursor of the active editor at a line and column, both counted from 1. */
  async goTo(line: number, column = 1): Promise<void> {
    const input = await this.#quickInput('Control+G', `:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  async #quickInput(keys: string, text: string): Promise<Locator> {
    const input = this.page.locator('.quick-input-widget .quick-input-box input');
    await this.page.keyboard.press(keys);
    await input.waitFor();
    await input.fill(text);
    return input;
  }

  /**
   * Takes the entry with exactly this name. A list that is open does not learn of what VS Code registers meanwhile, as
   * it does while it starts, so where the entry is missing the list is opened anew.
   */
  async #pick(keys: string, text: string, name: string): Promise<void> {
    // The whole label, not a part of it that VS Code highlights.
    const exactly = new RegExp(`^${name.replace(/[^\w\s]/g, '\\$&')}$`);
    const entry = this.page
      .locator('.quick-input-list .monaco-list-row .label-name', { hasText: exactly })
      .first();
    const input = await until(`"${name}" in the list of ${keys}`, pickTimeoutMs, async () => {
      const opened = await this.#quickInput(keys, text);
      const isListed = await entry.waitFor({ timeout: listTimeoutMs }).then(
        () => true,
        () => false,
      );
      if (isListed) return opened;
      await this.page.keyboard.press('Escape');
      return undefined;
    });
    await entry.click();
    await input.waitFor({ state: 'hidden' });
  }

  /** The texts of the status bar's items, from left to right. */
  async statusBar(): Promise<string[]> {
    return await this.page.locator('.statusbar-item').allInnerTexts();
  }

  /** The active editor's language by its display name, as the status bar shows it. */
  async language(): Promise<string> {
    return (await this.page.locator('#status\\.editor\\.mode').innerText()).trim();
  }

  /** The ids of the installed extensions that are not VS Code's own. */
  async extensions(): Promise<string[]> {
    await this.runCommand('Extensions: Show Installed Extensions');
    const rows = this.page.locator('.extensions-list .monaco-list-row');
    await rows.first().waitFor();
    return await rows.evaluateAll((found) =>
      found.map((row) => row.getAttribute('data-extension-id') ?? row.textContent ?? ''),
    );
  }

  /** What the Problems panel lists, which this opens. */
  async problems(): Promise<Problem[]> {
    await this.runCommand('Problems: Focus on Problems View');
    const panel = this.page.locator('.markers-panel');
    await panel.waitFor();
    const rows = panel.locator('.monaco-list-row');
    const labels = await rows.evaluateAll((found) =>
      found.map((row) => row.getAttribute('aria-label') ?? ''),
    );
    return labels.flatMap(asProblem);
  }

  /** The document of the webview whose script is `dist/webview/NAME.js`, once it has loaded. */
  async webview(name: string, timeoutMs = 10_000): Promise<Frame> {
    return await until(`a webview that runs dist/webview/${name}.js`, timeoutMs, () => this.#frameWith(name));
  }

  async #frameWith(name: string): Promise<Frame | undefined> {
    for (const frame of this.page.frames()) {
      const script = frame.locator(`script[src*="/dist/webview/${name}.js"]`);
      // A frame that VS Code removes meanwhile has no script.
      if ((await script.count().catch(() => 0)) > 0) return frame;
    }
    return undefined;
  }

  /** Keeps a picture of the window as test output and gives its path. */
  async screenshot(name: string): Promise<string> {
    mkdirSync(screenshots, { recursive: true });
    const path = join(screenshots, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  /** Ends the browser, the server and whatever it started, and removes their files. */
  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
