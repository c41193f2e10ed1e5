/**
 * An evaluator of checked models in float64 that shares nothing with the compiler: it walks the equations as they were
 * written. Gradients are checked against finite differences of its loss.
 */

import type { Batch, Steps } from '../../src/engine/data/batch.ts';
import type { CheckedModel, Expression, FunctionName, LayerSpec } from '../../src/language/checked-model.ts';

/** Parameters by `layer name`, flat, row by row. */
export type ReferenceParameters = ReadonlyMap<string, Float64Array>;

/**
 * Adds `amount` to one unit of one quantity of one sample at one time step, as soon as it has been computed; with
 * `readAt` only to what that later time step reads of it.
 */
export interface Nudge {
  readonly layer: string;
  readonly quantity: string;
  readonly t: number;
  readonly sample: number;
  readonly unit: number;
  readonly amount: number;
  readonly readAt?: number;
}

type Vector = Float64Array;
/** Values of one layer for one sample: name → time step (from 1) → units. */
type Memory = Map<string, Vector[]>;

export interface ReferenceModel {
  readonly model: CheckedModel;
  /** Ids as the compiler gives them, beside the layers of the model. */
  readonly layerIds: readonly string[];
  readonly batchSize: number;
  readonly vocabularySize: number;
}

export function referenceLoss(
  reference: ReferenceModel,
  parameters: ReferenceParameters,
  batch: Batch,
  nudge?: Nudge,
): number {
  let sum = 0;
  for (let sample = 0; sample < reference.batchSize; sample += 1) {
    const here = nudge?.sample === sample ? nudge : undefined;
    const { losses } = referencePass(reference, parameters, batch, sample, here);
    sum += losses.reduce((total, loss) => total + loss, 0);
  }
  return sum / (reference.batchSize * reference.model.data.window);
}

/** One sample's way through time. */
export interface ReferencePass {
  /** Of every time step, [T]. */
  readonly losses: Float64Array;
  /** A quantity of a layer at a time step, from 1. */
  readonly value: (layer: string, quantity: string, t: number) => Float64Array;
}

export function referencePass(
  { model, layerIds, batchSize, vocabularySize }: ReferenceModel,
  parameters: ReferenceParameters,
  batch: Batch,
  sample: number,
  nudge: Nudge | undefined,
): ReferencePass {
  const memories: Memory[] = model.layers.map(() => new Map());
  const losses = new Float64Array(model.data.window);
  for (let t = 1; t <= model.data.window; t += 1) {
    const row = (t - 1) * batchSize + sample;
    let x = entry(batch.inputs, row);
    let logits = x;
    model.layers.forEach((layer, index) => {
      const id = layerIds[index]!;
      const step: Step = { layer, id, parameters, vocabularySize, memory: memories[index]!, t, nudge };
      logits = layer.kind === 'softmax' ? x : logits;
      x = runLayer(step, x);
    });
    const target = entry(batch.targets, row);
    losses[t - 1] = model.train.loss === 'mse' ? meanSquare(x, target) : crossEntropy(logits, target[0]!);
  }
  return { losses, value: (layer, quantity, t) => memories[layerIds.indexOf(layer)]!.get(quantity)![t]! };
}

interface Step {
  readonly layer: LayerSpec;
  readonly id: string;
  readonly parameters: ReferenceParameters;
  readonly vocabularySize: number;
  readonly memory: Memory;
  readonly t: number;
  readonly nudge: Nudge | undefined;
}

function runLayer(step: Step, x: Vector): Vector {
  const { layer, id, parameters } = step;
  const parameter = (name: string): Vector => parameters.get(`${id} ${name}`)!;
  const y = (vector: Vector): Vector => store(step, 'y', vector);
  switch (layer.kind) {
    case 'onehot':
      return Float64Array.from({ length: step.vocabularySize }, (_, unit) => (unit === x[0] ? 1 : 0));
    case 'embed': {
      const size = layer.outputSize as number;
      return y(parameter('E').slice(x[0]! * size, (x[0]! + 1) * size));
    }
    case 'dense': {
      const product = multiply(parameter('W'), x);
      return y(product.map((entry, unit) => entry + parameter('b')[unit]!));
    }
    case 'softmax':
      return softmax(x);
    case 'linear':
      return y(x.slice());
    case 'cell': {
      store(step, 'x', x);
      for (const equation of layer.cell.equations) {
        const value = isActivated(equation.value)
          ? preActivated(equation.name, equation.value, step)
          : evaluate(equation.value, step);
        store(step, equation.name, spread(value, equation.shape));
      }
      return step.memory.get(layer.cell.output)![step.t]!;
    }
    default:
      throw new Error(`The reference knows no ${layer.kind}.`);
  }
}

