/** A `.rnn` file on disk as a run that is ready to be stepped. */
import type { Installation } from '../engine/installation.ts';
import { createRun, loadDataset, modelOf, type Run } from '../engine/run.ts';
import type { BackendChoice } from '../protocol/network.ts';
import { openSourceFile } from './source-file.ts';

/** @throws {RunError} where the source or the data have errors */
export async function openRun(
  path: string,
  installation: Installation,
  backend: BackendChoice,
): Promise<Run> {
  const { uri, analysis } = await openSourceFile(path, installation);
  const model = modelOf(analysis, uri);
  const dataset = loadDataset(model);
  return createRun(model, dataset, { choice: backend, places: installation.places });
}
