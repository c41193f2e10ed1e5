// Builds what the extension and the command line are made of into dist/. `--watch` keeps building.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const watch = process.argv.includes('--watch');

/** @satisfies {esbuild.BuildOptions} */
const shared = {
  bundle: true,
  sourcemap: watch,
  minify: !watch,
  legalComments: 'none',
  logLevel: 'warning',
  outdir: 'dist',
};

/**
 * Processes that Node runs: the extension host, the language server, the engine, the command line.
 * @satisfies {esbuild.BuildOptions}
 */
const nodeBuild = {
  ...shared,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  external: ['vscode', '@tensorflow/tfjs-node'],
  entryPoints: {
    extension: 'src/extension.ts',
    server: 'src/server/process.ts',
    engine: 'src/engine/process.ts',
    'compute-thread': 'src/engine/compiled/compute-thread.ts',
    cli: 'src/cli/main.ts',
  },
};

/** @satisfies {esbuild.BuildOptions} */
const webviewBuild = {
  ...shared,
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.ttf': 'file' },
  outdir: 'dist/webview',
  entryPoints: {
    unrolled: 'webview/unrolled/main.tsx',
    gates: 'webview/gates/main.tsx',
    'gradient-flow': 'webview/gradient-flow/main.tsx',
    training: 'webview/training/main.tsx',
  },
};

function generateLanguage() {
  const langium = join('node_modules', 'langium-cli', 'bin', 'langium.js');
  const result = spawnSync(process.execPath, [langium, 'generate'], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`langium generate failed:\n${result.stdout}${result.stderr}`);
}

function copyAssets() {
  mkdirSync('dist', { recursive: true });
  cpSync('src/language/prelude.rnn', 'dist/prelude.rnn');
}

if (!watch) rmSync('dist', { recursive: true, force: true });
generateLanguage();
copyAssets();
if (watch) {
  const contexts = await Promise.all([nodeBuild, webviewBuild].map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  await Promise.all([nodeBuild, webviewBuild].map((options) => esbuild.build(options)));
  // `npx unroll` runs the file itself.
  chmodSync('dist/cli.cjs', 0o755);
}
