// Says what a script is doing while it does it. Plain JavaScript: the machine's own Node runs it before anything
// is installed.
import { spawn } from 'node:child_process';

const terminal = process.stdout.isTTY === true;
const reportEveryMs = terminal ? 250 : 10_000;

/**
 * Runs `work` under a title, with the elapsed seconds and the latest detail that `work` reports: on a terminal one line
 * that changes, elsewhere a line now and then.
 *
 * @template T
 * @param {string} title
 * @param {(report: (detail: string) => void) => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const start = Date.now();
  let detail = '';
  const elapsed = () => `${Math.round((Date.now() - start) / 1000)} s`;
  const show = () => {
    const text = detail === '' ? elapsed() : `${elapsed()}: ${detail}`;
    if (terminal) process.stdout.write(fitLine(`▸ ${title} … ${text}`));
    else console.log(`  … ${text}`);
  };
  if (terminal) show();
  else console.log(`▸ ${title} …`);
  const timer = setInterval(show, reportEveryMs);
  const end = (/** @type {string} */ mark) =>
    process.stdout.write(`${terminal ? '\r\x1b[K' : ''}${mark} ${title} (${elapsed()})\n`);
  try {
    const result = await work((latest) => {
      detail = latest;
    });
    end('✓');
    return result;
  } catch (error) {
    end('✗');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** A line that wraps cannot be drawn over, so it is cut to the terminal's width. */
function fitLine(/** @type {string} */ line) {
  return `\r\x1b[K${line.slice(0, (process.stdout.columns || 80) - 1)}`;
}

/**
 * Runs a program to its end and gives back what it printed; its last line is the step's detail. The program ends with
 * this process at the latest.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, report?: (detail: string) => void }} [options]
 * @returns {Promise<string>}
 * @throws {Error} naming the command, how it ended and the end of its output.
 */
export function run(command, args, { cwd, env, report } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (/** @type {Buffer} */ chunk) => {
      output += chunk;
      const lastLine = output.trimEnd().split('\n').at(-1)?.trim();
      if (lastLine) report?.(lastLine);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const killAtExit = () => child.kill();
    process.once('exit', killAtExit);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.removeListener('exit', killAtExit);
      if (code === 0) return resolve(output);
      const ending = signal === null ? `exit code ${code}` : `signal ${signal}`;
      const tail = output.trimEnd().split('\n').slice(-40).join('\n');
      reject(new Error(`"${[command, ...args].join(' ')}" ended with ${ending}:\n${tail}`));
    });
  });
}

/**
 * The command line that runs the npm which started this script, on the Node that npm itself runs on: that one is outside
 * of node_modules, which `npm ci` deletes.
 *
 * @param {readonly string[]} args
 * @returns {[command: string, args: string[]]}
 */
export function npm(...args) {
  const { npm_execpath: npmScript, npm_node_execpath: node } = process.env;
  const quietly = [...args, '--loglevel=error', '--no-audit', '--no-fund'];
  if (npmScript?.endsWith('npm-cli.js') && node) return [node, [npmScript, ...quietly]];
  return process.platform === 'win32' ? ['cmd.exe', ['/c', 'npm', ...quietly]] : ['npm', quietly];
}
