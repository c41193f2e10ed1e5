/** What is right gets no diagnostics, of whatever severity, from the language server. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { plainText } from '../../src/language/editor/completion/proposal.ts';
import { fileTemplates } from '../../src/language/vocabulary/templates.ts';
import { LanguageClient } from './language-client.ts';
import { fileOf, prelude, regression } from './marked-text.ts';

const examples = new URL('../../examples/', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'unroll-no-false-alarms-'));
let client: LanguageClient;
before(async () => {
  for (const name of ['a.txt', 'file.txt']) writeFileSync(join(folder, name), 'To be, or not to be');
  for (const name of ['a.csv', 'file.csv']) writeFileSync(join(folder, name), 'a,b,c,value\n1,2,3,4\n');
  client = await LanguageClient.start();
});
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

async function expectNone(uri: string, text: string): Promise<void> {
  assert.deepEqual(await client.write(uri, text), [], text);
}

const scratch = pathToFileURL(join(folder, 'model.rnn')).href;

describe('nothing is said of', () => {
  for (const name of readdirSync(examples).filter((file) => file.endsWith('.rnn'))) {
    const uri = new URL(name, examples);
    it(`the example ${name}`, () => expectNone(uri.href, readFileSync(uri, 'utf8')));
  }
  it('the prelude', () => expectNone(prelude.uri, prelude.text));
  for (const { name, snippet } of fileTemplates) {
    it(`the template for a ${name}`, () => expectNone(scratch, plainText(snippet)));
  }
});

/** Ways to write each cell of the prelude. */
const uses: Readonly<Record<string, readonly string[]>> = {
  Elman: ['Elman(8)', 'Elman(units = 8)'],
  Jordan: ['Jordan(8, 4)', 'Jordan(8, outputs = 4)'],
  IRNN: ['IRNN(8)'],
  Residual: ['Residual(8)'],
  Leaky: ['Leaky(8)', 'Leaky(8, leak = 0.05)'],
  LSTM: ['LSTM(8)', 'LSTM(8, 2)', 'LSTM(8, forget_bias = -2, recurrent_dropout = 20%)'],
  PeepholeLSTM: ['PeepholeLSTM(8)', 'PeepholeLSTM(8, forget_bias = 0)'],
  CoupledLSTM: ['CoupledLSTM(8)', 'CoupledLSTM(8, forget_bias = 3)'],
  GRU: ['GRU(8)', 'GRU(8, recurrent_dropout = 0.1)'],
  ResetAfterGRU: ['ResetAfterGRU(8)'],
  MGU: ['MGU(8)'],
  Delay: ['Delay(8)', 'Delay(8, taps = 1)', 'Delay(8, 10)'],
  AR: ['AR(4)', 'AR(4, order = 1)', 'AR(outputs = 4, order = 12)'],
  NARX: ['NARX(8, 4)', 'NARX(8, 4, taps = 1)'],
};

/** Where a cell can stand among layers. */
const placesOf = (cell: string): readonly string[] => [
  cell,
  `repeat(2) { ${cell} dropout(10%) }`,
  `dense(8) residual { ${cell} layer_norm dense(8) }`,
  `bidirectional(${cell}, merge = sum) last`,
  `${cell} LSTM(4) mean`,
];

/** Of letters, of learnt vectors, and of a table. */
const filesWith = (layers: string): readonly string[] => [
  fileOf({ model: `model { onehot ${layers} dense softmax }` }),
  fileOf({ model: `model { embed(6) ${layers} dense(6) tie softmax }` }),
  fileOf({ ...regression, model: `model { ${layers} dense linear }` }),
];

describe('nothing is said of models', () => {
  it('with every cell of the prelude', () => {
    const cells = [...prelude.text.matchAll(/^cell (\w+)/gm)].map(([, name]) => name);
    assert.deepEqual(Object.keys(uses), cells);
  });
  for (const [cell, written] of Object.entries(uses)) {
    it(`made of ${cell}`, async () => {
      for (const file of written.flatMap(placesOf).flatMap(filesWith)) await expectNone(scratch, file);
    });
  }
});
