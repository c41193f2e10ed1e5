/** Functions of equations. */
import type { ElementwiseFunction, FunctionName } from '../checked-model.ts';

export interface FunctionDescription {
  /** Its definition. */
  readonly meaning: string;
  /** Its derivative in terms of its argument and value. */
  readonly derivative: string;
}

const elementwise: Readonly<Record<ElementwiseFunction, FunctionDescription>> = {
  sigmoid: {
    meaning: 'σ(x) = 1 / (1 + e⁻ˣ), in (0, 1)',
    derivative: "σ'(x) = σ(x) · (1 − σ(x)), at most 1/4",
  },
  tanh: {
    meaning: 'tanh(x) = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ), in (−1, 1)',
    derivative: "tanh'(x) = 1 − tanh²(x), at most 1",
  },
  relu: { meaning: 'relu(x) = max(0, x)', derivative: "relu'(x) = 1 where x > 0, else 0" },
  softplus: { meaning: 'softplus(x) = log(1 + eˣ), a smooth relu', derivative: "softplus'(x) = σ(x)" },
  exp: { meaning: 'exp(x) = eˣ', derivative: "exp'(x) = eˣ" },
  log: { meaning: 'log(x), the natural logarithm, of x > 0', derivative: "log'(x) = 1 / x" },
  sqrt: { meaning: 'sqrt(x) = √x, of x ≥ 0', derivative: "sqrt'(x) = 1 / (2 √x)" },
  abs: { meaning: 'abs(x) = |x|', derivative: "abs'(x) = sign(x), 0 at 0" },
};

/** Functions of equations. */
export const functions: Readonly<Record<FunctionName, FunctionDescription>> = {
  ...elementwise,
  softmax: {
    meaning: 'softmax(x)ᵢ = exp(xᵢ) / Σⱼ exp(xⱼ) over the units of a vector',
    derivative: '∂softmaxᵢ/∂xⱼ = softmaxᵢ · (δᵢⱼ − softmaxⱼ)',
  },
};

/** The cell's input, in every cell. */
export const inputName = 'x';

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(functions, name);
}
