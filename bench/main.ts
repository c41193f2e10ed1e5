/** `npm run bench`: prints every figure as a table; `-- --json FILE` writes them as JSON too. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packExtension } from '../scripts/package.ts';
import { diagnosticsFigures } from './diagnostics.ts';
import { engineStartFigures } from './engine-start.ts';
import { type Figure, figure, printTable } from './figures.ts';
import { iterationFigures } from './iteration.ts';
import { pressToPaintFigures } from './press-to-paint.ts';

async function packageFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
  try {
    const { size } = statSync(await packExtension(folder));
    return [figure('VSIX size', 'MB', [size / 1e6])];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const figures: Figure[] = [];
for (const measure of [
  packageFigures,
  diagnosticsFigures,
  engineStartFigures,
  iterationFigures,
  pressToPaintFigures,
]) {
  figures.push(...(await measure()));
}
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`);
printTable(figures);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ machine, figures }, null, 2)}\n`);
