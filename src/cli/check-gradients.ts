/** `unroll check-gradients`: every parameter's gradient against finite differences of the loss. */
import { checkGradients as checkRun } from '../engine/gradient-check.ts';
import type { Installation } from '../engine/installation.ts';
import { gradientSummary, gradientTable, verdictOf } from '../protocol/gradient-check.ts';
import { openRun, type RunOptions } from './open-run.ts';

/** @returns 1 where a gradient is wrong */
export async function checkGradients(
  path: string,
  installation: Installation,
  options: RunOptions,
): Promise<number> {
  const run = await openRun(path, installation, options);
  try {
    const report = checkRun(run);
    for (const line of gradientTable(report)) console.log(line);
    console.log(`${gradientSummary(report)} ${report.backend.label}.`);
    return report.parameters.some((check) => verdictOf(check) === 'wrong') ? 1 : 0;
  } finally {
    run.training.dispose();
  }
}
