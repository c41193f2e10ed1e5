/**
 * `npm start`: builds the extension and opens VS Code with it on `examples/`. Takes the first that there is: the `code`
 * on PATH, a VS Code that test-electron downloads, or the one inside of the npm package code-server, in a browser.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packExtension } from './package.ts';
import { codeServerIsInstalled, installCodeServer, installExtension, serve } from './support/code-server.ts';
import {
  downloadCode,
  openDownloadedCode,
  openInstalledCode,
  whyNotInstalledCode,
  whyNoWindow,
} from './support/desktop.ts';
import { step } from './support/progress.mjs';
import { build, root } from './support/project.ts';
import { tfjsNodeEnvironment } from './support/tfjs-node.ts';

const examples = join(root, 'examples');

/** What Ctrl+C does: while nothing is open yet, the end of this process ends what it runs. */
let interrupt: () => void = () => process.exit(130);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt());

async function start(): Promise<void> {
  await step('Building the extension', build);
  const environment = await step('Looking for native TensorFlow', tfjsNodeEnvironment);
  const native = environment.UNROLL_TFJS_NODE_FOLDER !== undefined;
  console.log(
    `  ${native ? 'tfjs-node loads and the engine will use it' : 'none: the engine compiles to WebAssembly, which needs nothing'}`,
  );
  if (await openDesktop(environment)) return;
  await openInBrowser(environment);
}

/** Opens a desktop VS Code; false, having said why, where none can be had. */
async function openDesktop(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const noWindow = whyNoWindow();
  if (noWindow !== undefined) {
    console.log(`  No desktop VS Code: ${noWindow}.`);
    return false;
  }
  const notInstalled = whyNotInstalledCode();
  if (notInstalled === undefined) {
    await step('Opening VS Code', () => openInstalledCode(examples, environment));
    return true;
  }
  console.log(`  Not the installed VS Code: ${notInstalled}.`);
  try {
    const executable = await step('Downloading VS Code', downloadCode);
    console.log('  VS Code is open. Ctrl+C, or closing its window, ends it.');
    const window = openDownloadedCode(executable, examples, environment);
    interrupt = () => window.kill();
    await once(window, 'close');
    return true;
  } catch (error) {
    console.log(`  No downloaded VS Code: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

/** Serves code-server's VS Code until Ctrl+C. */
async function openInBrowser(environment: NodeJS.ProcessEnv): Promise<void> {
  const dataFolder = join(root, '.vscode-test', 'code-server');
  if (!codeServerIsInstalled()) {
    await step(
      'Installing the VS Code of code-server, once for this machine (about a minute)',
      installCodeServer,
    );
  }
  const vsix = await step('Packing the extension', () => packExtension(join(root, '.vscode-test')));
  await step('Installing the extension', (report) => installExtension(vsix, dataFolder, report));
  const server = await step('Starting VS Code', () =>
    serve({ dataFolder, workspace: examples, environment }),
  );
  let stopping = false;
  interrupt = () => {
    stopping = true;
    void server.stop();
  };
  console.log(
    `\n  Open ${server.address}\n\n  Ctrl+C ends it. Whoever is logged in to this machine can open that address.`,
  );
  if (process.platform === 'linux' && whyNoWindow() === undefined) openWithDefaultBrowser(server.address);
  await server.ended;
  if (!stopping) throw new Error(`VS Code ended by itself:\n${server.log()}`);
}

function openWithDefaultBrowser(address: string): void {
  const opener = spawn('xdg-open', [address], { stdio: 'ignore', detached: true });
  opener.on('error', () => console.log('  (xdg-open is missing here, so no browser opens by itself.)'));
  opener.unref();
}

try {
  await start();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
