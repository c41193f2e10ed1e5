/** Whether the native TensorFlow of this clone loads, for whoever starts an engine outside of the project's folder. */
import { spawnSync } from 'node:child_process';
import { root } from './project.ts';

/** tfjs-node 4.22 calls two functions that Node 23 removed; the engine defines them before it loads it, as here. */
const load = `
  const util = require('node:util');
  util.isNullOrUndefined ??= (value) => value == null;
  util.isArray ??= Array.isArray;
  require('@tensorflow/tfjs-node');
`;

export function tfjsNodeLoads(): boolean {
  const environment = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const { status } = spawnSync(process.execPath, ['-e', load], {
    cwd: root,
    env: environment,
    stdio: 'ignore',
  });
  return status === 0;
}

/**
 * The variable that tells an engine where to find tfjs-node: an installed extension lies elsewhere and has none of its
 * own. Empty when it does not load.
 */
export function tfjsNodeEnvironment(): { UNROLL_TFJS_NODE_FOLDER?: string } {
  return tfjsNodeLoads() ? { UNROLL_TFJS_NODE_FOLDER: root } : {};
}
