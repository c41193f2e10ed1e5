/** The training curves of runs of any length. */
import type { MetricPoint } from './frame.ts';

/** What a curve is kept in: several points for every pixel that it is wide. */
export const mostCurvePoints = 2000;

/**
 * Keeps the metrics of a run of any length in bounded memory: as they are while there are at most `limit` (12 or more),
 * else thinned to at most half of that. Then each stretch of so many iterations keeps the points with its smallest and
 * largest loss and gradient norm (and with them those of the clipped norm, which grows with the gradient norm), so
 * that curves through them have every peak, however often they are thinned. Every point that is kept was measured;
 * the first and the newest one always are.
 *
 * @param points oldest first
 */
export function thinMetrics(points: readonly MetricPoint[], limit: number): readonly MetricPoint[] {
  if (points.length <= limit) return points;
  const iterations = points.at(-1)!.iteration - points[0]!.iteration;
  let stretch = 2 ** Math.floor(Math.log2(Math.max(1, iterations / limit)));
  let kept = points;
  while (kept.length > limit / 2) {
    kept = extremesOf(kept, stretch);
    stretch *= 2;
  }
  return kept;
}

/** Of each stretch of so many iterations the extreme points; besides those the first and the last point of all. */
function extremesOf(points: readonly MetricPoint[], stretch: number): MetricPoint[] {
  const kept: MetricPoint[] = [];
  let start = 0;
  while (start < points.length) {
    const number = stretchOf(points[start]!, stretch);
    let end = start + 1;
    while (end < points.length && stretchOf(points[end]!, stretch) === number) end += 1;
    const indexes = new Set([
      ...extremeIndexes(points, start, end, 'loss'),
      ...extremeIndexes(points, start, end, 'gradientNorm'),
    ]);
    if (start === 0) indexes.add(0);
    if (end === points.length) indexes.add(end - 1);
    for (const index of [...indexes].sort((a, b) => a - b)) kept.push(points[index]!);
    start = end;
  }
  return kept;
}

function stretchOf({ iteration }: MetricPoint, stretch: number): number {
  return Math.floor((iteration - 1) / stretch);
}

function extremeIndexes(
  points: readonly MetricPoint[],
  start: number,
  end: number,
  name: 'loss' | 'gradientNorm',
): [smallest: number, largest: number] {
  let smallest = start;
  let largest = start;
  for (let index = start + 1; index < end; index += 1) {
    const value = points[index]![name];
    if (value < points[smallest]![name]) smallest = index;
    if (value > points[largest]![name]) largest = index;
  }
  return [smallest, largest];
}
