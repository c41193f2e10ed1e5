/** Runs for tests, from `.rnn` text and data in memory, on each backend that this machine has. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Backend, loadBackend } from '../../src/engine/backend.ts';
import type { Dataset } from '../../src/engine/data/dataset.ts';
import { readDataset } from '../../src/engine/data/read-dataset.ts';
import { createRun, type Run } from '../../src/engine/run.ts';
import { createAnalyzer } from '../../src/language/analyze.ts';
import type { CheckedModel } from '../../src/language/checked-model.ts';
import type { BackendName } from '../../src/protocol/network.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const preludePath = join(root, 'src/language/prelude.rnn');
export const analyzer = createAnalyzer({
  uri: `file://${preludePath}`,
  text: readFileSync(preludePath, 'utf8'),
});

/** @throws where the text has errors: tests that want them ask the analyzer */
export async function checkedModel(text: string): Promise<CheckedModel> {
  const { model, diagnostics } = await analyzer.analyze('file:///test.rnn', text);
  if (model === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return model;
}

export interface TestRun extends Run {
  readonly model: CheckedModel;
}

export async function createTestRun(text: string, data: string, backend: Backend): Promise<TestRun> {
  const model = await checkedModel(text);
  const dataset: Dataset = readDataset(model.data, new TextEncoder().encode(data));
  return { model, ...createRun(model, dataset, backend) };
}

export const places = {
  tfjsNodeFolders: [root],
  wasmFolder: join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist'),
};

const loaded = new Map<BackendName, Promise<Backend>>();

export function backend(name: BackendName): Promise<Backend> {
  let promise = loaded.get(name);
  if (promise === undefined) {
    promise = loadBackend(name, places);
    loaded.set(name, promise);
  }
  return promise;
}

/** Native TensorFlow belongs to every test run, save on machines that have no way to it. */
const hasNative = existsSync(join(root, 'node_modules/@tensorflow/tfjs-node/deps/lib'));
const nativeIsDue = process.env.CI !== undefined && process.env.UNROLL_TFJS_NODE !== 'unavailable';

export const backendNames: readonly BackendName[] =
  hasNative || nativeIsDue ? ['tensorflow', 'wasm', 'cpu'] : ['wasm', 'cpu'];
