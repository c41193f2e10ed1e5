/** Loads what executes tensors: native TensorFlow where it is installed, else what ships inside npm packages. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import type { BackendChoice, BackendDescription, BackendName } from '../protocol/network.ts';
import type { TensorFlow } from './tensors/functions.ts';

export interface Backend {
  readonly tf: TensorFlow;
  readonly description: BackendDescription;
}

export interface BackendPlaces {
  /** Folders whose `node_modules` may hold `@tensorflow/tfjs-node`, best first. */
  readonly tfjsNodeFolders: readonly string[];
  /** Where the WebAssembly files of `@tensorflow/tfjs-backend-wasm` lie. */
  readonly wasmFolder: string;
}

/** The backend that was asked for, or each that was tried, does not load. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
}

/** @throws {BackendError} */
export async function loadBackend(choice: BackendChoice, places: BackendPlaces): Promise<Backend> {
  const candidates: readonly BackendName[] = choice === 'auto' ? ['tensorflow', 'wasm', 'cpu'] : [choice];
  const failures: string[] = [];
  for (const name of candidates) {
    try {
      const { tf, label } = await loaders[name](places);
      const first =
        choice === 'auto' ? 'Native TensorFlow is used where it is installed.' : 'Chosen in the settings.';
      const reason = failures.length > 0 ? failures.join(' ') : first;
      return { tf, description: { name, label, reason } };
    } catch (error) {
      failures.push(`${labels[name]} does not load: ${firstLine(error)}.`);
    }
  }
  throw new BackendError(`${failures.join(' ')} Set unroll.backend to "auto" to use what is there.`);
}

const labels: Record<BackendName, string> = {
  tensorflow: 'TensorFlow',
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
};

interface Loaded {
  readonly tf: TensorFlow;
  readonly label: string;
}

const loaders: Record<BackendName, (places: BackendPlaces) => Promise<Loaded>> = {
  tensorflow: async ({ tfjsNodeFolders }) => {
    const tf = requireTfjsNode(tfjsNodeFolders);
    await tf.ready();
    return { tf, label: `${labels.tensorflow} ${tf.version['tfjs-node']} (native)` };
  },
  wasm: async ({ wasmFolder }) => {
    const tf = await import('@tensorflow/tfjs-core');
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(`${wasmFolder}/`);
    await activate(tf, 'wasm');
    return { tf, label: `${labels.wasm} (TensorFlow.js ${tf.version_core})` };
  },
  cpu: async () => {
    const tf = await import('@tensorflow/tfjs-core');
    await import('@tensorflow/tfjs-backend-cpu');
    await activate(tf, 'cpu');
    return { tf, label: `${labels.cpu} (TensorFlow.js ${tf.version_core})` };
  },
};

async function activate(tf: TensorFlow, name: string): Promise<void> {
  // Otherwise TensorFlow.js advertises tfjs-node on standard error.
  tf.enableProdMode();
  if (!(await tf.setBackend(name))) throw new Error('it could not be initialised');
  await tf.ready();
}

type TfjsNode = TensorFlow & { readonly version: { readonly 'tfjs-node': string } };

function requireTfjsNode(folders: readonly string[]): TfjsNode {
  const folder = folders.find((each) => existsSync(join(each, 'node_modules', '@tensorflow', 'tfjs-node')));
  if (folder === undefined) throw new Error('tfjs-node is not installed');
  // Node 23 removed two functions that tfjs-node 4.22 calls.
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // oneDNN takes longer to set up a product of one time step than Eigen takes to compute it.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '0';
  return createRequire(join(folder, 'index.js'))('@tensorflow/tfjs-node') as TfjsNode;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]!.replace(/\.$/, '');
}
