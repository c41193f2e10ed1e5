/**
 * `npm run bench`: measures what we hold ourselves to and prints it as tables.
 *
 *   --only PARTS    some of package, diagnostics, typing, engine-start, press-to-paint, iteration, growth, panels, probes
 *   --sizes SIZES   some of S, M, L, XL
 *   --cells CELLS   some of the cells in iteration/cells.ts
 *   --threads N     1, 2 or both
 *   --json FILE     writes all results as JSON, too
 *
 * Several names are parted by commas.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { diagnosticsFigures } from './diagnostics.ts';
import { engineStartFigures } from './engine-start.ts';
import { type Figure, printFigures } from './figures.ts';
import { compare, perTwin } from './iteration/comparison.ts';
import { type GrowthPoint, measureGrowth, printGrowth } from './iteration/growth.ts';
import { measureIterations } from './iteration/measure.ts';
import type { RowResult } from './iteration/race.ts';
import { printIterationTable } from './iteration/table.ts';
import { type PartName, readOptions } from './options.ts';
import { packageFigures } from './package-size.ts';
import { measurePanels, type PanelsResult, printPanels } from './panels.ts';
import { pressToPaintFigures } from './press-to-paint.ts';
import { probeFigures } from './probes.ts';
import { judge, printTargets } from './targets.ts';
import { typingFigures } from './typing.ts';

const figuresOf: Readonly<Record<string, () => Promise<Figure[]>>> = {
  package: packageFigures,
  diagnostics: diagnosticsFigures,
  typing: typingFigures,
  'engine-start': engineStartFigures,
  'press-to-paint': pressToPaintFigures,
  probes: probeFigures,
};

function progress(message: string): void {
  process.stderr.write(`${message}\n`);
}

function print(title: string, table: () => void): void {
  console.log(`\n${title}\n`);
  table();
}

const { parts, selection, json } = readOptions(process.argv.slice(2));
const measures = (part: PartName) => parts.includes(part);

const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`);

const figures: Figure[] = [];
for (const part of parts) {
  const measure = figuresOf[part];
  if (measure === undefined) continue;
  progress(part);
  figures.push(...(await measure()));
}
if (figures.length > 0) print('What a person waits for, and what probes cost', () => printFigures(figures));

const rows: RowResult[] = measures('iteration') ? await measureIterations(selection, progress) : [];
if (rows.length > 0) print('Iterations; ours with everything recorded', () => printIterationTable(rows));

const threads = Math.max(...selection.threads);
const growth: GrowthPoint[] = measures('growth') ? await measureGrowth(threads, progress) : [];
if (growth.length > 0) print('Growth', () => printGrowth(growth));

const panels: PanelsResult[] = measures('panels') ? await measurePanels(selection.sizes, progress) : [];
if (panels.length > 0)
  print('Iterations of a free run, with panels open and closed', () => printPanels(panels));

const targets = judge({ rows, panels });
if (rows.length > 0 || panels.length > 0) print('Targets', () => printTargets(targets));

if (rows.some(({ timings }) => timings.some(({ lossesAgree }) => lossesAgree === false))) {
  console.error('Contestants do not compute the same, see the remarks: their times mean nothing.');
  process.exitCode = 1;
}

if (json !== undefined) {
  const compared = rows.map((result) => ({ ...result, timings: compare(result), perTwin: perTwin(result) }));
  const results = { machine, figures, rows: compared, growth, panels, targets };
  writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
}
