/** Time from starting the engine process to the first minibatch loaded, on each backend. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EngineCommand, EngineEvent } from '../src/protocol/engine.ts';
import type { BackendName } from '../src/protocol/network.ts';
import { backendNames, root } from '../test/support/engine.ts';
import { type Figure, figure } from './figures.ts';

const runs = 5;
const example = join(root, 'examples/shakespeare.rnn');

export async function engineStartFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of backendNames) {
    const measurements: number[] = [];
    for (let run = 0; run < runs; run += 1) measurements.push(await startOnce(name));
    figures.push(figure(`engine start to first minibatch, ${name}`, 'ms', measurements));
  }
  return figures;
}

function startOnce(backend: BackendName): Promise<number> {
  const started = performance.now();
  const engine = fork(join(root, 'dist/engine.cjs'), { serialization: 'advanced', silent: true });
  const command: EngineCommand = {
    kind: 'start',
    uri: pathToFileURL(example).href,
    text: readFileSync(example, 'utf8'),
    backend,
    watch: { unrolled: true, gates: undefined, gradientFlow: true, sample: 0 },
  };
  engine.send(command);
  return new Promise((resolve, reject) => {
    engine.once('error', reject);
    engine.once('message', (event: EngineEvent) => {
      const elapsed = performance.now() - started;
      engine.kill();
      if (event.kind === 'started') resolve(elapsed);
      else reject(new Error(event.kind === 'failed' ? event.failure.message : `unexpected ${event.kind}`));
    });
  });
}
