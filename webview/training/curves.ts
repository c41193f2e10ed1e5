import type { MetricPoint } from '../../src/protocol/frame.ts';
import { type ChartPoint, type DecadeAxis, decadeAxis, placeOn } from '../kit/chart-axis.ts';
import { formatNumber } from '../kit/format.ts';

export type MetricName = 'loss' | 'gradientNorm' | 'clippedGradientNorm';

/** The host leaves out iterations whose metrics are not finite numbers. */
export function linearCurve(metrics: readonly MetricPoint[], name: MetricName): ChartPoint[] {
  return metrics.map((point) => ({ x: point.iteration, y: point[name] }));
}

export function logarithmicCurve(
  metrics: readonly MetricPoint[],
  name: MetricName,
  axis: DecadeAxis,
): ChartPoint[] {
  return metrics.map((point) => ({ x: point.iteration, y: placeOn(axis, point[name]) }));
}

export function gradientNormAxis(metrics: readonly MetricPoint[]): DecadeAxis {
  return decadeAxis(metrics.flatMap((point) => [point.gradientNorm, point.clippedGradientNorm]));
}

/** The first iteration's number and the last one's; at least one apart, so that the axis has a width. */
export function iterationRange(metrics: readonly MetricPoint[]): { lower: number; upper: number } {
  const lower = metrics[0]?.iteration ?? 1;
  return { lower, upper: Math.max(metrics.at(-1)?.iteration ?? 1, lower + 1) };
}

/**
 * `Drawn are 3,120 of 250,000 iterations: …`; nothing where all are. Only the first and the newest point of a thinned
 * run, and the extremes of each of its stretches, are kept.
 */
export function describeThinning(metrics: readonly MetricPoint[]): string | undefined {
  const iterations = (metrics.at(-1)?.iteration ?? 0) - (metrics[0]?.iteration ?? 1) + 1;
  if (metrics.length >= iterations) return undefined;
  return (
    `Drawn are ${metrics.length.toLocaleString('en')} of ${iterations.toLocaleString('en')} iterations: ` +
    'of each stretch those with its lowest and highest loss and gradient norm.'
  );
}

/** The point of an iteration, or where that was not kept of the nearest one; none after the last. */
export function pointNear(metrics: readonly MetricPoint[], iteration: number): MetricPoint | undefined {
  const next = metrics.findIndex((point) => point.iteration >= iteration);
  const [before, after] = [metrics[next - 1], metrics[next]];
  if (before === undefined || after === undefined) return after;
  return iteration - before.iteration < after.iteration - iteration ? before : after;
}

/** `Loss 2.31 after iteration 42 (epoch 1 of 10); first 4.16, lowest 2.29 at iteration 40.` */
export function describeLoss(metrics: readonly MetricPoint[], epochs: number): string {
  const first = metrics[0];
  const last = metrics.at(-1);
  if (!first || !last) return 'No iteration finished yet.';
  const now = `Loss ${formatNumber(last.loss)} after iteration ${last.iteration} (epoch ${last.epoch} of ${epochs})`;
  if (metrics.length === 1) return `${now}.`;
  const lowest = metrics.reduce((best, point) => (point.loss < best.loss ? point : best));
  return `${now}; first ${formatNumber(first.loss)}, lowest ${formatNumber(lowest.loss)} at iteration ${lowest.iteration}.`;
}

/** `Gradient norm 12.1, clipped to 5.` */
export function describeGradientNorm(metrics: readonly MetricPoint[]): string {
  const last = metrics.at(-1);
  if (!last) return 'No iteration finished yet.';
  const { gradientNorm, clippedGradientNorm } = last;
  return gradientNorm === clippedGradientNorm
    ? `Gradient norm ${formatNumber(gradientNorm)}, not clipped.`
    : `Gradient norm ${formatNumber(gradientNorm)}, clipped to ${formatNumber(clippedGradientNorm)}.`;
}
