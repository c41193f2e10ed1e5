/** Runs for tests, from `.rnn` text and data in memory, on each backend that this machine has. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dataset } from '../../src/engine/data/dataset.ts';
import { readDataset } from '../../src/engine/data/read-dataset.ts';
import { readText } from '../../src/engine/read-text.ts';
import { type BackendRequest, createRun, type Run } from '../../src/engine/run.ts';
import { createAnalyzer } from '../../src/language/analyze.ts';
import type { CheckedModel } from '../../src/language/checked-model.ts';
import type { BackendChoice, BackendName } from '../../src/protocol/network.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export const preludePath = join(root, 'src/language/prelude.rnn');
export const analyzer = createAnalyzer(
  { uri: `file://${preludePath}`, text: readFileSync(preludePath, 'utf8') },
  readText,
);

/** @throws where the text has errors: tests that want them ask the analyzer */
export async function checkedModel(text: string): Promise<CheckedModel> {
  const {
    models: [model],
    diagnostics,
  } = await analyzer.analyze('file:///test.rnn', text);
  if (model === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return model;
}

export interface TestRun extends Run {
  readonly model: CheckedModel;
}

export async function createTestRun(text: string, data: string, request: BackendRequest): Promise<TestRun> {
  const model = await checkedModel(text);
  const dataset: Dataset = readDataset(model.data, new TextEncoder().encode(data));
  return { model, ...(await createRun(model, dataset, request)) };
}

export const places = {
  tfjsNodeFolders: [root],
  computeThread: join(root, 'src/engine/compiled/compute-thread.ts'),
};

/** @param threads only where the backend is compiled code */
export function backend(choice: BackendChoice, threads = 1): BackendRequest {
  return { choice, places: { ...places, threads } };
}

/** Native TensorFlow belongs to every test run, save on machines that have no way to it. */
const hasNative = existsSync(join(root, 'node_modules/@tensorflow/tfjs-node/deps/lib'));
const nativeIsDue = process.env.CI !== undefined && process.env.UNROLL_TFJS_NODE !== 'unavailable';

export const backendNames: readonly BackendName[] =
  hasNative || nativeIsDue ? ['compiled', 'hybrid', 'tensorflow'] : ['compiled'];

export interface BackendUnderTest {
  readonly choice: BackendName;
  readonly threads: number;
}

/** Every backend of this machine, alone and with a helping thread. */
export const testedBackends: readonly BackendUnderTest[] = backendNames.flatMap(
  (choice): BackendUnderTest[] =>
    choice === 'tensorflow' ? [{ choice, threads: 1 }] : [1, 2].map((threads) => ({ choice, threads })),
);
