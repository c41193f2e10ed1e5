/** `unroll train`: trains to the end of the last epoch, or for a number of iterations. */
import { closeSync, writeSync } from 'node:fs';
import type { Installation } from '../engine/installation.ts';
import type { Run } from '../engine/run.ts';
import type { MetricPoint } from '../protocol/frame.ts';
import { openRun, type RunOptions } from './open-run.ts';
import { openOutputFile } from './output-file.ts';

export interface TrainOptions extends RunOptions {
  /** Stops after so many; the file's epochs are the limit. */
  readonly iterations: number | undefined;
  /** File for one line of JSON per iteration. */
  readonly metrics: string | undefined;
}

const millisecondsBetweenReports = 1000;

export async function train(
  path: string,
  installation: Installation,
  options: TrainOptions,
): Promise<number> {
  const run = await openRun(path, installation, options);
  const metrics = options.metrics === undefined ? undefined : openOutputFile(options.metrics);
  const last = Math.min(run.training.iterations, options.iterations ?? Number.POSITIVE_INFINITY);
  describe(run, last);
  try {
    trainUntil(run, last, (point) => {
      if (metrics !== undefined) writeSync(metrics, `${JSON.stringify(point)}\n`);
    });
  } finally {
    if (metrics !== undefined) closeSync(metrics);
    run.training.dispose();
  }
  return 0;
}

function trainUntil({ training }: Run, last: number, finished: (point: MetricPoint) => void): void {
  let reported = Number.NEGATIVE_INFINITY;
  for (let iteration = 1; iteration <= last; iteration += 1) {
    training.step('iteration');
    for (const point of training.takeMetrics()) {
      finished(point);
      const due = performance.now() - reported >= millisecondsBetweenReports;
      if (!due && iteration > 1 && iteration < last) continue;
      console.log(progressLine(point, last));
      reported = performance.now();
    }
  }
}

function describe({ network, backend }: Run, iterations: number): void {
  console.log(
    `${network.parameterCount} parameters, ${iterations} iterations of ${network.batchSize} sequences × ` +
      `${network.timeSteps} time steps, ${backend.label}`,
  );
}

function progressLine(
  { iteration, epoch, loss, gradientNorm, milliseconds }: MetricPoint,
  last: number,
): string {
  return (
    `iteration ${iteration}/${last} · epoch ${epoch} · loss ${shownLoss(loss)} · ` +
    `gradient norm ${gradientNorm.toPrecision(3)} · ${milliseconds.toFixed(1)} ms`
  );
}

function shownLoss(loss: number): string {
  return loss < 1e6 ? loss.toFixed(4) : loss.toExponential(3);
}
