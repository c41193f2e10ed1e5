/** The two desktop VS Codes that `npm start` tries: the one on this machine, and one that test-electron downloads. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, ProgressReportStage } from '@vscode/test-electron';
import { manifest, root } from './project.ts';

/** The extension straight from this clone: nothing is installed into anyone's VS Code. */
const development = [`--extensionDevelopmentPath=${root}`];

/** Why no desktop window can open here, or undefined when one can. */
export function whyNoWindow(): string | undefined {
  const { DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = process.env;
  if (process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY || WSL_DISTRO_NAME) return undefined;
  return 'there is no display (DISPLAY and WAYLAND_DISPLAY are empty)';
}

const isRoot = () => process.getuid?.() === 0;

/** Chromium's sandbox does not work for root. */
const withoutSandbox = () => (isRoot() ? ['--no-sandbox'] : []);

/** VS Code refuses to run as root on root's own settings. */
const rootData = () => (isRoot() ? [`--user-data-dir=${join(root, '.vscode-test', 'root-data')}`] : []);

/** Why the `code` on PATH cannot show the extension, or undefined when it can. */
export function whyNotInstalledCode(): string | undefined {
  const { status, stdout } = code(['--version']);
  if (status !== 0) return 'there is no "code" on PATH';
  const found = stdout.split('\n')[0] ?? '';
  const wanted = manifest.engines.vscode.replace('^', '');
  const isOld = found.localeCompare(wanted, 'en', { numeric: true }) < 0;
  return isOld ? `"code" on PATH is VS Code ${found}, and the extension needs ${wanted}` : undefined;
}

/** Opens a window of the `code` on PATH; it belongs to that VS Code and stays open when this script ends. */
export function openInstalledCode(folder: string, environment: NodeJS.ProcessEnv): void {
  const { status, stdout, stderr } = code(
    [...development, ...withoutSandbox(), ...rootData(), folder],
    environment,
  );
  if (status !== 0) throw new Error(`"code" ended with exit code ${status}:\n${stdout}${stderr}`);
}

function code(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  // On Windows `code` is a batch file, which only a shell runs.
  const isWindows = process.platform === 'win32';
  return spawnSync('code', isWindows ? args.map((arg) => `"${arg}"`) : args, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    shell: isWindows,
    timeout: 60_000,
  });
}

/** Downloads a VS Code into `.vscode-test/`, or takes the one that is there; fails within half a minute offline. */
export function downloadCode(report: (detail: string) => void): Promise<string> {
  const cachePath = join(root, '.vscode-test');
  return downloadAndUnzipVSCode({
    cachePath,
    extensionDevelopmentPath: root,
    timeout: 10_000,
    reporter: {
      report: (progress) => {
        if (progress.stage === ProgressReportStage.Downloading) {
          report(`${Math.round((100 * progress.bytesSoFar) / progress.totalBytes)} % downloaded`);
        } else {
          report(progress.stage);
        }
      },
      error: (error) => report(String(error)),
    },
  });
}

/** Opens a downloaded VS Code with state of its own. */
export function openDownloadedCode(
  executable: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): ChildProcess {
  const state = join(root, '.vscode-test', 'desktop');
  const states = [`--user-data-dir=${join(state, 'data')}`, `--extensions-dir=${join(state, 'extensions')}`];
  const args = [...development, ...states, ...withoutSandbox(), '--disable-workspace-trust', folder];
  return spawn(executable, args, { env: { ...process.env, ...environment }, stdio: 'ignore' });
}
