/** How long an iteration takes on an executor. */
import type { Batch } from './data/batch.ts';
import type { Executor } from './executor.ts';

/** By then code that runs often has been compiled in earnest. */
const milliseconds = 50;
/** The first one compiles, however long it takes. */
const fewestIterations = 2;

/** The least time of some iterations without their updates; what the trace and the gradients hold is overwritten. */
export function millisecondsPerIteration(executor: Executor, batch: Batch, timeSteps: number): number {
  const end = performance.now() + milliseconds;
  let least = Number.POSITIVE_INFINITY;
  for (let done = 0; done < fewestIterations || performance.now() < end; done += 1) {
    const started = performance.now();
    executor.begin(batch);
    executor.forward(1, timeSteps);
    executor.backward(timeSteps, 1);
    executor.gradients();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}
