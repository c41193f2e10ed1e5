import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LanguageClient } from '../language-client.ts';
import { fileOf, fileWithCell, unmark } from '../marked-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-hover-'));
const uri = pathToFileURL(join(folder, 'model.rnn')).href;
let client: LanguageClient;
before(async () => {
  writeFileSync(join(folder, 'a.txt'), 'To be, or not to be');
  writeFileSync(
    join(folder, 'cells.rnn'),
    'cell Gate { h = sigmoid(x) output h }\ncell Pass { h = x output h }',
  );
  client = await LanguageClient.start();
});
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

/** The hover over the mark `«»`, or at the start of the marked word. */
async function hover(marked: string): Promise<string> {
  const { text, places } = unmark(marked);
  await client.write(uri, text);
  return (await client.hover(uri, places[0]!.start)) ?? '';
}

const cell = `cell A(units, leak = 0.3) {
  # What the input adds.
  param W : [units, x] ~ glorot
  param U, V : [units, units] ~ orthogonal
  param b : [units] = 1
  initial h = 0.5
  c = W @ x + U @ h[t-1] - b  # the sum
  h = (1 - leak) * h[t-1] + leak * tanh(-c) / (1 + V @ c)
  output h
}`;
/** The cell in a model, over 3 inputs, with one place marked. */
const inModel = (find: string, marked: string) =>
  fileWithCell('').replace(/cell A[^}]*}/, () => cell.replace(find, marked));

type Row = readonly [what: string, marked: string, says: readonly (RegExp | string)[]];

const settings: readonly Row[] = [
  ['a block', fileOf().replace('train {', '«train» {'), [/How the model learns/]],
  ['a key', fileOf().replace('loss =', '«loss» ='), [/mean over time steps/, /`cross_entropy`: Mean of/]],
  [
    'a key by an example, not the file',
    fileOf().replace('batch =', '«batch» ='),
    [/^Sequences in a/, /For example `batch = 32`/],
  ],
  ['a key with its default', fileOf().replace('batch =', '«epochs» = 2 batch ='), [/Default: `1`/]],
  ['a value', fileOf().replace('adam', '«adam»'), [/Kingma & Ba/, /`beta2`: .*Default: `0.999`/]],
  ['an argument', fileOf().replace('adam', 'adam(«lr» = 1)'), [/Learning rate.*Default: `0.001`/]],
  [
    'a constant',
    `# How wide.\nlet «n» = 2 * 32\n${fileOf()}`,
    ['let n = 2 * 32', 'How wide.', 'Constant `n`: 64.'],
  ],
  [
    'a constant where it is read',
    `let n = 8\n${fileOf().replace('LSTM(8)', 'LSTM(«n»)')}`,
    ['Constant `n`: 8.'],
  ],
  [
    'an import',
    `import «"cells.rnn"»\n${fileOf().replace('LSTM(8)', 'Gate LSTM(8)')}`,
    ['Cells of "cells.rnn": `Gate`, `Pass`.'],
  ],
  [
    'the name of a block',
    fileOf().replace('data d', '# The plays.\ndata d').replace('loss =', 'data = «d» loss ='),
    ['data d', 'The plays.'],
  ],
];

const layers: readonly Row[] = [
  [
    'a layer',
    fileOf().replace('dense', '«dense»'),
    [/W @ x \+ b/, 'Here: 8 → vocabulary units, 9 · vocabulary parameters.'],
  ],
  ['a layer that learns nothing', fileOf().replace('onehot', '«onehot»'), ['nothing to learn.']],
  [
    'layers in braces',
    fileOf().replace('LSTM(8)', 'Elman(8) «repeat»(2) { Elman(8) }'),
    ['Here: 8 → 8 units, 272 parameters.'],
  ],
  [
    'a prelude cell',
    fileOf().replace('LSTM', '«LSTM»'),
    [
      'cell LSTM(units, forget_bias = 1)',
      'c = f ⊙ c[t−1] + i ⊙ g',
      /Long short-term memory/,
      'Parameters: 4 · units + 4 · units · units + 4 · units · x.',
      '- `LSTM(8)`: 32 · vocabulary + 288 parameters',
      'Here: vocabulary → 8 units, 32 · vocabulary + 288 parameters.',
    ],
  ],
  [
    'a cell that reads in both directions',
    fileOf().replace('LSTM(8)', 'bidirectional(«Elman»(8))'),
    ['h = tanh(W x + U h[t−1] + b)', '- `bidirectional(Elman(8))`: 16 · vocabulary + 144 parameters'],
  ],
  [
    'an imported cell',
    `import "cells.rnn"\n${fileOf().replace('LSTM(8)', '«Gate» LSTM(8)')}`,
    ['cell Gate', 'h = σ(x)'],
  ],
  [
    'an argument of a cell',
    fileOf().replace('LSTM(8)', 'LSTM(«units» = 8)'),
    ['Argument of the cell `LSTM`'],
  ],
  [
    'dropout of a cell',
    fileOf().replace('LSTM(8)', 'LSTM(8, «recurrent_dropout» = 20%)'),
    [/Gal & Ghahramani/],
  ],
];

