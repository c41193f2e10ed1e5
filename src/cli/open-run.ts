/** A `.rnn` file on disk as a run that is ready to be stepped. */
import type { Installation } from '../engine/installation.ts';
import { createRun, loadDataset, modelOf, type Run } from '../engine/run.ts';
import type { BackendChoice } from '../protocol/network.ts';
import { openSourceFile } from './source-file.ts';

export interface RunOptions {
  readonly backend: BackendChoice;
  /** Name of the `train` block; undefined: the first one. */
  readonly train: string | undefined;
}

/** @throws {RunError} where the source or the data have errors */
export async function openRun(
  path: string,
  installation: Installation,
  { backend, train }: RunOptions,
): Promise<Run> {
  const { uri, analysis } = await openSourceFile(path, installation);
  const model = modelOf(analysis, uri, train);
  const dataset = loadDataset(model);
  return createRun(model, dataset, { choice: backend, places: installation.places });
}
