/**
 * The VS Code that the npm package code-server carries: installs it into the user's cache, adds the extension to it, and
 * serves it on 127.0.0.1 for a browser. `npm start` falls back on it and the end-to-end tests run in it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { npm, run } from './progress.mjs';
import { root } from './project.ts';

const version = '4.139.1';
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const folderName = `unroll-code-server-${version}`;

/** Outside of the project, so that every clone on the machine shares one installation. */
const folder = join(cache, folderName);
const entry = join('node_modules', 'code-server', 'out', 'node', 'entry.js');

/** The native modules that VS Code's server loads where it can; it does without those that do not build. */
const nativeModules = ['@vscode/spdlog', '@vscode/native-watchdog', 'node-pty', '@parcel/watcher'];

type Report = (detail: string) => void;

export function codeServerIsInstalled(): boolean {
  return existsSync(join(folder, entry));
}

/**
 * Installs code-server unless it is there. The folder gets its name only when it is complete, so an interrupted
 * installation is never taken for a whole one, and of two at the same time the first to finish stays.
 */
export async function installCodeServer(report: Report): Promise<void> {
  if (codeServerIsInstalled()) return;
  removeAbandonedInstallations();
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    await installInto(partial, report);
    if (!codeServerIsInstalled()) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function installInto(target: string, report: Report): Promise<void> {
  const inFolder = (cwd: string, ...args: string[]) => {
    const [command, commandArgs] = npm(...args, '--prefix', cwd);
    return run(command, commandArgs, { cwd, report });
  };
  writeFileSync(join(target, 'package.json'), JSON.stringify({ private: true }));
  await inFolder(target, 'install', '--ignore-scripts', `code-server@${version}`);
  const server = join(target, 'node_modules', 'code-server', 'lib', 'vscode');
  await inFolder(server, 'install', '--ignore-scripts', '--omit=dev');
  for (const name of nativeModules) {
    report(`building ${name}`);
    await inFolder(server, 'rebuild', name).catch((error: Error) =>
      report(`${name} did not build: ${error.message}`),
    );
  }
}

function removeAbandonedInstallations(): void {
  if (!existsSync(cache)) return;
  for (const name of readdirSync(cache)) {
    const owner = name.startsWith(`${folderName}.partial-`) ? Number(name.split('-').at(-1)) : undefined;
    if (owner !== undefined && !isRunning(owner)) {
      // What it had started may still write for a moment.
      rmSync(join(cache, name), { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** User settings without which a newcomer meets dialogs and a server without internet asks for what it cannot have. */
const baseSettings = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  // Otherwise every port that any program opens is announced.
  'remote.autoForwardPorts': false,
};

export interface CodeServerOptions {
  /** Where this VS Code keeps its settings, state, extensions and logs. */
  readonly dataFolder: string;
  /** The folder that it opens. */
  readonly workspace: string;
  /** User settings over the usual ones; kept only where the data folder has no settings yet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: NodeJS.ProcessEnv;
}

/** The arguments that keep every file of this code-server inside of its data folder. */
function folderArguments(dataFolder: string): string[] {
  return [
    ...['--config', join(dataFolder, 'config.yaml')],
    ...['--user-data-dir', join(dataFolder, 'data')],
    ...['--extensions-dir', join(dataFolder, 'extensions')],
  ];
}

/** The environment of a VS Code that knows nothing of a VS Code whose terminal this may be, nor of the gallery. */
function serverEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const ofOthers = /^(VSCODE_|CODE_SERVER_|(PORT|PASSWORD|HASHED_PASSWORD)$)/;
  const own = Object.entries(process.env).filter(([name]) => !ofOthers.test(name));
  return { ...Object.fromEntries(own), EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...extra };
}

/** Adds a packed extension to the VS Code of `dataFolder`. */
export async function installExtension(vsix: string, dataFolder: string, report?: Report): Promise<void> {
  mkdirSync(dataFolder, { recursive: true });
  await run(
    process.execPath,
    [join(folder, entry), ...folderArguments(dataFolder), '--install-extension', vsix, '--force'],
    { cwd: root, env: serverEnvironment(), ...(report && { report }) },
  );
}

export interface CodeServer {
  /** The address that opens the workspace. */
  readonly address: string;
  /** Resolves when the server has ended, by itself or stopped. */
  readonly ended: Promise<void>;
  /** Everything that the server printed. */
  log(): string;
  /** Ends the server and every process that it started. */
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;

/** Serves VS Code, without a password, on a free port of 127.0.0.1. */
export async function serve(options: CodeServerOptions): Promise<CodeServer> {
  const { dataFolder, workspace } = options;
  writeSettings(dataFolder, { ...baseSettings, ...options.settings });
  const server = spawn(
    process.execPath,
    [
      join(folder, entry),
      ...folderArguments(dataFolder),
      ...['--bind-addr', '127.0.0.1:0', '--auth', 'none'],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      workspace,
    ],
    // A process group of its own, so that stopping it reaches the processes that it started.
    {
      cwd: root,
      env: serverEnvironment(options.environment),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  let log = '';
  const killAtExit = () => signalGroup(server, 'SIGKILL');
  process.once('exit', killAtExit);
  const ended = new Promise<void>((resolve) => {
    server.once('close', () => {
      process.removeListener('exit', killAtExit);
      resolve();
    });
  });
  const stop = () => stopGroup(server, ended);
  try {
    const origin = await new Promise<string>((resolve, reject) => {
      const take = (chunk: Buffer) => {
        log += chunk;
        const listening = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(log);
        if (listening?.[1] !== undefined) resolve(listening[1]);
      };
      server.stdout.on('data', take);
      server.stderr.on('data', take);
      server.once('error', reject);
      server.once('exit', (code) => reject(new Error(`code-server ended with exit code ${code}:\n${log}`)));
      setTimeout(
        () => reject(new Error(`code-server did not start to listen:\n${log}`)),
        startTimeoutMs,
      ).unref();
    });
    return { address: `${origin}/?folder=${encodeURIComponent(workspace)}`, ended, log: () => log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function writeSettings(dataFolder: string, settings: Readonly<Record<string, unknown>>): void {
  const user = join(dataFolder, 'data', 'User');
  const file = join(user, 'settings.json');
  if (existsSync(file)) return;
  mkdirSync(user, { recursive: true });
  writeFileSync(file, JSON.stringify(settings, undefined, 2));
}

const graceMs = 5_000;

async function stopGroup(server: ChildProcess, ended: Promise<void>): Promise<void> {
  signalGroup(server, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(server, 'SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}

function signalGroup(server: ChildProcess, signal: NodeJS.Signals): void {
  if (server.pid === undefined) return;
  try {
    if (process.platform === 'win32') server.kill(signal);
    else process.kill(-server.pid, signal);
  } catch (error) {
    // The group has ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
