/** Time from opening a `.rnn` file to its first diagnostics, from a cold language server and from one that runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LanguageClient } from '../test/language/language-client.ts';
import { root } from '../test/support/engine.ts';
import { type Figure, figure } from './figures.ts';

const runs = 7;
const folder = join(root, 'examples');
const text = readFileSync(join(folder, 'shakespeare.rnn'), 'utf8').replaceAll('MyLSTM(32)', 'MyLSTN(32)');

export async function diagnosticsFigures(): Promise<Figure[]> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now();
    const client = await LanguageClient.start(join(root, 'dist/server.cjs'));
    await open(client, 'first.rnn');
    cold.push(performance.now() - started);
    const again = performance.now();
    await open(client, 'second.rnn');
    warm.push(performance.now() - again);
    await client.close();
  }
  return [
    figure('opening a .rnn file to its first diagnostics, server start included', 'ms', cold),
    figure('opening a .rnn file to its first diagnostics, server running', 'ms', warm),
  ];
}

async function open(client: LanguageClient, name: string): Promise<void> {
  const diagnostics = await client.write(pathToFileURL(join(folder, name)).href, text);
  if (diagnostics.length === 0) throw new Error('The mistake in the text was not found.');
}
