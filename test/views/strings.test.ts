import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readJson = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`${root}${path}`, 'utf8'));

describe('what translators get', () => {
  it('is every string that the source hands to l10n.t', () => {
    const found = globSync('src/**/*.ts', { cwd: root }).flatMap((path) => {
      const source = readFileSync(`${root}${path}`, 'utf8');
      return [...source.matchAll(/l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)].map((match) => match[1]);
    });
    assert.ok(found.length > 0);
    assert.deepEqual(Object.keys(readJson('l10n/bundle.l10n.json')).sort(), [...new Set(found)].sort());
  });

  it('is every string that package.json refers to', () => {
    const used = [...readFileSync(`${root}package.json`, 'utf8').matchAll(/"%([^%"]+)%"/g)].map(
      (match) => match[1],
    );
    assert.deepEqual(Object.keys(readJson('package.nls.json')).sort(), [...new Set(used)].sort());
  });
});
