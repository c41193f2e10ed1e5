// The first process of `npm start` and `npm test`: installs the packages where they are missing or out of date, then hands
// over to the given script under the project's own Node. Plain JavaScript without packages, for Node 20 or later:
// on a fresh clone there is nothing else.
//
//   node scripts/bootstrap.mjs SCRIPT [ARGUMENT…]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm, run, step } from './support/progress.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const projectNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const readJson = (/** @type {string} */ path) => JSON.parse(readFileSync(path, 'utf8'));

/** What asks for an installation, or undefined when every direct dependency is there as package-lock.json has it. */
function missingPackages() {
  // npm writes this file last, so without it an installation did not finish.
  if (!existsSync(join(modules, '.package-lock.json'))) return 'nothing is installed yet';
  const { packages } = readJson(join(root, 'package-lock.json'));
  const outdated = Object.keys(packages[''].devDependencies).filter((name) => {
    const manifest = join(modules, name, 'package.json');
    return !existsSync(manifest) || readJson(manifest).version !== packages[`node_modules/${name}`].version;
  });
  return outdated.length === 0 ? undefined : `out of date: ${outdated.join(', ')}`;
}

async function install() {
  const reason = missingPackages();
  if (reason === undefined) return;
  const [command, args] = npm('ci');
  await step(`Installing packages with npm ci (${reason})`, (report) =>
    run(command, args, { cwd: root, report }),
  );
}

function checkNode() {
  const wanted = readJson(join(modules, 'node', 'package.json')).version;
  const { stdout, error } = spawnSync(projectNode, ['--version'], { encoding: 'utf8' });
  if (stdout?.trim() === `v${wanted}`) return;
  throw new Error(
    `The npm package "node" should give Node ${wanted} at ${projectNode}, but ${error?.message ?? `that is ${stdout}`}. ` +
      'Its install script fetches it: let npm run install scripts ("npm config get ignore-scripts" should be false), ' +
      'then delete node_modules and try again.',
  );
}

function handOver() {
  const child = spawn(projectNode, process.argv.slice(2), { cwd: root, stdio: 'inherit' });
  // Ctrl+C reaches the child too; this process only waits for it to clear up and end.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1;
  });
}

try {
  await install();
  checkNode();
  handOver();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