const names: readonly Row[] = [
  [
    'a quantity',
    inModel('V @ c', 'V @ «c»'),
    [
      'c = W @ x + U @ h[t-1] - b',
      'the sum',
      'Quantity `c`, shape `[units]`; `[8]` in `A(8)`.',
      'c = W x + U h[t−1] − b',
      'δc = −(δh / (1 + V c)) · leak ⊙ (1 − tanh²(−c)) + Vᵀ δh.7',
      'δh.7 = −δh ⊙ (leak',
      '∂L/∂',
    ],
  ],
  [
    'the adjoint of a state',
    'cell B(units) { param U : [units, units] ~ orthogonal c = tanh(-«h»[t-1]) h = U @ c output h }',
    ['h = U c', 'δh = δoutput − δc.pre[t+1]'],
  ],
  [
    'a parameter',
    inModel('W @ x', '«W» @ x'),
    [
      'param W : [units, x] ~ glorot',
      'What the input adds.',
      'Parameter `W`, shape `[units, x]`; `[8, 3]` in `A(8)`.',
      'Numbers: units · x; 24 in `A(8)`.',
      'Starts as `glorot`: Uniform in ±√(6 / (rows + columns))',
      'δW = Σₜ δc ⊗ x',
      'all time steps',
    ],
  ],
  ['how a constant parameter starts', inModel('- b', '- «b»'), ['Starts as 1.', 'δb = −Σₜ δc']],
  [
    'an argument',
    inModel('leak * tanh', '«leak» * tanh'),
    ['leak = 0.3', 'Argument of the cell `A`, as in `A(8)`.'],
  ],
  ['the input', inModel('W @ x', 'W @ «x»'), ["the cell's input", '`[3]` in `A(8)`', 'δx = Wᵀ δc']],
  ['what output names', inModel('output h', 'output «h»'), ['Quantity `h`']],
  ['a quantity of a cell without a model', cell.replace('V @ c', 'V @ «c»'), ['shape `[units]`.', 'δc = ']],
  [
    'what equations are written out for',
    'cell A(units, taps = 3) { param W : [units, taps * x] ~ glorot «h» = W @ window(x, taps) output h }',
    ['h = W concat(x, x[t−1], x[t−2])', 'Written out for `taps = 3`.'],
  ],
  [
    'a cell whose shapes are wrong',
    'cell A(units) { param W : [units, 3] ~ glorot «h» = W @ W output h }',
    ['Quantity `h`'],
  ],
];

const operations: readonly Row[] = [
  [
    'a function',
    inModel('tanh', '«tanh»'),
    [/\(−1, 1\)/, /1 − tanh²\(v\)/, 'Here: `tanh([units])` → `[units]`.'],
  ],
  [
    'affine',
    'cell A(units) { h = tanh(«affine»(x, h[t-1])) output h }',
    [
      'It makes `W_h`, `U_h`, `b_h`.',
      'δU_h = Σₜ δh.pre ⊗ h[t−1]',
      'Here: `affine([x], [units])` → `[units]`.',
    ],
  ],
  ['a matrix product', inModel('W @', 'W «@»'), ['δv = Wᵀ δ', 'Here: `[units, x] @ [x]` → `[units]`.']],
  ['a product', inModel('leak * tanh', 'leak «*» tanh'), ['δa = δ ⊙ b', 'Here: `[] * [units]` → `[units]`.']],
  [
    'a sum',
    inModel('W @ x + U', 'W @ x «+» U'),
    ['δa = δ, δb = δ.', 'Here: `[units] + [units]` → `[units]`.'],
  ],
  ['a difference', inModel('(1 - leak)', '(1 «-» leak)'), ['δb = −δ.', 'Here: `[] - []` → `[]`.']],
  ['a quotient', inModel('/ (1 +', '«/» (1 +'), ['δb = −δ ⊙ q / b']],
  ['a minus', inModel('tanh(-c)', 'tanh(«-»c)'), ['δa = −δ']],
  [
    'a delay',
    inModel('h[t-1] - b', 'h«[»t-1] - b'),
    [
      '`h[t-1]`: `h` one time step ago. Before the first step it is `0.5`, by `initial h = 0.5`.',
      'receives from t + 1',
    ],
  ],
  [
    'the steps of a delay',
    'cell A { h = x[t-«2»] output h }',
    ['`x` 2 time steps ago. Before the first step it is 0.'],
  ],
  ['how a parameter starts at random', inModel('[units, x] ~', '[units, x] «~»'), ['`seed`']],
  ['an initialiser', inModel('glorot', '«glorot»'), [/Glorot & Bengio/]],
  ['the word param', inModel('param W', '«param» W'), [/how they start/]],
  ['the word output', inModel('output', '«output»'), [/hands on/]],
];

for (const [group, rows] of Object.entries({ settings, layers, names, operations })) {
  describe(`hover over ${group}`, () => {
    for (const [what, marked, says] of rows) {
      it(`explains ${what}`, async () => {
        const text = await hover(marked);
        for (const part of says) {
          assert.ok(typeof part === 'string' ? text.includes(part) : part.test(text), `${part} in:\n${text}`);
        }
      });
    }
  });
}

describe('hover', () => {
  it('says nothing of what says nothing', async () => {
    assert.equal(await hover(fileOf().replace('train {', 'train «{»')), '');
    assert.equal(await hover(`# A «comment».\n${fileOf()}`), '');
  });
});
