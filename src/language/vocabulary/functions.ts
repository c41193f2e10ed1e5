/** Functions of equations. */
import type { FunctionName } from '../checked-model.ts';
import type { NumberKind } from './kinds.ts';

/** As equations are written; `affine` and `window` are written out by the checks. */
export type WrittenFunction = FunctionName | 'affine' | 'window';

export interface FunctionDescription {
  /** Its definition. */
  readonly meaning: string;
  /** Its derivative in terms of its argument and value. */
  readonly derivative: string;
  readonly parameters: readonly FunctionParameter[];
  /** What its value is when all arguments are right. */
  readonly shape: string;
}

export interface FunctionParameter {
  readonly name: string;
  /** A value of the equation, or a number that is known before training starts. */
  readonly value: { readonly kind: 'value' } | NumberKind;
  readonly documentation: string;
  readonly default?: number;
  /** May be left out, though no number stands for it. */
  readonly optional?: true;
  /** Can be given any number of times. */
  readonly repeated?: true;
}

const value = { kind: 'value' } as const;

/** Of what `window` and `maxout` write out: equations have to be read. */
const mostParts = 1000;

/** v, of any shape. */
const operand: FunctionParameter = { name: 'v', value, documentation: 'A vector or a scalar.' };
const vector: FunctionParameter = { name: 'v', value, documentation: 'A vector.' };

type Brief = Pick<FunctionDescription, 'meaning' | 'derivative'>;

function elementwise(description: Brief, ...others: FunctionParameter[]): FunctionDescription {
  return { ...description, parameters: [operand, ...others], shape: 'the shape of v' };
}

function reduction(description: Brief): FunctionDescription {
  return { ...description, parameters: [vector], shape: 'a scalar' };
}

const several: readonly FunctionParameter[] = [
  { name: 'a', value, documentation: 'A vector or a scalar.' },
  { name: 'b', value, documentation: 'A vector of as many units, or a scalar.', repeated: true },
];

