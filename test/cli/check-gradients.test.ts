import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { checkGradients } from '../../src/cli/check-gradients.ts';
import type { Installation } from '../../src/engine/installation.ts';
import { places, root } from '../support/engine.ts';

const preludePath = join(root, 'src/language/prelude.rnn');
const installation: Installation = {
  prelude: { uri: pathToFileURL(preludePath).href, text: readFileSync(preludePath, 'utf8') },
  places: { ...places, threads: 1 },
};

const model = `data { source = text("t.txt") window = 5 }
model { onehot Elman(4) dense softmax }
train quick { loss = cross_entropy optimizer = sgd(lr = 0.02) batch = 3 }
train slow { loss = cross_entropy optimizer = sgd(lr = 0.01) batch = 3 }`;

function fileIn(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-check-gradients-'));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 't.txt'), 'the quick brown fox jumps over the lazy dog '.repeat(4));
  writeFileSync(join(folder, 'm.rnn'), model);
  return join(folder, 'm.rnn');
}

test('check-gradients prints a line for each parameter and exits 0', async (context) => {
  const log = context.mock.method(console, 'log', () => {});
  const status = await checkGradients(fileIn(context), installation, { backend: 'compiled', train: 'slow' });
  const lines = log.mock.calls.map((call) => String(call.arguments[0]));
  assert.equal(status, 0, lines.join('\n'));
  assert.deepEqual(
    lines.slice(0, -1).map((line) => line.split(/ {2,}/)[0]),
    ['parameter', 'layers.0 W', 'layers.0 U', 'layers.0 b', 'dense W', 'dense b'],
  );
  assert.match(
    lines.at(-1)!,
    /^Gradients agree with finite differences: \d+ entries of 5 parameters, .* one thread\.$/,
  );
});

test('check-gradients refuses a train block that there is not', async (context) => {
  const options = { backend: 'compiled', train: 'fast' } as const;
  await assert.rejects(checkGradients(fileIn(context), installation, options), /no train block "fast"/);
});
