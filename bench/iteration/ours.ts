/** Our engine as a contestant: `node ours.ts BACKEND THREADS`. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { BackendRequest } from '../../src/engine/run.ts';
import type { BackendChoice } from '../../src/protocol/network.ts';
import { backend, createTestRun, places } from '../../test/support/engine.ts';
import { type PreparedNetwork, serve } from './serve.ts';
import { fileNames } from './workload-files.ts';

/** The one place that tells how many threads a run of ours may use. */
function ours(choice: BackendChoice, threads: number): BackendRequest {
  // As a user has it: on the whole machine `auto` takes as many threads as prove fastest.
  if (choice === 'auto' && threads === availableParallelism()) return { choice, places };
  return backend(choice, threads);
}

const [choice, threads] = process.argv.slice(2);
const request = ours(choice as BackendChoice, Number(threads));

await serve(async (folder): Promise<PreparedNetwork> => {
  const residentBytes = process.memoryUsage.rss();
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const run = await createTestRun(read(fileNames.model), read(fileNames.data), request);
  const { training } = run;
  const traceBytes = training.trace.arrays.reduce((sum, { data }) => sum + data.byteLength, 0);
  return {
    description: { backend: run.backend.name, traceBytes, residentBytes },
    iterate: () => {
      training.step('iteration');
      training.takeMetrics();
      return training.loss!;
    },
    dispose: () => training.dispose(),
  };
});
