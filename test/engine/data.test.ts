import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { DataError } from '../../src/engine/data/dataset.ts';
import { Minibatches } from '../../src/engine/data/minibatches.ts';
import { readDataset } from '../../src/engine/data/read-dataset.ts';
import { Random } from '../../src/engine/random.ts';
import type { CheckedModel, SourceRange } from '../../src/language/checked-model.ts';
import { checkedModel, root } from '../support/engine.ts';
import { skipUnless } from '../support/needs.ts';

interface Options {
  readonly window?: number;
  readonly batch?: number;
  readonly settings?: string;
}

function textModel({ window = 3, batch = 2, settings = '' }: Options = {}): Promise<CheckedModel> {
  return checkedModel(`data { source = text("t.txt") window = ${window} ${settings} }
    model { onehot Elman(2) dense softmax }
    train { loss = cross_entropy optimizer = sgd(lr = 0.1) batch = ${batch} }`);
}

function tableModel({ window = 2, batch = 1, settings = '' }: Options = {}): Promise<CheckedModel> {
  return checkedModel(`data { source = csv("t.csv") inputs = ["a", "b"] targets = ["b"] window = ${window} ${settings} }
    model { Elman(2) dense linear }
    train { loss = mse optimizer = sgd(lr = 0.1) batch = ${batch} }`);
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const everything = 'split = holdout(train = 100%, dev = 0%, test = 0%)';

test('text: the target is the next character', async () => {
  const { data } = await textModel({ settings: everything });
  const dataset = readDataset(data, bytes('abcdefgh'));
  assert.deepEqual(dataset.vocabulary, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  assert.equal(dataset.sequenceCount, 2);
  const batch = dataset.batch([0, 1]);
  // Time first: entry (t, sample).
  assert.deepEqual([...batch.inputs.values], [0, 3, 1, 4, 2, 5]);
  assert.deepEqual([...batch.targets.values], [1, 4, 2, 5, 3, 6]);
  assert.equal(dataset.inputText(batch, 2, 1), 'e');
  assert.equal(dataset.targetText(batch, 3, 1), 'g');
  assert.equal(dataset.predictionText(Float32Array.of(0.1, 0.2, 0.6, 0.1)), 'c');
});

test('text: characters beyond the basic plane are one token, a byte-order mark none', async () => {
  const { data } = await textModel({ settings: everything });
  const dataset = readDataset(data, bytes('\uFEFF😀a\n😀 a'));
  assert.deepEqual(dataset.vocabulary, ['\n', ' ', 'a', '😀']);
  const batch = dataset.batch([0]);
  assert.deepEqual(
    [1, 2, 3].map((t) => dataset.inputText(batch, t, 0)),
    ['😀', 'a', '⏎'],
  );
});

test('text: only the training part is trained on', async () => {
  const { data } = await textModel({ settings: 'split = holdout(train = 50%, dev = 25%, test = 25%)' });
  const dataset = readDataset(data, bytes('abcdefghijklmnopqrst'));
  assert.equal(dataset.sequenceCount, 3);
  assert.equal(dataset.vocabulary?.length, 20);
});

const table = 'when,a,b\n2020-01,1,10\n2020-02,2,20\n2020-03,3,30\n2020-04,4,40\n2020-05,5,50\n';

test('table: the target lies `horizon` rows ahead; other columns are ignored', async () => {
  const { data } = await tableModel({ settings: `horizon = 2 ${everything}` });
  const dataset = readDataset(data, bytes(table));
  assert.equal(dataset.sequenceCount, 1);
  const batch = dataset.batch([0]);
  assert.deepEqual([...batch.inputs.values], [1, 10, 2, 20]);
  assert.deepEqual([...batch.targets.values], [30, 40]);
  assert.equal(dataset.inputText(batch, 2, 0), '2, 20');
});

test('table: CRLF, quotes and a byte-order mark', async () => {
  const { data } = await tableModel({ settings: everything });
  const dataset = readDataset(data, bytes('\uFEFF"a","b"\r\n"1","10"\r\n"2","20"\r\n3,30\r\n'));
  assert.deepEqual([...dataset.batch([0]).inputs.values], [1, 10, 2, 20]);
});

const normalisations = [
  { how: 'zscore', low: -Math.SQRT1_2, high: Math.SQRT2 },
  { how: 'minmax', low: 0, high: 1 },
];
for (const { how, low, high } of normalisations) {
  test(`table: ${how} is fitted on the training rows alone and undone for display`, async () => {
    const split = 'split = holdout(train = 75%, dev = 0%, test = 25%)';
    const { data } = await tableModel({ settings: `normalize = ${how} ${split}` });
    const dataset = readDataset(data, bytes('a,b\n1,10\n3,30\n1,10\n900,900\n'));
    const batch = dataset.batch([0]);
    const expected = [low, low, high, high];
    for (const [index, value] of batch.inputs.values.entries()) {
      assert.ok(Math.abs(value - expected[index]!) < 1e-6, `${value}, expected ${expected[index]}`);
    }
    assert.equal(dataset.inputText(batch, 2, 0), '3, 30');
    assert.equal(dataset.predictionText(Float32Array.of(high)), '30');
  });
}

interface BadInput {
  readonly what: string;
  readonly model: () => Promise<CheckedModel>;
  readonly content: Uint8Array;
  readonly message: RegExp;
  readonly place: (model: CheckedModel) => SourceRange;
}

const atPath = (model: CheckedModel): SourceRange => model.data.ranges.path;
const atWindow = (model: CheckedModel): SourceRange => model.data.ranges.window;
const atColumn = (index: number) => (model: CheckedModel) => {
  const { source } = model.data;
  if (source.kind !== 'csv') throw new Error('not a table');
  return source.inputs[index]!.source;
};

const badInputs: BadInput[] = [
  {
    what: 'an empty file',
    model: textModel,
    content: bytes(''),
    message: /^"t\.txt" is empty\. Put the training data into it\.$/,
    place: atPath,
  },
  {
    what: 'a file that is not UTF-8',
    model: textModel,
    content: Uint8Array.of(0x61, 0x0a, 0x62, 0xff, 0x63),
    message: /^"t\.txt" is not UTF-8: line 2 holds bytes that are no character\. Save the file as UTF-8\.$/,
    place: atPath,
  },
  {
    what: 'a window longer than the text',
    model: () => textModel({ window: 50 }),
    content: bytes('a short text, too short for that'),
    message:
      /^A window of 50 time steps is longer than the training data: 80 % of 32 characters leave 24 steps/,
    place: atWindow,
  },
  {
    what: 'a window longer than the table',
    model: () => tableModel({ window: 50 }),
    content: bytes(table),
    message: /^A window of 50 time steps is longer than the training data: 80 % of 5 rows leave 3 steps/,
    place: atWindow,
  },
  {
    what: 'a horizon beyond the table',
    model: () => tableModel({ settings: 'horizon = 9' }),
    content: bytes(table),
    message:
      /80 % of 5 rows leave 0 steps with a target\. Use a larger training share, a smaller horizon, or more data\.$/,
    place: atWindow,
  },
  {
    what: 'a ragged row',
    model: tableModel,
    content: bytes('a,b\n1,2\n3\n4,5\n'),
    message: /^"t\.csv": .*line 3.* Every row needs as many cells as the first line\.$/,
    place: atPath,
  },
  {
    what: 'an unclosed quote',
    model: tableModel,
    content: bytes('a,b\n1,"2\n3,4\n'),
    message: /^"t\.csv": Quote Not Closed.*at line 3\.$/,
    place: atPath,
  },
  {
    what: 'a table without rows',
    model: tableModel,
    content: bytes('a,b\n'),
    message: /^"t\.csv" has no rows\./,
    place: atPath,
  },
  {
    what: 'a missing column',
    model: tableModel,
    content: bytes('a,c\n1,2\n3,4\n5,6\n'),
    message: /^"t\.csv" has no column "b"\. Its columns are "a", "c"\.$/,
    place: atColumn(1),
  },
  {
    what: 'columns that semicolons separate',
    model: tableModel,
    content: bytes('a;b\n1;2\n3;4\n5;6\n'),
    message: /^"t\.csv" has no column "a"\. Its columns are "a;b"\. Separate columns with commas\.$/,
    place: atColumn(0),
  },
  {
    what: 'two columns of one name',
    model: tableModel,
    content: bytes('a,b,b\n1,2,3\n3,4,5\n5,6,7\n'),
    message: /^"t\.csv" has more than one column "b"\. Give each a name of its own\.$/,
    place: atColumn(1),
  },
  {
    what: 'a number that overflows',
    model: tableModel,
    content: bytes('a,b\n1,2\n3,1e39\n5,6\n'),
    message: /^"t\.csv", line 3: "1e39" in column "b" is too large: a 32-bit number ends at 3\.4e38\.$/,
    place: atColumn(1),
  },
  {
    what: 'a cell that is no number',
    model: tableModel,
    content: bytes('a,b\n1,2\n3,four\n5,6\n'),
    message: /^"t\.csv", line 3: "four" in column "b" is not a number\.$/,
    place: atColumn(1),
  },
  {
    what: 'an empty cell',
    model: tableModel,
    content: bytes('a,b\n1,2\n,4\n5,6\n'),
    message: /^"t\.csv", line 3: "" in column "a" is not a number\.$/,
    place: atColumn(0),
  },
];

for (const { what, model, content, message, place } of badInputs) {
  test(`bad input: ${what}`, async () => {
    const checked = await model();
    assert.throws(
      () => readDataset(checked.data, content),
      (error) => {
        assert.ok(error instanceof DataError, String(error));
        assert.match(error.message, message);
        assert.deepEqual(error.source, place(checked));
        return true;
      },
    );
  });
}

test('bad input: a batch of more sequences than there are', async () => {
  const { data, train } = await textModel({ batch: 32 });
  const dataset = readDataset(data, bytes('to be or not to be'));
  assert.throws(
    () => new Minibatches(dataset, data, train, new Random(1)),
    (error) => {
      assert.ok(error instanceof DataError);
      assert.match(
        error.message,
        /^A batch of 32 is more than the training data hold: 4 sequences of 3 time steps\./,
      );
      assert.deepEqual(error.source, train.ranges.batch);
      return true;
    },
  );
});

test('every epoch takes each sequence at most once, in an order of its own', async () => {
  const { data, train } = await textModel({ batch: 3, window: 1, settings: everything });
  const alphabet = 'abcdefghijk';
  const dataset = readDataset(data, bytes(alphabet));
  const minibatches = new Minibatches(dataset, data, train, new Random(4));
  const epoch = (): number[] =>
    Array.from({ length: minibatches.perEpoch }, () => [...minibatches.next().inputs.values]).flat();
  const [first, second] = [epoch(), epoch()];
  assert.equal(minibatches.perEpoch, 3);
  assert.equal(new Set(first).size, 9);
  assert.equal(new Set(second).size, 9);
  assert.notDeepEqual(first, second);
});

const shared = join(root, '../shared/data');
const skip = skipUnless(existsSync(shared), 'the shared data do not lie beside the project');
test('real data: tiny-shakespeare and the sunspots', { skip }, async () => {
  const text = await textModel({ window: 50 });
  const shakespeare = readDataset(text.data, readFileSync(join(shared, 'tiny-shakespeare.txt')));
  assert.equal(shakespeare.vocabulary?.length, 65);
  assert.equal(shakespeare.sequenceCount, 17846);
  const sunspots = await checkedModel(`
    data { source = csv("s.csv") inputs = ["Sunspots"] targets = ["Sunspots"] window = 24 normalize = zscore }
    model { GRU(4) dense linear }
    train { loss = mse optimizer = adam(lr = 0.01) batch = 8 }`);
  const dataset = readDataset(sunspots.data, readFileSync(join(shared, 'monthly-sunspots.csv')));
  assert.equal(dataset.inputText(dataset.batch([0]), 1, 0), '58');
});
