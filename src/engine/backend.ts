/** What executes programs: which of them this machine has. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import type { TfjsNode } from './tensorflow/binding.ts';

export interface BackendPlaces {
  /** Folders whose `node_modules` may hold `@tensorflow/tfjs-node`, best first. */
  readonly tfjsNodeFolders: readonly string[];
  /** The program of a helping thread. */
  readonly computeThread: string;
  /** How many threads compute; where it is left out, as many as prove fastest. */
  readonly threads?: number;
}

/** The backend that was asked for does not load. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
}

/** @throws {BackendError} */
export function loadTensorFlow({ tfjsNodeFolders, threads }: BackendPlaces): TfjsNode {
  const folder = tfjsNodeFolders.find((each) =>
    existsSync(join(each, 'node_modules', '@tensorflow', 'tfjs-node')),
  );
  if (folder === undefined) throw new BackendError('TensorFlow does not load: tfjs-node is not installed.');
  prepareProcess(threads);
  try {
    return createRequire(join(folder, 'index.js'))('@tensorflow/tfjs-node') as TfjsNode;
  } catch (error) {
    throw new BackendError(`TensorFlow does not load: ${firstLine(error)}.`, { cause: error });
  }
}

/** All of this is read once, when the library loads. */
function prepareProcess(threads: number | undefined): void {
  // Node 23 removed two functions that tfjs-node 4.22 calls.
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // oneDNN takes longer to set up a product of one time step than Eigen takes to compute it.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '0';
  if (threads !== undefined) process.env.TF_NUM_INTRAOP_THREADS ??= String(threads);
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]!.replace(/\.$/, '');
}
