/** What lies beside the bundles that contain the engine: the prelude and the program of helping threads. */
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BackendPlaces } from './backend.ts';

export interface Installation {
  readonly prelude: { readonly uri: string; readonly text: string };
  readonly places: BackendPlaces;
}

/** @param program path of the running bundle; links to it are followed */
export function installationOf(program: string): Installation {
  const folder = dirname(realpathSync(program));
  const prelude = join(folder, 'prelude.rnn');
  const chosen = process.env.UNROLL_TFJS_NODE_FOLDER;
  return {
    prelude: { uri: pathToFileURL(prelude).href, text: readFileSync(prelude, 'utf8') },
    places: {
      tfjsNodeFolders: [...(chosen ? [chosen] : []), dirname(folder)],
      computeThread: join(folder, 'compute-thread.cjs'),
    },
  };
}
