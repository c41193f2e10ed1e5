/** The functions of the language in float64, by their definitions. */
import type { FunctionName } from '../../src/language/checked-model.ts';

export type Vector = Float64Array;

export function combine(operator: '+' | '-' | '*' | '/', left: Vector, right: Vector): Vector {
  const operate = {
    '+': (a: number, b: number) => a + b,
    '-': (a: number, b: number) => a - b,
    '*': (a: number, b: number) => a * b,
    '/': (a: number, b: number) => a / b,
  }[operator];
  const at = (vector: Vector, unit: number): number => (vector.length === 1 ? vector[0]! : vector[unit]!);
  return Float64Array.from({ length: Math.max(left.length, right.length) }, (_, unit) =>
    operate(at(left, unit), at(right, unit)),
  );
}

export function multiply(matrix: Vector, vector: Vector): Vector {
  const columns = vector.length;
  return Float64Array.from({ length: matrix.length / columns }, (_, row) =>
    vector.reduce((sum, entry, column) => sum + matrix[row * columns + column]! * entry, 0),
  );
}

/** Of one number; what these are given beside it counts for all units or is a number for each. */
const elementwise: Partial<Record<FunctionName, (x: number, parameter: number) => number>> = {
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  relu: (x) => (x > 0 ? x : 0),
  leaky_relu: (x, slope) => (x > 0 ? x : slope * x),
  prelu: (x, slope) => (x > 0 ? x : slope * x),
  elu: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
  softplus: (x) => Math.log1p(Math.exp(x)),
  hard_sigmoid: (x) => {
    if (x <= -3) return 0;
    return x >= 3 ? 1 : x / 6 + 0.5;
  },
  hard_tanh: (x) => {
    if (x <= -1) return -1;
    return x >= 1 ? 1 : x;
  },
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
};

export function apply(name: FunctionName, operands: readonly Vector[]): Vector {
  const [x, second] = operands as [Vector, Vector];
  const ofUnit = elementwise[name];
  if (ofUnit !== undefined) return unitByUnit(operands, ([entry, parameter]) => ofUnit(entry!, parameter!));
  switch (name) {
    case 'softmax':
      return softmax(x);
    case 'min':
      return unitByUnit(operands, (entries) => Math.min(...entries));
    case 'max':
      return unitByUnit(operands, (entries) => Math.max(...entries));
    case 'maxout': {
      const size = x.length / second[0]!;
      const alike = (unit: number): Vector => x.filter((_, index) => index % size === unit);
      return Float64Array.from({ length: size }, (_, unit) => Math.max(...alike(unit)));
    }
    case 'concat':
      return Float64Array.from(operands.flatMap((operand) => [...operand]));
    case 'sum':
      return Float64Array.of(total(x));
    case 'mean':
      return Float64Array.of(total(x) / x.length);
    case 'norm':
      return Float64Array.of(Math.max(Math.hypot(...x), 1e-15));
    default:
      throw new Error(`The reference knows no ${name}.`);
  }
}

function unitByUnit(operands: readonly Vector[], of: (entries: readonly number[]) => number): Vector {
  const length = Math.max(...operands.map((operand) => operand.length));
  return Float64Array.from({ length }, (_, unit) =>
    of(operands.map((operand) => (operand.length === 1 ? operand[0]! : operand[unit]!))),
  );
}

export function total(x: Vector): number {
  return x.reduce((sum, entry) => sum + entry, 0);
}

export function softmax(x: Vector): Vector {
  const powers = x.map((entry) => Math.exp(entry - Math.max(...x)));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

export function crossEntropy(logits: Vector, target: number): number {
  return -Math.log(softmax(logits)[target]!);
}

export function meanSquare(prediction: Vector, target: Vector): number {
  return prediction.reduce((sum, entry, unit) => sum + (entry - target[unit]!) ** 2, 0) / prediction.length;
}
