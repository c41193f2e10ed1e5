/** Imports run one way, and the linter holds us to it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A room, what a file in it imports, and whether it may. */
const imports: readonly (readonly [room: string, imported: string, isAllowed: boolean])[] = [
  ['src/language', '../compile/network.ts', false],
  ['src/language/check', '@tensorflow/tfjs-core', false],
  ['src/language', 'vscode', false],
  ['src/language', 'langium', true],
  ['src/language', '../server/process.ts', false],
  ['src/compile', '../language/checked-model.ts', true],
  ['src/compile', '../engine/training.ts', false],
  ['src/compile', 'node:fs', false],
  ['src/server', '../language/editor/module.ts', true],
  ['src/server', '../compile/layers.ts', true],
  ['src/server', '../engine/training.ts', false],
  ['src/server', '../protocol/adjoint-view.ts', true],
  ['src/server', '../session/session.ts', false],
  ['src/server', 'vscode', false],
  ['src/engine', '../compile/network.ts', true],
  ['src/engine', '../protocol/frame.ts', true],
  ['src/engine/data', '../../session/session.ts', false],
  ['src/engine', 'vscode', false],
  ['src/protocol', '../language/checked-model.ts', false],
  ['src/protocol', './frame.ts', true],
  ['src/session', '../protocol/engine.ts', true],
  ['src/session', '../engine/training.ts', false],
  ['src/session', 'vscode', false],
  ['src/views', '../session/session.ts', true],
  ['src/views', '../engine/training.ts', false],
  ['src/views', '../server/process.ts', false],
  ['src/cli', '../engine/training.ts', true],
  ['src/cli', '../session/session.ts', false],
  ['webview/kit', '../../src/protocol/frame.ts', true],
  ['webview/kit', '../../src/session/session.ts', false],
  ['webview/kit', 'vscode', false],
];

test('imports run one way', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-house-'));
  try {
    const settings = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...settings, vcs: { enabled: false } }));
    for (const [index, [room, imported]] of imports.entries()) {
      const path = join(folder, room, `import-${index}.ts`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `import type { Something } from '${imported}';\nexport type Other = Something;\n`);
    }
    const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const options = ['lint', '--only=style/noRestrictedImports', '--max-diagnostics=none'];
    const { stderr } = spawnSync(process.execPath, [biome, ...options], { cwd: folder, encoding: 'utf8' });
    for (const [index, [room, imported, isAllowed]] of imports.entries()) {
      const isRefused = stderr.includes(`import-${index}.ts:`);
      assert.equal(!isRefused, isAllowed, `${room} → ${imported}\n${stderr}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
