/** How long an iteration takes on an executor. */
import type { Batch } from './data/batch.ts';
import type { Executor } from './executor.ts';

/** Code is compiled in earnest while it runs: what is measured first would be too slow. */
const warmUpMilliseconds = 30;
const measuredMilliseconds = 20;

/** The least time of some iterations without their updates; what the trace and the gradients hold is overwritten. */
export function millisecondsPerIteration(executor: Executor, batch: Batch, timeSteps: number): number {
  leastTime(executor, batch, timeSteps, warmUpMilliseconds);
  return leastTime(executor, batch, timeSteps, measuredMilliseconds);
}

/** Of as many iterations as there is time for, and at least one. */
function leastTime(executor: Executor, batch: Batch, timeSteps: number, milliseconds: number): number {
  const end = performance.now() + milliseconds;
  let least = Number.POSITIVE_INFINITY;
  do {
    const started = performance.now();
    executor.begin(batch);
    executor.forward(1, timeSteps);
    executor.backward(timeSteps, 1);
    executor.gradients();
    least = Math.min(least, performance.now() - started);
  } while (performance.now() < end);
  return least;
}
