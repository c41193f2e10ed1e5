/** What watching costs: the time of an iteration of a free run with every panel open ÷ with none. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EngineCommand, EngineEvent } from '../src/protocol/engine.ts';
import type { Watch } from '../src/protocol/frame.ts';
import { EngineProcess } from '../src/session/engine-process.ts';
import { root } from '../test/support/engine.ts';
import { cellNamed } from './iteration/cells.ts';
import type { Ratio } from './iteration/comparison.ts';
import { type SizeName, sizes } from './iteration/sizes.ts';
import { modelText, type Workload, writeWorkload } from './iteration/workload.ts';
import { fileNames } from './iteration/workload-files.ts';
import { median, type Spread, spreadOf } from './statistics.ts';
import { formatNumber, left, printTextTable, right } from './text-table.ts';

export interface PanelsResult {
  readonly sizeName: SizeName;
  /** Milliseconds of an iteration. */
  readonly open: Spread;
  readonly closed: Spread;
  readonly ratio: Ratio;
}

const rounds = 4;
const stretchMilliseconds = 1000;

const none: Watch = { unrolled: false, gates: undefined, gradientFlow: false, sample: 0 };

/** As of all four panels, at the size that a heatmap has in a window of usual size. */
const everything: Watch = {
  unrolled: true,
  gates: {
    layer: 'layers.0',
    show: 'value',
    of: 'batchMean',
    preActivations: false,
    pixels: { across: 300, down: 128 },
  },
  gradientFlow: true,
  sample: 0,
};

export async function measurePanels(
  sizeNames: readonly SizeName[],
  progress: (message: string) => void,
): Promise<PanelsResult[]> {
  const results: PanelsResult[] = [];
  for (const sizeName of sizeNames) {
    progress(`panels open ÷ closed, ${sizeName}`);
    results.push(await measureSize(sizeName));
  }
  return results;
}

export function printPanels(results: readonly PanelsResult[]): void {
  const columns = [left('LSTM'), right('closed ms'), right('open ms'), right('open ÷ closed')];
  const rows = results.map(({ sizeName, open, closed, ratio }) => [
    sizeName,
    formatNumber(closed.median),
    formatNumber(open.median),
    formatNumber(ratio.paired),
  ]);
  printTextTable(columns, rows);
}

async function measureSize(sizeName: SizeName): Promise<PanelsResult> {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
  const workload: Workload = { cell: cellNamed('LSTM'), layers: 1, input: 'embed', size: sizes[sizeName] };
  await writeWorkload(folder, workload);
  const run = new FreeRun(folder, modelText(workload));
  try {
    await run.start();
    // Closed, open, closed, …: each open stretch against the closed ones around it.
    const closed = [await run.stretch(none)];
    const open: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      open.push(await run.stretch(everything));
      closed.push(await run.stretch(none));
    }
    const ratios = open.map((time, round) => (2 * time) / (closed[round]! + closed[round + 1]!));
    const [openSpread, closedSpread] = [spreadOf(open), spreadOf(closed)];
    const ratio = { paired: median(ratios), ofLeast: openSpread.least / closedSpread.least };
    return { sizeName, open: openSpread, closed: closedSpread, ratio };
  } finally {
    await run.stop();
    rmSync(folder, { recursive: true });
  }
}

interface Moment {
  readonly time: number;
  readonly iteration: number;
}

/** An engine process that trains without a pause, and answers what is watched. */
class FreeRun {
  private readonly engine: EngineProcess;
  private readonly command: EngineCommand;
  private waiting: { resolve(event: EngineEvent): void; reject(error: Error): void } | undefined;

  constructor(folder: string, text: string) {
    this.engine = new EngineProcess({
      enginePath: join(root, 'dist/engine.cjs'),
      environment: process.env,
    });
    const uri = pathToFileURL(join(folder, fileNames.model)).href;
    this.command = { kind: 'start', uri, text, backend: 'auto', watch: none };
    this.engine.on('event', (event) => this.receive(event));
    void this.engine.exited.then(({ lastWords }) => {
      this.waiting?.reject(new Error(`The engine ended. ${lastWords.join('\n')}`));
    });
  }

  async start(): Promise<void> {
    const started = this.next();
    this.engine.send(this.command);
    await started;
    this.engine.send({ kind: 'train' });
    // Past the first iterations, in which code is compiled.
    await this.stretch(none);
  }

  /** Milliseconds of an iteration, between two frames of the free run, while this is watched. */
  async stretch(watch: Watch): Promise<number> {
    this.engine.send({ kind: 'watch', watch });
    // A frame may have been under way already.
    await this.moment();
    const start = await this.moment();
    let end = start;
    while (end.time - start.time < stretchMilliseconds) end = await this.moment();
    return (end.time - start.time) / (end.iteration - start.iteration);
  }

  stop(): Promise<void> {
    return this.engine.kill();
  }

  private async moment(): Promise<Moment> {
    const event = await this.next();
    if (event.kind !== 'progress') throw new Error(`The engine answered with ${event.kind}.`);
    return { time: performance.now(), iteration: event.frame.position.iteration };
  }

  private next(): Promise<EngineEvent> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  private receive(event: EngineEvent): void {
    // Until then the engine sends no other.
    if (event.kind === 'progress') this.engine.send({ kind: 'received' });
    if (event.kind === 'failed') this.waiting?.reject(new Error(event.failure.message));
    else this.waiting?.resolve(event);
    this.waiting = undefined;
  }
}
