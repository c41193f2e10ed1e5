/** `unroll trace`: one whole iteration as a safetensors file. */
import { closeSync, writeFileSync } from 'node:fs';
import type { Installation } from '../engine/installation.ts';
import { RunError } from '../engine/run.ts';
import { encodeTrace } from '../engine/trace-file.ts';
import { openRun, type RunOptions } from './open-run.ts';
import { openOutputFile } from './output-file.ts';

export interface TraceOptions extends RunOptions {
  /** The last of so many iterations is written. */
  readonly iterations: number;
  readonly out: string;
}

export async function trace(
  path: string,
  installation: Installation,
  options: TraceOptions,
): Promise<number> {
  const { training, backend } = await openRun(path, installation, options);
  if (options.iterations > training.iterations) {
    const message = `${path} trains for ${training.iterations} iterations, fewer than ${options.iterations}.`;
    throw new RunError({ kind: 'source', message, problems: [] });
  }
  const out = openOutputFile(options.out);
  try {
    for (let iteration = 1; iteration < options.iterations; iteration += 1) training.step('iteration');
    // Forward, loss, backward; not the update, so that the parameters are those that made the values.
    for (let phase = 0; phase < 3; phase += 1) training.step('phase');
    const { iteration } = training.position;
    writeFileSync(out, encodeTrace(training, { iteration: String(iteration), backend: backend.name }));
    console.log(
      `iteration ${iteration} · loss ${training.loss?.toFixed(6)} · ${backend.label} → ${options.out}`,
    );
    return 0;
  } finally {
    closeSync(out);
    training.dispose();
  }
}
