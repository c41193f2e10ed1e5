/** Cells that tests of executors share. */

/**
 * Functions of every kind in the loop over time and outside of it, scalars among vectors, and states that start from
 * trained parameters, a vector and a scalar, at delays of one, two and nine.
 */
export const manyFunctions = `cell ManyFunctions(units) {
  param W, V : [units, x] ~ glorot
  param U : [units, units] ~ orthogonal
  param C : [units, 2 * units + 1] ~ lecun
  param M : [2 * units, units] ~ he
  param p, h0 : [units] ~ normal(0.5)
  param s, m0 : [] = 0.3
  initial h = h0
  initial m = m0
  a = hard_sigmoid(V @ x) * elu(W @ x, 0.5)
  n = norm(h[t-1] - a) + mean(m[t-2])
  k = maxout(M @ h[t-1], 2)
  m = max(0.1, hard_tanh(W @ x + p), prelu(k, p), s * n)
  e = leaky_relu(C @ concat(m, n, h[t-2]) - 0.2 * m[t-1], 0.2)
  h = tanh(e + U @ min(m, h[t-1], s)) * (0.5 + a) + 0.1 * sum(a) * h0 - 0.1 * h[t-9]
  output h
}`;
