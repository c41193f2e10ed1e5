/** How time and memory of an iteration grow with the number of time steps, of units and of sequences in a batch. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, type Spread, spreadOf } from '../statistics.ts';
import { formatNumber, left, printTextTable, right } from '../text-table.ts';
import { cellNamed } from './cells.ts';
import { Contestant } from './contestant.ts';
import { oursProgram } from './field.ts';
import { type Size, sizes } from './sizes.ts';
import { writeWorkload } from './workload.ts';

const axes = {
  T: { of: 'timeSteps', values: [20, 50, 100, 200, 500, 1000, 2000] },
  H: { of: 'units', values: [16, 32, 64, 128, 256, 512] },
  B: { of: 'batchSize', values: [1, 2, 4, 8, 16, 32, 64, 128] },
} as const;

type Axis = keyof typeof axes;

export interface GrowthPoint {
  readonly axis: Axis;
  readonly size: Size;
  /** Milliseconds of an iteration. */
  readonly spread: Spread;
  /** Of the arrays that record an iteration. */
  readonly traceBytes: number;
  /** By which the process grew. */
  readonly residentBytes: number;
}

const rounds = 5;
const turnMilliseconds = 150;
/** Every backend's memory is laid out alike; this one loads no library that would count, too. */
const backend = 'compiled';

/** All other sizes are those of M. The points of an axis are measured in turn, each in a process of its own. */
export async function measureGrowth(
  threads: number,
  progress: (message: string) => void,
): Promise<GrowthPoint[]> {
  const points: GrowthPoint[] = [];
  for (const axis of Object.keys(axes) as Axis[]) {
    progress(`growth with ${axis}`);
    points.push(...(await measureAxis(axis, threads)));
  }
  return points;
}

async function measureAxis(axis: Axis, threads: number): Promise<GrowthPoint[]> {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
  const measured: Measured[] = [];
  try {
    for (const value of axes[axis].values) {
      const size: Size = { ...sizes.M, [axes[axis].of]: value };
      measured.push(await Measured.start(size, join(folder, String(value)), threads));
    }
    for (let round = 0; round < rounds; round += 1) for (const each of measured) await each.takeTurn();
    return measured.map((each) => each.point(axis));
  } finally {
    for (const { contestant } of measured) contestant.kill();
    rmSync(folder, { recursive: true });
  }
}

/** One size, in a process that has made nothing before it. */
class Measured {
  readonly contestant: Contestant;
  private readonly size: Size;
  private readonly times: number[] = [];
  private traceBytes = 0;
  private bytesBefore = 0;
  private bytesNow = 0;

  private constructor(contestant: Contestant, size: Size) {
    this.contestant = contestant;
    this.size = size;
  }

  static async start(size: Size, folder: string, threads: number): Promise<Measured> {
    await writeWorkload(folder, { cell: cellNamed('LSTM'), layers: 1, input: 'embed', size });
    const measured = new Measured(await Contestant.start(oursProgram(backend, threads)), size);
    const { traceBytes, residentBytes } = await measured.contestant.prepare(folder);
    measured.traceBytes = traceBytes!;
    measured.bytesBefore = residentBytes!;
    await measured.contestant.run(2, 0);
    return measured;
  }

  async takeTurn(): Promise<void> {
    const { milliseconds, residentBytes } = await this.contestant.run(100, turnMilliseconds);
    this.times.push(median(milliseconds));
    this.bytesNow = residentBytes!;
  }

  point(axis: Axis): GrowthPoint {
    const residentBytes = this.bytesNow - this.bytesBefore;
    return {
      axis,
      size: this.size,
      spread: spreadOf(this.times),
      traceBytes: this.traceBytes,
      residentBytes,
    };
  }
}

export function printGrowth(points: readonly GrowthPoint[]): void {
  const columns = [
    left('LSTM M with'),
    right('median ms'),
    right('least – most'),
    right('µs a step'),
    right('GFLOP/s'),
    right('trace MB'),
    right('KB a step'),
    right('process MB'),
    right('KB a step'),
  ];
  printTextTable(columns, points.map(lineOf));
}

function lineOf({ axis, size, spread, traceBytes, residentBytes }: GrowthPoint): string[] {
  const { timeSteps } = size;
  return [
    `${axis} = ${size[axes[axis].of]}`,
    formatNumber(spread.median),
    `${formatNumber(spread.least)} – ${formatNumber(spread.most)}`,
    formatNumber((1000 * spread.median) / timeSteps),
    formatNumber(operations(size) / spread.median / 1e6),
    formatNumber(traceBytes / 1e6),
    formatNumber(traceBytes / 1e3 / timeSteps),
    formatNumber(residentBytes / 1e6),
    formatNumber(residentBytes / 1e3 / timeSteps),
  ];
}

/** Additions and multiplications in the products of an LSTM and its output layer, forward and (twice that) backward. */
function operations({ timeSteps, batchSize, inputSize, units }: Size): number {
  return 6 * timeSteps * batchSize * (4 * units * (inputSize + units) + units * inputSize);
}
