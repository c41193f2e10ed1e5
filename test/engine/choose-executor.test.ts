import assert from 'node:assert/strict';
import test from 'node:test';
import { BackendError, type BackendPlaces } from '../../src/engine/backend.ts';
import type { BackendChoice } from '../../src/protocol/network.ts';
import { backendNames, createTestRun, places } from '../support/engine.ts';

const text = Array.from({ length: 30_000 }, (_, index) =>
  String.fromCharCode(97 + ((index * index + (index >> 3)) % 26)),
).join('');

function model(units: number, window: number, batch: number): string {
  return `data { source = text("t.txt") window = ${window} }
    model { onehot LSTM(${units}) LSTM(${units}) dense softmax }
    train { loss = cross_entropy optimizer = sgd(lr = 0.1) batch = ${batch} }`;
}

const small = model(8, 5, 4);
/** Takes longer than the calls of TensorFlow do. */
const large = model(128, 60, 50);

async function describe(
  source: string,
  choice: BackendChoice,
  request: BackendPlaces = places,
): Promise<string> {
  const { training, backend } = await createTestRun(source, text, { choice, places: request });
  training.step('iteration');
  training.dispose();
  return `${backend.name}: ${backend.reason}`;
}

const withoutTensorFlow: BackendPlaces = { ...places, tfjsNodeFolders: [] };

test('a small model is compiled without a try of TensorFlow, and the reason has the figures', async () => {
  assert.match(
    await describe(small, 'auto'),
    /^compiled: On this model an iteration takes [\d.e+-]+ ms.* TensorFlow's calls alone would take longer\.$/,
  );
});

test('a large model is timed in every way that there is', async () => {
  const told = await describe(large, 'auto');
  if (backendNames.includes('tensorflow')) {
    assert.match(
      told,
      /^(compiled|hybrid|tensorflow): The fastest on this model\. Compiled to .* ms an iteration; Compiled to /,
    );
    assert.match(
      told,
      /with TensorFlow .* for large products: .* ms an iteration; TensorFlow .*: .* ms an iteration\.$/,
    );
  } else {
    assert.match(told, /^compiled: .* TensorFlow does not load/);
  }
});

test('without TensorFlow a large model is compiled, and the reason tells what is missing', async () => {
  assert.match(
    await describe(large, 'auto', withoutTensorFlow),
    /^compiled: .* ms.* TensorFlow does not load: tfjs-node is not installed\.$/,
  );
});

for (const choice of backendNames) {
  test(`what the settings pin is taken: ${choice}`, async () => {
    assert.match(await describe(small, choice), new RegExp(`^${choice}: Chosen in the settings\\.`));
  });
}

for (const choice of ['hybrid', 'tensorflow'] as const) {
  test(`pinned and missing is an error that names the package: ${choice}`, async () => {
    await assert.rejects(describe(small, choice, withoutTensorFlow), (error) => {
      assert.ok(error instanceof BackendError);
      assert.match(error.message, /tfjs-node is not installed/);
      return true;
    });
  });
}
