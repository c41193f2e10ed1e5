/** Where things lie in the project, and what its manifest says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './progress.mjs';

export const root = join(import.meta.dirname, '..', '..');

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly version: string;
  readonly engines: { readonly vscode: string };
  readonly contributes: {
    readonly languages: readonly { readonly id: string; readonly aliases: readonly string[] }[];
  };
}

export const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

export const extensionId = `${manifest.publisher}.${manifest.name}`;

export async function build(report?: (detail: string) => void): Promise<void> {
  await run(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root, ...(report && { report }) });
}
