/** `npx unroll` starts the file that the manifest names as a program of its own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const manifest: { readonly bin: { readonly unroll: string } } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

test('the built command runs by itself', {
  skip: process.platform === 'win32' && 'npm makes its starter',
}, () => {
  const { error, status, stderr } = spawnSync(
    join(root, manifest.bin.unroll),
    ['check', 'examples/shakespeare.rnn'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  assert.equal(error, undefined);
  assert.equal(status, 0, stderr);
});
