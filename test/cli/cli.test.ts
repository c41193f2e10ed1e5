/** The command line as a person runs it: the built program, in a process of its own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import type { MetricPoint } from '../../src/protocol/frame.ts';
import { root } from '../support/engine.ts';
import { skipUnless } from '../support/needs.ts';
import { decodeSafetensors } from './safetensors.ts';

const program = join(root, 'dist/cli.cjs');
if (!existsSync(program)) throw new Error('dist/cli.cjs is missing: run npm run build first.');

function unroll(folder: string, ...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function folderWith(context: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-cli-'));
  context.after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

function metricsIn(path: string): MetricPoint[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as MetricPoint);
}

const text = 'the quick brown fox jumps over the lazy dog and runs away from it at once. '.repeat(4);

const model = `data { source = text("t.txt") window = 5 }
model { embed(3) LSTM(4) LSTM(2) dense softmax }
train { loss = cross_entropy optimizer = adam(lr = 0.02) batch = 3 epochs = 2 seed = 8 }
`;

test('check is silent and exits 0 where nothing is wrong', (context) => {
  const folder = folderWith(context, { 'm.rnn': model, 't.txt': text });
  assert.deepEqual(unroll(folder, 'check', 'm.rnn'), { status: 0, stdout: '', stderr: '' });
});

test('every example checks clean', () => {
  const examples = readdirSync(join(root, 'examples'))
    .filter((name) => name.endsWith('.rnn'))
    .map((name) => join('examples', name));
  assert.deepEqual(unroll(root, 'check', ...examples), { status: 0, stdout: '', stderr: '' });
});

const shared = join(root, '../shared/data/tiny-shakespeare.txt');
const skip = skipUnless(existsSync(shared), 'the shared data do not lie beside the project');
test('the example on tiny-shakespeare checks clean and learns', { skip }, (context) => {
  const example = join('test', 'examples', 'tiny-shakespeare.rnn');
  assert.deepEqual(unroll(root, 'check', example), { status: 0, stdout: '', stderr: '' });
  const metrics = join(folderWith(context, {}), 'm.jsonl');
  const { status, stdout } = unroll(root, 'train', example, '--iterations', '60', '--metrics', metrics);
  assert.equal(status, 0, stdout);
  const losses = metricsIn(metrics).map(({ loss }) => loss);
  // 65 characters: ln 65 = 4.17 before anything has been learnt.
  assert.ok(Math.abs(losses[0]! - Math.log(65)) < 0.2, `${losses[0]}`);
  assert.ok(losses.at(-1)! < 3.2, `${losses.at(-1)}`);
});

test('check prints file:line:col: error: and exits 1', (context) => {
  const folder = folderWith(context, { 'm.rnn': model.replace('LSTM(2)', 'LSTN(2)'), 't.txt': text });
  const { status, stdout } = unroll(folder, 'check', 'm.rnn');
  assert.equal(status, 1);
  assert.match(stdout, /^m\.rnn:2:26: error: .*LSTN.*LSTM/);
});

test('check reads data that several runs train on once', (context) => {
  const [first, second] = ['first', 'second'].map((name) => model.replace('train', `train ${name}`));
  const both = first! + second!.slice(second!.indexOf('train'));
  const folder = folderWith(context, { 'm.rnn': both, 't.txt': Uint8Array.of(0xff, 0xfe) });
  const { stdout } = unroll(folder, 'check', 'm.rnn');
  assert.equal(stdout.match(/is not UTF-8/g)?.length, 1, stdout);
});

test('train tells of a layer that the data give no size', (context) => {
  const halves = 'cell Halves { param W : [x / 2, x] ~ glorot h = tanh(W @ x) output h }\n';
  const folder = folderWith(context, {
    'm.rnn': halves + model.replace('embed(3)', 'onehot Halves'),
    't.txt': 'abc'.repeat(400),
  });
  const { status, stderr } = unroll(folder, 'train', 'm.rnn');
  assert.equal(status, 2);
  assert.match(stderr, /^unroll: A size in this layer is 0\.5 \* vocabulary, which is 1\.5/);
});

test('check reads the data too', (context) => {
  const folder = folderWith(context, { 'm.rnn': model, 't.txt': Uint8Array.of(0xff, 0xfe) });
  const { status, stdout } = unroll(folder, 'check', 'm.rnn');
  assert.equal(status, 1);
  assert.match(stdout, /^m\.rnn:1:\d+: error: "t\.txt" is not UTF-8/);
});

const mistakes = [
  { what: 'no command', parameters: [], message: /Which command\?/ },
  { what: 'an unknown command', parameters: ['tran', 'm.rnn'], message: /no command "tran"/ },
  { what: 'an unknown option', parameters: ['train', 'm.rnn', '--metric', 'x'], message: /--metric/ },
  { what: 'no file', parameters: ['train'], message: /Name a \.rnn file/ },
  {
    what: 'a file that is not there',
    parameters: ['train', 'n.rnn'],
    message: /n\.rnn cannot be read: it does not exist/,
  },
  { what: 'a trace without a place to go', parameters: ['trace', 'm.rnn'], message: /--out/ },
  {
    what: 'a wrong number',
    parameters: ['train', 'm.rnn', '--iterations', '0'],
    message: /whole number from 1/,
  },
  {
    what: 'an unknown backend',
    parameters: ['train', 'm.rnn', '--backend', 'gpu'],
    message: /auto, compiled, hybrid, tensorflow/,
  },
  {
    what: 'more iterations than the epochs hold',
    parameters: ['trace', 'm.rnn', '--out', 'o', '--iterations', '999', '--backend', 'compiled'],
    message: /fewer than 999/,
  },
  ...['train m.rnn --metrics no/m.jsonl', 'trace m.rnn --out no/m.safetensors'].map((call) => ({
    what: `a folder that is not there, ${call}`,
    parameters: [...call.split(' '), '--backend', 'compiled'],
    message: /no\/m\.\w+ cannot be written: its folder does not exist/,
  })),
];

for (const { what, parameters, message } of mistakes) {
  test(`a mistake in the call is told: ${what}`, (context) => {
    const { status, stderr } = unroll(folderWith(context, { 'm.rnn': model, 't.txt': text }), ...parameters);
    assert.equal(status, 2);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });
}

test('train shows progress and writes a line of JSON for every iteration', (context) => {
  const folder = folderWith(context, { 'm.rnn': model, 't.txt': text });
  const { status, stdout } = unroll(
    folder,
    'train',
    'm.rnn',
    '--metrics',
    'm.jsonl',
    '--backend',
    'compiled',
  );
  assert.equal(status, 0);
  assert.match(stdout, /iteration 1\/30 · epoch 1 · loss \d/);
  assert.match(stdout, /iteration 30\/30 · epoch 2 · loss \d/);
  const points = metricsIn(join(folder, 'm.jsonl'));
  assert.deepEqual(
    points.map(({ iteration }) => iteration),
    Array.from({ length: 30 }, (_, index) => index + 1),
  );
  assert.ok(points.at(-1)!.loss < points[0]!.loss);
  for (const { epoch, gradientNorm, clippedGradientNorm, milliseconds } of points) {
    for (const number of [epoch, gradientNorm, clippedGradientNorm, milliseconds])
      assert.ok(Number.isFinite(number));
  }
});

test('a trace holds the whole iteration, time first, and its numbers fit together', (context) => {
  const folder = folderWith(context, { 'm.rnn': model, 't.txt': text });
  const { status, stdout, stderr } = unroll(
    folder,
    'trace',
    'm.rnn',
    '--iterations',
    '3',
    '--out',
    'o.safetensors',
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout, /iteration 3 · loss \d/);
  const { tensors, metadata } = decodeSafetensors(readFileSync(join(folder, 'o.safetensors')));
  assert.equal(metadata.iteration, '3');
  const tensor = (name: string) => {
    const found = tensors.get(name);
    assert.ok(found, `${name} is missing among ${[...tensors.keys()].join(' ')}`);
    return found;
  };
  const [T, B] = [5, 3];
  for (const name of ['i', 'f', 'o', 'g', 'c', 'h', 'i.pre']) {
    for (const prefix of ['', 'grad.']) {
      assert.deepEqual(tensor(`${prefix}layers.0.${name}`).shape, [T, B, 4]);
      assert.deepEqual(tensor(`${prefix}layers.1.${name}`).shape, [T, B, 2]);
    }
  }
  for (const prefix of ['', 'grad.']) {
    assert.deepEqual(tensor(`${prefix}params.layers.0.W_i`).shape, [4, 3]);
    assert.deepEqual(tensor(`${prefix}params.layers.1.U_g`).shape, [2, 2]);
  }
  assert.deepEqual(tensor('inputs').shape, [T, B]);
  assert.deepEqual(tensor('targets').shape, [T, B]);
  assert.deepEqual(tensor('loss').shape, []);

  checkInputGate((name) => tensor(name).data, T, B);

  const targets = tensor('targets').data;
  const { data: probabilities, shape } = tensor('softmax.y');
  const vocabulary = shape[2]!;
  const losses = [...targets].map((target, row) => -Math.log(probabilities[row * vocabulary + target]!));
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  assertNear(tensor('loss').data[0]!, mean);
  for (const [row, loss] of losses.entries()) assertNear(tensor('loss_per_step').data[row]!, loss);
});

/** i = σ(W_i x + U_i h[t−1] + b_i) and ∂L/∂W_i = Σ_t Σ_b ∂L/∂i.pre ⊗ x, with 4 units and 3 inputs. */
function checkInputGate(read: (name: string) => ArrayLike<number>, T: number, B: number): void {
  const [W, U, b] = ['W_i', 'U_i', 'b_i'].map((name) => read(`params.layers.0.${name}`)) as [
    ArrayLike<number>,
    ArrayLike<number>,
    ArrayLike<number>,
  ];
  const [x, h, gate, adjoint] = [
    read('layers.0.x'),
    read('layers.0.h'),
    read('layers.0.i'),
    read('grad.layers.0.i.pre'),
  ];
  const gradient = new Float64Array(W.length);
  for (let row = 0; row < T * B; row += 1) {
    for (let unit = 0; unit < 4; unit += 1) {
      let sum = b[unit]!;
      for (let k = 0; k < 3; k += 1) {
        sum += W[unit * 3 + k]! * x[row * 3 + k]!;
        gradient[unit * 3 + k]! += adjoint[row * 4 + unit]! * x[row * 3 + k]!;
      }
      for (let k = 0; row >= B && k < 4; k += 1) sum += U[unit * 4 + k]! * h[(row - B) * 4 + k]!;
      assertNear(gate[row * 4 + unit]!, 1 / (1 + Math.exp(-sum)));
    }
  }
  const written = read('grad.params.layers.0.W_i');
  for (const [index, value] of gradient.entries()) assertNear(written[index]!, value);
}

function assertNear(actual: number, expected: number): void {
  assert.ok(
    Math.abs(actual - expected) < 1e-5 * Math.max(1, Math.abs(expected)),
    `${actual}, expected ${expected}`,
  );
}
