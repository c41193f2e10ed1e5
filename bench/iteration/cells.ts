/** The cells that are compared: those of the prelude, and cells that a user writes as `.rnn` text. */

export interface BenchCell {
  /** Its name in `.rnn` text; the other programs know their cells by the same name. */
  readonly name: string;
  /** Its definition; empty for cells of the prelude. */
  readonly definition: string;
  /** Whether PyTorch has a fused layer that computes the same, or one whose products are of the same sizes. */
  readonly fused?: 'same' | 'sameProducts';
  /** Whether tfjs-layers has a layer that computes the same. */
  readonly isInTfjsLayers?: true;
  /** The cell of the prelude with products of the same sizes and as many squashing functions. */
  readonly twin?: 'LSTM';
}

const gruResetAfter = `
# Gated recurrent unit as PyTorch and cuDNN have it: the reset gate acts after the product.
cell GRUResetAfter(units) {
  param W_r, W_z, W_n      : [units, x]     ~ glorot
  param U_r, U_z, U_n      : [units, units] ~ orthogonal
  param b_r, b_z, b_n, c_n : [units]        = 0

  r = sigmoid(W_r @ x + U_r @ h[t-1] + b_r)
  z = sigmoid(W_z @ x + U_z @ h[t-1] + b_z)
  n = tanh(W_n @ x + b_n + r * (U_n @ h[t-1] + c_n))
  h = z * h[t-1] + (1 - z) * n
  output h
}`;

const peepholeLstm = `
# Long short-term memory whose gates see the cell state (Gers & Schmidhuber 2000).
cell PeepholeLSTM(units) {
  param W_i, W_f, W_g, W_o : [units, x]     ~ glorot
  param U_i, U_f, U_g, U_o : [units, units] ~ orthogonal
  param p_i, p_f, p_o      : [units]        ~ uniform(0.1)
  param b_i, b_g, b_o      : [units]        = 0
  param b_f                : [units]        = 1

  i = sigmoid(W_i @ x + U_i @ h[t-1] + p_i * c[t-1] + b_i)
  f = sigmoid(W_f @ x + U_f @ h[t-1] + p_f * c[t-1] + b_f)
  g = tanh(W_g @ x + U_g @ h[t-1] + b_g)
  c = f * c[t-1] + i * g
  o = sigmoid(W_o @ x + U_o @ h[t-1] + p_o * c + b_o)
  h = o * tanh(c)
  output h
}`;

const userLstm = `
# The prelude's LSTM as a user may write it: other names, another order of equations and of sums.
cell UserLSTM(units) {
  param V_news, V_show, V_keep, V_enter : [units, x]     ~ glorot
  param R_news, R_show, R_keep, R_enter : [units, units] ~ orthogonal
  param a_news, a_show, a_enter         : [units]        = 0
  param a_keep                          : [units]        = 1

  news   = tanh(a_news + R_news @ y[t-1] + V_news @ x)
  enter  = sigmoid(a_enter + R_enter @ y[t-1] + V_enter @ x)
  keep   = sigmoid(a_keep + R_keep @ y[t-1] + V_keep @ x)
  memory = enter * news + keep * memory[t-1]
  show   = sigmoid(a_show + R_show @ y[t-1] + V_show @ x)
  y      = show * tanh(memory)
  output y
}`;

const surpriseCell = `
# A slow memory, and how much of what comes in it does not explain; two gates mix both into the output.
cell SurpriseCell(units) {
  param W_k, W_m, W_e, W_v : [units, x]     ~ glorot
  param U_k, U_m, U_e, U_v : [units, units] ~ orthogonal
  param b_m, b_e, b_v      : [units]        = 0
  param b_k                : [units]        = 1

  k = sigmoid(W_k @ x + U_k @ y[t-1] + b_k)  # how much of the slow memory stays
  m = sigmoid(W_m @ x + U_m @ y[t-1] + b_m)  # how much of it shows
  e = sigmoid(W_e @ x + U_e @ y[t-1] + b_e)  # how much of the surprise shows
  v = tanh(W_v @ x + U_v @ y[t-1] + b_v)     # what comes in
  s = k * s[t-1] + (1 - k) * v               # slow memory
  d = v - s                                  # surprise
  y = tanh(m * s + e * d)
  output y
}`;

export const cells: readonly BenchCell[] = [
  { name: 'LSTM', definition: '', fused: 'same', isInTfjsLayers: true },
  // The prelude's reset gate acts before the product, PyTorch's after it.
  { name: 'GRU', definition: '', fused: 'sameProducts', isInTfjsLayers: true },
  { name: 'GRUResetAfter', definition: gruResetAfter, fused: 'same' },
  { name: 'Elman', definition: '', fused: 'same', isInTfjsLayers: true },
  { name: 'PeepholeLSTM', definition: peepholeLstm },
  { name: 'UserLSTM', definition: userLstm, twin: 'LSTM' },
  { name: 'SurpriseCell', definition: surpriseCell, twin: 'LSTM' },
];

export function cellNamed(name: string): BenchCell {
  const cell = cells.find((each) => each.name === name);
  if (cell === undefined) throw new Error(`There is no cell ${name} to measure.`);
  return cell;
}
