/** Evaluates equations that were read from their text, for one sample. */
import type { Node, Operator } from './equation-reader.ts';

/** Vectors, of which scalars are those of one unit, and matrices row by row. */
export interface Value {
  readonly data: Float64Array;
  /** Of a matrix. */
  readonly columns?: number;
}

export interface Surroundings {
  /** T */
  readonly timeSteps: number;
  /** At any t ≤ T, also before the first step. */
  quantity(name: string, t: number): Value;
  adjoint(name: string, t: number): Value;
  /** Of parameters and arguments; undefined for quantities. */
  constant(name: string): Value | undefined;
}

/** What lies after the last time step: a summand that reads it is nothing. */
class AfterTheEnd extends Error {}

/** How long before the first step adjoints are looked for: no delay in tests is longer. */
const longestDelay = 12;

export function evaluate(node: Node, t: number, surroundings: Surroundings): Value {
  if (node.kind === 'binary' && (node.operator === '+' || node.operator === '-')) {
    const [left, right] = [node.left, node.right].map((side) => evaluate(side, t, surroundings));
    return combine(node.operator, left!, right!);
  }
  if (node.kind === 'unary' && node.operator === '-') {
    return map(evaluate(node.operand, t, surroundings), (entry) => -entry);
  }
  if (node.kind === 'unary' && node.operator === 'Σₜ') {
    return total(node.operand, 1, surroundings.timeSteps, surroundings);
  }
  if (node.kind === 'unary' && node.operator === 'Σₜ≤₀') {
    return total(node.operand, 1 - longestDelay, 0, surroundings);
  }
  try {
    return new Evaluation(t, surroundings).value(node);
  } catch (error) {
    if (error instanceof AfterTheEnd) return scalar(0);
    throw error;
  }
}

function total(node: Node, from: number, to: number, surroundings: Surroundings): Value {
  let sum = scalar(0);
  for (let t = from; t <= to; t += 1) sum = combine('+', sum, evaluate(node, t, surroundings));
  return sum;
}

class Evaluation {
  private readonly t: number;
  private readonly surroundings: Surroundings;

  constructor(t: number, surroundings: Surroundings) {
    this.t = t;
    this.surroundings = surroundings;
  }

  value(node: Node): Value {
    switch (node.kind) {
      case 'number':
        return scalar(node.value);
      case 'name':
        return this.name(node);
      case 'unary':
        return this.unary(node);
      case 'binary':
        return this.binary(node);
      case 'call':
        return call(
          node.name,
          node.given.map((given) => this.value(given)),
        );
      case 'slice':
        return { data: this.value(node.operand).data.slice(node.first, node.end) };
    }
  }

  private name({ name, isAdjoint, offset }: Node & { kind: 'name' }): Value {
    const { timeSteps } = this.surroundings;
    const constant = isAdjoint ? undefined : this.surroundings.constant(name);
    if (constant) return constant;
    const t = this.t + offset;
    if (t > timeSteps) throw new AfterTheEnd();
    return isAdjoint ? this.surroundings.adjoint(name, t) : this.surroundings.quantity(name, t);
  }

  private unary({ operator, operand }: Node & { kind: 'unary' }): Value {
    const value = this.value(operand);
    switch (operator) {
      case '-':
        return map(value, (entry) => -entry);
      case '²':
        return map(value, (entry) => entry * entry);
      case 'ᵀ':
        return value.columns === undefined ? { ...value, columns: value.data.length } : transpose(value);
      default:
        throw new Error('Sums over time stand outermost.');
    }
  }

  private binary({ operator, left, right }: Node & { kind: 'binary' }): Value {
    const [one, other] = [this.value(left), this.value(right)];
    if (operator === '⊗') return outer(one, other);
    if (operator !== '@') return combine(operator, one, other);
    return one.columns === undefined ? outer(one, other) : multiply(one, other);
  }
}

function scalar(value: number): Value {
  return { data: Float64Array.of(value) };
}

function map({ data, ...rest }: Value, change: (entry: number) => number): Value {
  return { data: data.map(change), ...rest };
}