type Call = Extract<Expression, { kind: 'call' }>;

function isActivated(value: Expression): value is Call {
  if (value.kind !== 'call' || isLeaf(value.arguments[0]!)) return false;
  return !['min', 'max', 'concat', 'norm', 'sum', 'mean'].includes(value.function);
}

function preActivated(name: string, call: Call, step: Step): Vector {
  const [first, ...others] = call.arguments.map((argument) => evaluate(argument, step));
  return apply(call.function, [store(step, `${name}.pre`, first!), ...others]);
}

function store({ memory, id, t, nudge }: Step, name: string, vector: Vector): Vector {
  const kept = vector.slice();
  const isNudged = nudge?.layer === id && nudge.quantity === name && nudge.t === t;
  if (isNudged && nudge.readAt === undefined) kept[nudge.unit]! += nudge.amount;
  if (!memory.has(name)) memory.set(name, []);
  memory.get(name)![t] = kept;
  return kept;
}

function evaluate(expression: Expression, step: Step): Vector {
  switch (expression.kind) {
    case 'number':
      return Float64Array.of(expression.value);
    case 'parameter':
      return step.parameters.get(`${step.id} ${expression.name}`)!;
    case 'quantity':
      return read(expression, step);
    case 'negate':
      return evaluate(expression.operand, step).map((entry) => -entry);
    case 'call':
      return apply(
        expression.function,
        expression.arguments.map((argument) => evaluate(argument, step)),
      );
    case 'binary': {
      const left = evaluate(expression.left, step);
      const right = evaluate(expression.right, step);
      return expression.operator === '@' ? multiply(left, right) : combine(expression.operator, left, right);
    }
  }
}

function read(quantity: Extract<Expression, { kind: 'quantity' }>, step: Step): Vector {
  const { name, delay, shape } = quantity;
  const { layer, memory, nudge } = step;
  const t = step.t - delay;
  if (nudge?.readAt === step.t && nudge.layer === step.id && nudge.quantity === name && nudge.t === t) {
    const nudged = read(quantity, { ...step, nudge: undefined }).slice();
    nudged[nudge.unit]! += nudge.amount;
    return nudged;
  }
  if (t >= 1) return memory.get(name)![t]!;
  const initial = layer.kind === 'cell' ? layer.cell.initial.get(name) : undefined;
  const [size = 1] = shape;
  const length = typeof size === 'number' ? size : memory.get('x')![1]!.length;
  if (initial?.kind !== 'parameter') return new Float64Array(length).fill(initial?.value ?? 0);
  const values = step.parameters.get(`${step.id} ${initial.name}`)!;
  return values.length === length ? values : new Float64Array(length).fill(values[0]!);
}

function combine(operator: '+' | '-' | '*' | '/', left: Vector, right: Vector): Vector {
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

function multiply(matrix: Vector, vector: Vector): Vector {
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

function apply(name: FunctionName, operands: readonly Vector[]): Vector {
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

function total(x: Vector): number {
  return x.reduce((sum, entry) => sum + entry, 0);
}

function softmax(x: Vector): Vector {
  const powers = x.map((entry) => Math.exp(entry - Math.max(...x)));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function crossEntropy(logits: Vector, target: number): number {
  return -Math.log(softmax(logits)[target]!);
}

function meanSquare(prediction: Vector, target: Vector): number {
  return prediction.reduce((sum, entry, unit) => sum + (entry - target[unit]!) ** 2, 0) / prediction.length;
}

function spread(value: Vector, shape: readonly unknown[]): Vector {
  const [size] = shape;
  return typeof size === 'number' && value.length !== size ? new Float64Array(size).fill(value[0]!) : value;
}

function entry(steps: Steps, row: number): Vector {
  if (steps.kind === 'tokens') return Float64Array.of(steps.values[row]!);
  return Float64Array.from(steps.values.subarray(row * steps.size, (row + 1) * steps.size));
}

function isLeaf({ kind }: Expression): boolean {
  return kind === 'number' || kind === 'quantity' || kind === 'parameter';
}
