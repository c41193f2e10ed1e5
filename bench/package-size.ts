/** Size of the packed extension, which a person downloads. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packExtension } from '../scripts/package.ts';
import { type Figure, figure } from './figures.ts';

export async function packageFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
  try {
    const { size } = statSync(await packExtension(folder));
    return [figure('VSIX size', 'MB', [size / 1e6])];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
