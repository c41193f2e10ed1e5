/** The equations of backpropagation through time, as textbooks have them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { cellEquations } from '../../../src/compile/equations/cell-equations.ts';
import type { EquationLine, EquationNotation, StandInCell } from '../../../src/language/equation-texts.ts';
import { standInsOf } from './stand-ins.ts';

const prelude = readFileSync(new URL('../../../src/language/prelude.rnn', import.meta.url), 'utf8');
const preludeCells = standInsOf(prelude);

/** Equations one after the other, then the gradients. */
function textOf(cell: StandInCell | undefined, notation: EquationNotation): string {
  assert.ok(cell);
  const { quantities, parameters } = cellEquations(cell, notation);
  return [
    ...quantities.map(({ forward, adjoint }) => lines([...forward, ...adjoint])),
    lines(parameters.flatMap(({ gradient }) => gradient)),
  ].join('\n\n');
}

function lines(equations: readonly EquationLine[]): string {
  return equations.map(({ text }) => text).join('\n');
}

test('every cell of the prelude has equations', () => {
  const names = [...prelude.matchAll(/^cell (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual([...preludeCells.keys()], names);
  for (const cell of preludeCells.values()) assert.doesNotMatch(textOf(cell, 'mathematics'), /…|δ\w+ = 0/);
});

test('Elman, as mathematics', () => {
  assert.equal(
    textOf(preludeCells.get('Elman'), 'mathematics'),
    `h = tanh(W x + U h[t−1] + b)
δh = δoutput
   + Uᵀ δh.pre[t+1]
δh.pre = δh ⊙ (1 − h²)

δx = Wᵀ δh.pre

δW = Σₜ δh.pre ⊗ x
δU = Σₜ δh.pre ⊗ h[t−1]
δb = Σₜ δh.pre`,
  );
});

test('Elman, in the language', () => {
  assert.equal(
    textOf(preludeCells.get('Elman'), 'language'),
    `h = tanh(W @ x + U @ h[t-1] + b)
δh = δoutput
   + Uᵀ @ δh.pre[t+1]
δh.pre = δh * (1 - h * h)

δx = Wᵀ @ δh.pre

δW = sum_over_time(δh.pre @ xᵀ)
δU = sum_over_time(δh.pre @ h[t-1]ᵀ)
δb = sum_over_time(δh.pre)`,
  );
});

test('LSTM, as mathematics', () => {
  const [quantities, gradients] = textOf(preludeCells.get('LSTM'), 'mathematics').split('\n\nδW_i');
  assert.equal(
    quantities,
    `h = o ⊙ tanh(c)
δh = δoutput
   + U_iᵀ δi.pre[t+1]
   + U_fᵀ δf.pre[t+1]
   + U_oᵀ δo.pre[t+1]
   + U_gᵀ δg.pre[t+1]

c = f ⊙ c[t−1] + i ⊙ g
δc = δh ⊙ o ⊙ (1 − tanh²(c))
   + δc[t+1] ⊙ f[t+1]

g = tanh(W_g x + U_g h[t−1] + b_g)
δg = δc ⊙ i
δg.pre = δg ⊙ (1 − g²)

o = σ(W_o x + U_o h[t−1] + b_o)
δo = δh ⊙ tanh(c)
δo.pre = δo ⊙ o ⊙ (1 − o)

f = σ(W_f x + U_f h[t−1] + b_f)
δf = δc ⊙ c[t−1]
δf.pre = δf ⊙ f ⊙ (1 − f)

i = σ(W_i x + U_i h[t−1] + b_i)
δi = δc ⊙ g
δi.pre = δi ⊙ i ⊙ (1 − i)

δx = W_iᵀ δi.pre
   + W_fᵀ δf.pre
   + W_oᵀ δo.pre
   + W_gᵀ δg.pre`,
  );
  assert.match(gradients!, /^ = Σₜ δi\.pre ⊗ x\n/);
  assert.match(gradients!, /\nδU_f = Σₜ δf\.pre ⊗ h\[t−1\]\n/);
});

test('GRU, as mathematics', () => {
  assert.equal(
    textOf(preludeCells.get('GRU'), 'mathematics'),
    `h = z ⊙ h[t−1] + (1 − z) ⊙ n
δh = δoutput
   + U_rᵀ δr.pre[t+1]
   + U_zᵀ δz.pre[t+1]
   + (U_nᵀ δn.pre[t+1]) ⊙ r[t+1]
   + δh[t+1] ⊙ z[t+1]

n = tanh(W_n x + U_n (r ⊙ h[t−1]) + b_n)
δn = δh ⊙ (1 − z)
δn.pre = δn ⊙ (1 − n²)

z = σ(W_z x + U_z h[t−1] + b_z)
δz = δh ⊙ h[t−1]
   − δh ⊙ n
δz.pre = δz ⊙ z ⊙ (1 − z)

r = σ(W_r x + U_r h[t−1] + b_r)
δr = (U_nᵀ δn.pre) ⊙ h[t−1]
δr.pre = δr ⊙ r ⊙ (1 − r)

δx = W_rᵀ δr.pre
   + W_zᵀ δz.pre
   + W_nᵀ δn.pre

δW_r = Σₜ δr.pre ⊗ x
δW_z = Σₜ δz.pre ⊗ x
δW_n = Σₜ δn.pre ⊗ x
δU_r = Σₜ δr.pre ⊗ h[t−1]
δU_z = Σₜ δz.pre ⊗ h[t−1]
δU_n = Σₜ δn.pre ⊗ (r ⊙ h[t−1])
δb_r = Σₜ δr.pre
δb_z = Σₜ δz.pre
δb_n = Σₜ δn.pre`,
  );
});

const shown: readonly (readonly [what: string, cell: string, name: string, line: string])[] = [
  [
    'arguments by name',
    'cell A(units, leak = 0.3) { param b : [units] = 0 h = leak * b + (1 - leak) * h[t-1] output h }',
    'h',
    '   + δh[t+1] · (1 − leak)',
  ],
  [
    'sizes by name',
    'cell A(units) { param W : [units, x + units] ~ glorot h = W @ concat(x, h[t-1]) output h }',
    'h',
    '   + (Wᵀ δh[t+1])[width(x) : units + width(x)]',
  ],
  ['the number of units in a mean', 'cell A { m = mean(x) h = m * x output h }', 'x', 'δx = δm / width(x)'],
  [
    'a quantity that is multiplied with itself once',
    'cell A { s = tanh(x) h = s * s output h }',
    's',
    'δs = 2 · δh ⊙ s',
  ],
  [
    'trained initial states',
    'cell A(units) { param h0 : [units] = 0 initial h = h0 h = x + h[t-1] output h }',
    'h0',
    'δh0 = Σₜ≤₀ δh',
  ],
  [
    'long parts on lines of their own',
    'cell A { d = tanh(x) h = d / (1 + d * (d + h[t-3]) * (2 + softplus(d) * exp(d)) * h[t-1]) output h }',
    'd',
    '   + δh / h.1',
  ],
  [
    'weights that affine makes',
    'cell A(units) { h = tanh(affine(x, h[t-1])) output h }',
    'U_h',
    'δU_h = Σₜ δh.pre ⊗ h[t−1]',
  ],
];
for (const [what, text, name, line] of shown) {
  test(`shows ${what}`, () => {
    const { quantities, parameters } = cellEquations(standInsOf(text).get('A')!, 'mathematics');
    const adjoint = quantities.find((each) => each.name === name)?.adjoint;
    const found = adjoint ?? parameters.find((each) => each.name === name)!.gradient;
    assert.ok(
      found.some((each) => each.text === line),
      lines(found),
    );
  });
}

test('tells what it is written out for', () => {
  const { assumed } = preludeCells.get('NARX')!;
  assert.deepEqual([...assumed], [['taps', 3]]);
});

test('every line knows what of the source it comes from', () => {
  const { quantities, parameters } = cellEquations(preludeCells.get('LSTM')!, 'language');
  const source = prelude.split('\n');
  const origins = [
    ...quantities.flatMap(({ adjoint }) => adjoint),
    ...parameters.flatMap(({ gradient }) => gradient),
  ].map(
    ({ text, source: { start, end } }) =>
      `${text} ← ${source[start.line]!.slice(start.character, end.character)}`,
  );
  for (const origin of [
    '   + U_fᵀ @ δf.pre[t+1] ← U_f @ h[t-1]',
    '   + δc[t+1] * f[t+1] ← f * c[t-1]',
    'δf = δc * c[t-1] ← f * c[t-1]',
    'δW_o = sum_over_time(δo.pre @ xᵀ) ← W_o @ x',
  ]) {
    assert.ok(origins.includes(origin), `${origin}\n${origins.join('\n')}`);
  }
});