function combine(operator: Exclude<Operator, '@' | '⊗'>, left: Value, right: Value): Value {
  const operate = {
    '+': (a: number, b: number) => a + b,
    '-': (a: number, b: number) => a - b,
    '*': (a: number, b: number) => a * b,
    '/': (a: number, b: number) => a / b,
    '>': (a: number, b: number) => Number(a > b),
    '>=': (a: number, b: number) => Number(a >= b),
  }[operator];
  const at = ({ data }: Value, index: number): number => data[data.length === 1 ? 0 : index]!;
  const length = Math.max(left.data.length, right.data.length);
  const data = Float64Array.from({ length }, (_, index) => operate(at(left, index), at(right, index)));
  const columns = left.columns ?? right.columns;
  return columns === undefined ? { data } : { data, columns };
}

function outer({ data: column }: Value, { data: row }: Value): Value {
  const data = Float64Array.from(
    { length: column.length * row.length },
    (_, index) => column[Math.floor(index / row.length)]! * row[index % row.length]!,
  );
  return { data, columns: row.length };
}

function multiply({ data: matrix, columns = 1 }: Value, { data: vector }: Value): Value {
  if (vector.length !== columns) throw new Error(`${columns} columns times ${vector.length} units`);
  return {
    data: Float64Array.from({ length: matrix.length / columns }, (_, row) =>
      vector.reduce((sum, entry, column) => sum + matrix[row * columns + column]! * entry, 0),
    ),
  };
}

function transpose({ data, columns = 1 }: Value): Value {
  const rows = data.length / columns;
  return {
    data: data.map((_, index) => data[(index % rows) * columns + Math.floor(index / rows)]!),
    columns: rows,
  };
}

const elementwise: Readonly<Record<string, (v: number) => number>> = {
  sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  tanh: Math.tanh,
  relu: (v) => Math.max(0, v),
  softplus: (v) => Math.log1p(Math.exp(v)),
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
  hard_sigmoid: (v) => Math.min(1, Math.max(0, v / 6 + 0.5)),
  hard_tanh: (v) => Math.min(1, Math.max(-1, v)),
};

function call(name: string, given: readonly Value[]): Value {
  const [v, second] = given as [Value, Value];
  const own = elementwise[name];
  if (own) return map(v, own);
  const sum = (): number => v.data.reduce((total, entry) => total + entry, 0);
  const spread = (operate: (a: number, b: number) => number): Value => {
    const length = Math.max(...given.map(({ data }) => data.length));
    const at = ({ data }: Value, index: number): number => data[data.length === 1 ? 0 : index]!;
    const entries = Array.from({ length }, (_, index) =>
      given.map((value) => at(value, index)).reduce((a, b) => operate(a, b)),
    );
    return { data: Float64Array.from(entries) };
  };
  switch (name) {
    case 'sum':
      return scalar(sum());
    case 'mean':
      return scalar(sum() / v.data.length);
    case 'norm':
      return scalar(Math.hypot(...v.data));
    case 'softmax': {
      const powers = map(v, (entry) => Math.exp(entry - Math.max(...v.data)));
      return map(powers, (power) => power / powers.data.reduce((total, entry) => total + entry, 0));
    }
    case 'min':
      return spread(Math.min);
    case 'max':
      return spread(Math.max);
    case 'elu':
      return map(v, (entry) => (entry > 0 ? entry : second.data[0]! * Math.expm1(entry)));
    case 'leaky_relu':
    case 'prelu':
      return spread((entry, slope) => (entry > 0 ? entry : slope * entry));
    case 'maxout': {
      const units = v.data.length / second.data[0]!;
      const parts = Array.from({ length: second.data[0]! }, (_, part) => ({
        data: v.data.slice(part * units, (part + 1) * units),
      }));
      return call('max', parts);
    }
    case 'concat':
      return { data: Float64Array.from(given.flatMap(({ data }) => [...data])) };
    case 'ones':
      return { data: new Float64Array(v.data[0]!).fill(1) };
    case 'pad': {
      const padded = new Float64Array(given[2]!.data[0]!);
      padded.set(v.data, second.data[0]!);
      return { data: padded };
    }
    default:
      throw new Error(`There is no function ${name}.`);
  }
}
