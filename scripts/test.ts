/**
 * `npm test`: builds, lints and type-checks, then runs every test in one go of Node's test runner.
 * `npm run test:unit`, `test:webview` and `test:e2e` build and run one suite.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { codeServerIsInstalled, installCodeServer } from './support/code-server.ts';
import { npm, run, step } from './support/progress.mjs';
import { build, root } from './support/project.ts';
import { tfjsNodeLoads } from './support/tfjs-node.ts';

type Suite = 'unit' | 'webview' | 'e2e';

const suites: Readonly<Record<Suite, { readonly pattern: string; readonly exclude: readonly string[] }>> = {
  unit: { pattern: 'test/**/*.test.ts', exclude: ['test/webview/**', 'test/e2e/**'] },
  webview: { pattern: 'test/webview/**/*.test.ts', exclude: [] },
  e2e: { pattern: 'test/e2e/**/*.test.ts', exclude: [] },
};

/** A test that hangs fails after this long. */
const testTimeoutMs = 180_000;

function chosenSuites(): Suite[] {
  const chosen = process.argv.slice(2);
  const all = Object.keys(suites) as Suite[];
  const unknown = chosen.find((name) => !(all as string[]).includes(name));
  if (unknown !== undefined) throw new Error(`There is no suite "${unknown}"; there are ${all.join(', ')}.`);
  return chosen.length === 0 ? all : (chosen as Suite[]);
}

/** Where a project's machine brings a way to install native TensorFlow, CI runs the tests on it, and not by chance. */
function requireNativeTensorFlow(): void {
  const isExpected = existsSync(join(root, '..', 'shared', 'tfjs-native', 'install'));
  const isUnavailable = process.env.UNROLL_TFJS_NODE === 'unavailable';
  if (!process.env.CI || !isExpected || isUnavailable || tfjsNodeLoads()) return;
  throw new Error(
    'tfjs-node does not load, though ../shared/tfjs-native/install is there: run it on this folder.',
  );
}

/** Without code-server the end-to-end tests skip; under CI that is a failure. */
async function prepareCodeServer(): Promise<void> {
  if (codeServerIsInstalled()) return;
  try {
    await step('Installing the VS Code of code-server (once for this machine)', installCodeServer);
  } catch (error) {
    if (process.env.CI) throw error;
    console.log(`  ${error instanceof Error ? error.message : error}`);
  }
}

async function checkSources(): Promise<void> {
  await step('Linting', (report) => run(...npmRun('lint'), { cwd: root, report }));
  await step('Checking types', (report) => run(...npmRun('typecheck'), { cwd: root, report }));
}

const npmRun = (script: string) => npm('run', '--silent', script);

function runTests(chosen: readonly Suite[]): number {
  const files = chosen.flatMap((suite) => {
    const { pattern, exclude } = suites[suite];
    const found = globSync(pattern, { cwd: root, exclude });
    if (found.length === 0) throw new Error(`The suite "${suite}" has no tests: nothing matches ${pattern}.`);
    return found.sort();
  });
  const options = ['--test', `--test-timeout=${testTimeoutMs}`];
  return spawnSync(process.execPath, [...options, ...files], { cwd: root, stdio: 'inherit' }).status ?? 1;
}

try {
  const chosen = chosenSuites();
  await step('Building the extension', build);
  if (chosen.length > 1) await checkSources();
  if (chosen.includes('unit')) requireNativeTensorFlow();
  if (chosen.includes('e2e')) await prepareCodeServer();
  process.exitCode = runTests(chosen);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