export const functions: Readonly<Record<WrittenFunction, FunctionDescription>> = {
  sigmoid: elementwise({
    meaning: 'σ(v) = 1 / (1 + e⁻ᵛ), in (0, 1)',
    derivative: "σ'(v) = σ(v) · (1 − σ(v)), at most 1/4",
  }),
  tanh: elementwise({
    meaning: 'tanh(v) = (eᵛ − e⁻ᵛ) / (eᵛ + e⁻ᵛ), in (−1, 1)',
    derivative: "tanh'(v) = 1 − tanh²(v), at most 1",
  }),
  relu: elementwise({ meaning: 'relu(v) = max(0, v)', derivative: "relu'(v) = 1 where v > 0, else 0" }),
  leaky_relu: elementwise(
    {
      meaning: 'leaky_relu(v) = v where v > 0, else slope · v (Maas et al. 2013)',
      derivative: "leaky_relu'(v) = 1 where v > 0, else slope",
    },
    {
      name: 'slope',
      value: { kind: 'number', atLeast: 0, below: 1 },
      documentation: 'Derivative where v is negative.',
      default: 0.01,
    },
  ),
  prelu: elementwise(
    {
      meaning:
        'prelu(v, slope) = v where v > 0, else slope · v, with a slope that is learnt (He et al. 2015)',
      derivative: '∂prelu/∂v = 1 where v > 0, else slope; ∂prelu/∂slope = min(0, v)',
    },
    { name: 'slope', value, documentation: 'A parameter: a vector, one slope a unit, or a scalar.' },
  ),
  elu: elementwise(
    {
      meaning: 'elu(v) = v where v > 0, else alpha · (eᵛ − 1) (Clevert et al. 2016)',
      derivative: "elu'(v) = 1 where v > 0, else alpha · eᵛ",
    },
    {
      name: 'alpha',
      value: { kind: 'number', above: 0 },
      documentation: 'The value is never below −alpha.',
      default: 1,
    },
  ),
  softplus: elementwise({
    meaning: 'softplus(v) = log(1 + eᵛ), a smooth relu',
    derivative: "softplus'(v) = σ(v)",
  }),
  hard_sigmoid: elementwise({
    meaning: 'hard_sigmoid(v) = min(1, max(0, v / 6 + 1/2)), straight pieces in place of σ',
    derivative: "hard_sigmoid'(v) = 1/6 where −3 < v < 3, else 0",
  }),
  hard_tanh: elementwise({
    meaning: 'hard_tanh(v) = min(1, max(−1, v)), straight pieces in place of tanh',
    derivative: "hard_tanh'(v) = 1 where −1 < v < 1, else 0",
  }),
  softmax: {
    meaning: 'softmax(v)ᵢ = exp(vᵢ) / Σⱼ exp(vⱼ) over the units of a vector',
    derivative: '∂softmaxᵢ/∂vⱼ = softmaxᵢ · (δᵢⱼ − softmaxⱼ)',
    parameters: [vector],
    shape: 'the shape of v',
  },
  exp: elementwise({ meaning: 'exp(v) = eᵛ', derivative: "exp'(v) = eᵛ" }),
  log: elementwise({ meaning: 'log(v), the natural logarithm, of v > 0', derivative: "log'(v) = 1 / v" }),
  sqrt: elementwise({ meaning: 'sqrt(v) = √v, of v ≥ 0', derivative: "sqrt'(v) = 1 / (2 √v)" }),
  abs: elementwise({ meaning: 'abs(v) = |v|', derivative: "abs'(v) = sign(v), 0 at 0" }),
  min: {
    meaning: 'min(a, b, …): unit by unit the smallest',
    derivative: '1 for the one that is smallest, the first of equal ones; 0 for the others',
    parameters: several,
    shape: 'the shape of a vector among its arguments',
  },
  max: {
    meaning: 'max(a, b, …): unit by unit the largest',
    derivative: '1 for the one that is largest, the first of equal ones; 0 for the others',
    parameters: several,
    shape: 'the shape of a vector among its arguments',
  },
  maxout: {
    meaning:
      'maxout(v, k): v is k equal parts end to end; unit by unit the largest of them (Goodfellow et al. 2013)',
    derivative: '1 for the part that is largest, the first of equal ones; 0 for the others',
    parameters: [
      vector,
      {
        name: 'k',
        value: { kind: 'number', whole: true, atLeast: 2, atMost: mostParts },
        documentation: `Number of parts, at most ${mostParts}.`,
      },
    ],
    shape: 'a k-th of the units of v',
  },
  concat: {
    meaning: 'concat(a, b, …): vectors, and scalars, end to end',
    derivative: 'each argument receives its own part of the adjoint',
    parameters: [
      { name: 'a', value, documentation: 'A vector or a scalar.' },
      { name: 'b', value, documentation: 'A vector or a scalar.', repeated: true },
    ],
    shape: 'as many units as its arguments together',
  },
  window: {
    meaning: 'window(q, k) = concat(q, q[t-1], …, q[t-k+1]): the last k values of a quantity, newest first',
    derivative: 'each of the k values receives its own part of the adjoint, at its own time step',
    parameters: [
      { name: 'q', value, documentation: 'A quantity, or `x`; `window(y[t-1], k)` starts one step ago.' },
      {
        name: 'k',
        value: { kind: 'number', whole: true, atLeast: 1, atMost: mostParts },
        documentation: `Number of values, at most ${mostParts}.`,
      },
    ],
    shape: 'k times the units of q',
  },
  affine: {
    meaning:
      'affine(u, v, w) = W @ u + U @ v + V @ w + b, with weights and a bias of its own: in the equation of f they are `W_f`, `U_f`, `V_f` and `b_f`. ' +
      'W and V start as `glorot`, U as `orthogonal` where it is square.',
    derivative: 'δu = Wᵀ δ, δW = Σ δ ⊗ u, and so on; δb = Σ δ',
    parameters: [
      { name: 'u', value, documentation: 'A vector, usually `x`.' },
      { name: 'v', value, documentation: 'A vector, usually `h[t-1]`.', optional: true },
      { name: 'w', value, documentation: 'A vector.', optional: true },
      {
        name: 'units',
        value: { kind: 'number', whole: true, atLeast: 1 },
        documentation: "Units of the result; left out: the cell's argument `units`.",
        optional: true,
      },
      {
        name: 'bias',
        value: { kind: 'number' },
        documentation: 'Where the bias starts.',
        default: 0,
      },
    ],
    shape: '`units` units',
  },
  norm: reduction({
    meaning: 'norm(v) = √(Σ vᵢ²), the Euclidean length; never below 1e-15',
    derivative: '∂norm/∂vᵢ = vᵢ / norm(v), 0 at 0',
  }),
  sum: reduction({ meaning: 'sum(v) = Σ vᵢ', derivative: '∂sum/∂vᵢ = 1' }),
  mean: reduction({ meaning: 'mean(v) = Σ vᵢ / n', derivative: '∂mean/∂vᵢ = 1 / n' }),
};

/** The cell's input, in every cell. */
export const inputName = 'x';

export function isFunctionName(name: string): name is WrittenFunction {
  return Object.hasOwn(functions, name);
}

/** `leaky_relu(v, slope = 0.01)` */
export function signatureOf(name: WrittenFunction): string {
  return `${name}(${functions[name].parameters.map(parameterText).join(', ')})`;
}

export function parameterText({ name, default: byDefault, optional, repeated }: FunctionParameter): string {
  if (byDefault !== undefined) return `${name} = ${byDefault}`;
  return `${name}${optional ? '?' : ''}${repeated ? ', …' : ''}`;
}
