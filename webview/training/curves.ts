import type { MetricPoint } from '../../src/protocol/frame.ts';
import { type ChartPoint, type DecadeAxis, decadeAxis, placeOn } from '../kit/chart-axis.ts';
import { formatNumber } from '../kit/format.ts';

export type MetricName = 'loss' | 'gradientNorm' | 'clippedGradientNorm';

/** The curve of a metric over iterations; what is not finite leaves a gap. */
export function linearCurve(metrics: readonly MetricPoint[], name: MetricName): ChartPoint[] {
  return metrics.map((point) => ({
    x: point.iteration,
    y: Number.isFinite(point[name]) ? point[name] : Number.NaN,
  }));
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

/** `Loss 2.31 after iteration 42 (epoch 1 of 10); first 4.16, lowest 2.29 at iteration 40.` */
export function describeLoss(metrics: readonly MetricPoint[], epochs: number): string {
  const first = metrics[0];
  const last = metrics.at(-1);
  if (!first || !last) return 'No iteration finished yet.';
  const now = `Loss ${formatNumber(last.loss)} after iteration ${last.iteration} (epoch ${last.epoch} of ${epochs})`;
  if (metrics.length === 1) return `${now}.`;
  const finite = metrics.filter((point) => Number.isFinite(point.loss));
  const lowest = finite.reduce<MetricPoint | undefined>(
    (best, point) => (best && best.loss <= point.loss ? best : point),
    undefined,
  );
  const history = lowest
    ? `first ${formatNumber(first.loss)}, lowest ${formatNumber(lowest.loss)} at iteration ${lowest.iteration}`
    : `first ${formatNumber(first.loss)}`;
  return `${now}; ${history}.`;
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

/** From which iteration on the loss or the gradient was no longer a finite number. */
export function describeDivergence(metrics: readonly MetricPoint[]): string | undefined {
  const at = metrics.find((point) => !Number.isFinite(point.loss) || !Number.isFinite(point.gradientNorm));
  if (!at) return undefined;
  const [name, value] = Number.isFinite(at.loss) ? ['gradient norm', at.gradientNorm] : ['loss', at.loss];
  return `The ${name} became ${formatNumber(value!)} in iteration ${at.iteration}; the curves have a gap there.`;
}
