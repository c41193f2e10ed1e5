import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { MarkupContent, SignatureHelp } from 'vscode-languageserver';
import { LanguageClient } from '../language-client.ts';
import { unmark } from '../marked-text.ts';

const uri = 'file:///project/signatures.rnn';
let client: LanguageClient;
before(async () => {
  client = await LanguageClient.start();
});
after(() => client.close());

async function helpAt(marked: string): Promise<SignatureHelp | null> {
  const { text, places } = unmark(marked);
  await client.write(uri, text);
  return client.request<SignatureHelp>('signatureHelp', uri, { position: places[0]!.start });
}

/** The signature with its active parameter in «». */
function shown({ signatures: [signature], activeParameter }: SignatureHelp): string {
  const place = signature!.parameters![activeParameter!]?.label as [number, number] | undefined;
  if (!place) return signature!.label;
  const { label } = signature!;
  return `${label.slice(0, place[0])}«${label.slice(...place)}»${label.slice(place[1])}`;
}

const inCell = (line: string) => `cell A(units) {\n  ${line}`;
const lstm = (active: string) =>
  'LSTM(units, forget_bias = 1, recurrent_dropout = 0)'.replace(active, `«${active}»`);

const rows: readonly (readonly [what: string, marked: string, signature: string, documentation: RegExp])[] = [
  ['a function', inCell('h = tanh(«»'), 'tanh(«v»)', /1 − tanh²/],
  [
    'the second argument',
    inCell('h = leaky_relu(x, «»)\n  output h\n}'),
    'leaky_relu(v, «slope = 0.01»)',
    /Maas/,
  ],
  ['arguments that repeat', inCell('h = max(x, x, x, «»'), 'max(a, «b, …»)', /largest/],
  [
    'an argument by name',
    inCell('h = affine(x, bias = «»)'),
    'affine(u, v?, w?, units?, «bias = 0»)',
    /of its own/,
  ],
  ['the inner of two calls', inCell('h = tanh(max(x, sigmoid(x[t-1]), «»'), 'max(a, «b, …»)', /largest/],
  ['the outer of two calls', inCell('h = tanh(max(x, x) + «»'), 'tanh(«v»)', /1 − tanh²/],
  ['an initialiser', inCell('param W : [units] ~ normal(«»)'), 'normal(«deviation»)', /mean 0/],
  ['a cell of the prelude', 'model {\n  onehot\n  LSTM(«»', lstm('units'), /Long short-term memory/],
  ['its second argument', 'model {\n  LSTM(64, «»)\n}', lstm('forget_bias = 1'), /Jozefowicz/],
  ['the first that is free', 'model {\n  LSTM(forget_bias = 2, «»', lstm('units'), /Hochreiter/],
  [
    'the first that is free, after one by place',
    'model {\n  LSTM(3, recurrent_dropout = 1%, «»',
    lstm('forget_bias = 1'),
    /Hochreiter/,
  ],
  [
    'an own cell that comes later',
    'model {\n  Own(2, «»\n}\n\n# Mine.\ncell Own(units, n = -1) {\n  h = x\n  output h\n}',
    'Own(units, «n = -1», recurrent_dropout = 0)',
    /^Mine\.$/,
  ],
  ['a layer', 'model {\n  dense(«»', 'dense(«size?»)', /W @ x \+ b/],
  ['a cell in a layer', 'model {\n  bidirectional(LSTM(«»', lstm('units'), /Hochreiter/],
  [
    'a layer around a cell',
    'model {\n  bidirectional(LSTM(3), merge = «»',
    'bidirectional(cell, «merge = concat»)',
    /Schuster/,
  ],
  [
    'a value',
    'train {\n  optimizer = adam(lr = 0.1, beta2 = «»\n}',
    'adam(lr = 0.001, beta1 = 0.9, «beta2 = 0.999», epsilon = 1e-8)',
    /Kingma/,
  ],
  ['a value of data', 'data d {\n  split = holdout(80%,«»', 'holdout(train, «dev = 0», test = 0)', /./],
];

describe('signature help', () => {
  for (const [what, marked, signature, documentation] of rows) {
    it(`shows ${what}`, async () => {
      const help = await helpAt(marked);
      assert.equal(shown(help!), signature);
      assert.match((help!.signatures[0]!.documentation as MarkupContent).value, documentation);
    });
  }

  const silent: readonly (readonly [what: string, marked: string])[] = [
    ['in the head of a cell', 'cell A(«»'],
    ['in a comment', inCell('h = tanh(x # («»')],
    ['outside of brackets', inCell('h = «»tanh(x)')],
    ['after a call', inCell('h = tanh(x)«»')],
    ['in brackets without a name', inCell('h = («»')],
    ['for a name that there is not', inCell('h = tan(«»')],
    ['between blocks', 'let n = f(«»'],
  ];
  for (const [what, marked] of silent) {
    it(`is silent ${what}`, async () => assert.equal(await helpAt(marked), null));
  }

  it('marks no parameter where there are too many arguments', async () => {
    assert.equal(shown((await helpAt(inCell('h = tanh(x, «»')))!), 'tanh(v)');
  });
});
