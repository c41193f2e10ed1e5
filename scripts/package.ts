/** Packs the extension into one universal VSIX: `npm run package` builds, then packs into the project's folder. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run, step } from './support/progress.mjs';
import { build, manifest, root } from './support/project.ts';

const largestBytes = 10_000_000;

/** Packs what `dist/` and `.vscodeignore` hold into `folder` and gives the file's path. */
export async function packExtension(folder: string): Promise<string> {
  const file = join(folder, `${manifest.name}-${manifest.version}.vsix`);
  mkdirSync(folder, { recursive: true });
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  await run(process.execPath, [vsce, 'package', ...options, '--out', file], { cwd: root });
  const { size } = statSync(file);
  if (size > largestBytes) {
    throw new Error(
      `${file} has ${megabytes(size)}; a universal package has at most ${megabytes(largestBytes)}.`,
    );
  }
  return file;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;

if (import.meta.main) {
  await step('Building the extension', build);
  const file = await step('Packing the extension', () => packExtension(root));
  console.log(`${file} (${megabytes(statSync(file).size)})`);
}
