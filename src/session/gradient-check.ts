/** Has an engine of its own check the gradients of a file, beside whatever run there is. */
import type { EngineTask } from '../protocol/engine.ts';
import type { Failure } from '../protocol/failure.ts';
import type { GradientReport } from '../protocol/gradient-check.ts';
import { describeDeath } from './describe.ts';
import { type EngineLaunch, EngineProcess } from './engine-process.ts';

export type GradientCheckOutcome =
  | { readonly kind: 'checked'; readonly report: GradientReport }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'cancelled' };

/** Settles when the engine's process is gone; never rejects. */
export async function checkGradients(
  task: EngineTask,
  launch: EngineLaunch,
  signal: AbortSignal,
): Promise<GradientCheckOutcome> {
  if (signal.aborted) return { kind: 'cancelled' };
  const engine = new EngineProcess(launch);
  const outcome = await new Promise<GradientCheckOutcome>((resolve) => {
    engine.on('event', (event) => {
      if (event.kind === 'gradientsChecked') resolve({ kind: 'checked', report: event.report });
      if (event.kind === 'failed') resolve({ kind: 'failed', failure: event.failure });
    });
    signal.addEventListener('abort', () => resolve({ kind: 'cancelled' }), { once: true });
    void engine.exited.then((exit) => resolve({ kind: 'failed', failure: describeDeath(exit, undefined) }));
    engine.send({ kind: 'checkGradients', ...task });
  });
  await engine.kill();
  return outcome;
}
