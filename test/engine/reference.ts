/**
 * An evaluator of checked models in float64 that shares nothing with the compiler: it walks the equations as they were
 * written. Gradients are checked against finite differences of its loss.
 */

import type { Batch, Steps } from '../../src/engine/data/batch.ts';
import type {
  CellUse,
  CheckedCell,
  CheckedModel,
  Expression,
  LayerSpec,
} from '../../src/language/checked-model.ts';

import {
  apply,
  combine,
  crossEntropy,
  meanSquare,
  multiply,
  softmax,
  total,
  type Vector,
} from './reference-functions.ts';

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

/** Values of one layer for one sample: name → time step (from 1) → units. */
type Memory = Map<string, Vector[]>;

export interface ReferenceModel {
  readonly model: CheckedModel;
  /** Ids as the compiler gives them, beside the layers of the model. */
  readonly layerIds: readonly string[];
  readonly batchSize: number;
  readonly vocabularySize: number;
  /** Of dropout, as the iteration in hand has drawn it: of a layer, at a time step from 1, for a sample. */
  readonly mask: (layer: string, quantity: string, t: number, sample: number) => Float64Array;
}

export function referenceLoss(
  reference: ReferenceModel,
  parameters: ReferenceParameters,
  batch: Batch,
  nudge?: Nudge,
): number {
  const samples = Array.from({ length: reference.batchSize }, (_, sample) => {
    const here = nudge?.sample === sample ? nudge : undefined;
    const { losses } = referencePass(reference, parameters, batch, sample, here);
    return total(losses) / losses.length;
  });
  return total(Float64Array.from(samples)) / samples.length;
}

/** One sample's way through time. */
export interface ReferencePass {
  /** Of every time step, [T]; above pooling of the last one alone, [1]. */
  readonly losses: Float64Array;
  /** A quantity of a layer at a time step, from 1. */
  readonly value: (layer: string, quantity: string, t: number) => Float64Array;
}

export function referencePass(
  reference: ReferenceModel,
  parameters: ReferenceParameters,
  batch: Batch,
  sample: number,
  nudge: Nudge | undefined,
): ReferencePass {
  return new Pass(reference, parameters, batch, sample, nudge).run();
}

/** By time step, from 1; what a layer does not compute at a step is missing. */
type Sequence = readonly (Vector | undefined)[];

interface Step {
  readonly id: string;
  readonly parameters: ReferenceParameters;
  readonly memory: Memory;
  readonly t: number;
  readonly nudge: Nudge | undefined;
  /** The cell whose equations are evaluated. */
  readonly cell?: CheckedCell;
  /** What its products read its output with at earlier time steps. */
  readonly mask?: Vector | undefined;
  readonly isInProduct?: boolean;
}

class Pass {
  private readonly reference: ReferenceModel;
  private readonly parameters: ReferenceParameters;
  private readonly batch: Batch;
  private readonly sample: number;
  private readonly nudge: Nudge | undefined;
  private readonly memories = new Map<string, Memory>();
  /** Those that no layer has taken yet. */
  private readonly ids: string[];
  private logits: Sequence = [];

  constructor(
    reference: ReferenceModel,
    parameters: ReferenceParameters,
    batch: Batch,
    sample: number,
    nudge: Nudge | undefined,
  ) {
    this.reference = reference;
    this.parameters = parameters;
    this.batch = batch;
    this.sample = sample;
    this.nudge = nudge;
    this.ids = [...reference.layerIds];
  }

  run(): ReferencePass {
    const { model } = this.reference;
    const inputs = this.entries(this.batch.inputs);
    const targets = this.entries(this.batch.targets);
    const prediction = this.layers(model.layers, inputs);
    const losses = (model.train.loss === 'mse' ? prediction : this.logits).flatMap((x, t) => {
      if (x === undefined) return [];
      const target = targets[t]!;
      return [model.train.loss === 'mse' ? meanSquare(x, target) : crossEntropy(x, target[0]!)];
    });
    return {
      losses: Float64Array.from(losses),
      value: (layer, quantity, t) => this.memories.get(layer)!.get(quantity)![t]!,
    };
  }

  private entries(steps: Steps): Sequence {
    const { batchSize, model } = this.reference;
    const rows = Array.from({ length: model.data.window }, (_, step) => step * batchSize + this.sample);
    return [undefined, ...rows.map((row) => entry(steps, row))];
  }

  private layers(specs: readonly LayerSpec[], inputs: Sequence): Sequence {
    return specs.reduce((x, spec) => this.layer(spec, x), inputs);
  }

  private layer(spec: LayerSpec, x: Sequence): Sequence {
    switch (spec.kind) {
      case 'residual': {
        const inner = this.layers(spec.layers, x);
        return this.each(inner, (vector, { t }) => combine('+', vector, x[t]!));
      }
      case 'cell':
        return this.cell(spec, x);
      case 'bidirectional': {
        const fromEnd = this.each(reversed(x), (vector) => vector);
        const backward = this.each(reversed(this.cell(spec, fromEnd)), (vector) => vector);
        const forward = this.cell(spec, x);
        return this.each(forward, (vector, { t }) =>
          spec.merge === 'sum' ? combine('+', vector, backward[t]!) : apply('concat', [vector, backward[t]!]),
        );
      }
      case 'last':
        return onlyLast(this.each(x, (vector) => vector));
      case 'mean': {
        const { window } = this.reference.model.data;
        return onlyLast(
          this.each(x, (vector, step) => {
            const before = step.memory.get('sum')?.[step.t - 1];
            const sum = store(step, 'sum', before === undefined ? vector : combine('+', before, vector));
            return sum.map((entry) => entry / window);
          }),
        );
      }
      case 'dropout':
        return this.each(x, (vector, step) => combine('*', vector, this.mask(step, 'mask')));
      case 'softmax':
        this.logits = x;
        return this.each(x, softmax);
      case 'onehot': {
        const { vocabularySize } = this.reference;
        return this.steps(x, ([token]) => unitVector(token!, vocabularySize));
      }
      case 'embed': {
        const size = spec.outputSize as number;
        return this.each(x, ([token], step) =>
          parameter(step, 'E').slice(token! * size, (token! + 1) * size),
        );
      }
      case 'dense':
        return this.each(x, (vector, step) =>
          combine('+', multiply(parameter(step, 'W'), vector), parameter(step, 'b')),
        );
      case 'tie':
        return this.each(x, (vector, step) =>
          combine('+', multiply(this.parameters.get('embed E')!, vector), parameter(step, 'b')),
        );
      case 'linear':
        return this.each(x, (vector) => vector);
      case 'layer_norm':
        return this.each(x, normalise);
    }
  }

  private cell({ cell, recurrentDropout }: CellUse, x: Sequence): Sequence {
    return this.steps(x, (vector, step) => {
      const mask = recurrentDropout > 0 ? this.mask(step, `${cell.output}.mask`) : undefined;
      return runCell({ ...step, cell, mask }, vector);
    });
  }

  private mask({ id, t }: Step, quantity: string): Vector {
    return this.reference.mask(id, quantity, t, this.sample);
  }

  /** A layer of one output, `y`. */
  private each(x: Sequence, compute: (vector: Vector, step: Step) => Vector): Sequence {
    return this.steps(x, (vector, step) => store(step, 'y', compute(vector, step)));
  }

  /** A layer, step by step. */
  private steps(x: Sequence, compute: (vector: Vector, step: Step) => Vector): Sequence {
    const id = this.ids.shift()!;
    const memory: Memory = new Map();
    this.memories.set(id, memory);
    const { parameters, nudge } = this;
    return Array.from(x, (vector, t) => vector && compute(vector, { id, parameters, memory, t, nudge }));
  }
}

function reversed([none, ...steps]: Sequence): Sequence {
  return [none, ...steps.toReversed()];
}

function onlyLast(x: Sequence): Sequence {
  return x.map((vector, t) => (t === x.length - 1 ? vector : undefined));
}

function parameter({ id, parameters }: Step, name: string): Vector {
  return parameters.get(`${id} ${name}`)!;
}

function runCell(step: Step, x: Vector): Vector {
  const { equations, output } = step.cell!;
  store(step, 'x', x);
  for (const equation of equations) {
    const value = isActivated(equation.value)
      ? preActivated(equation.name, equation.value, step)
      : evaluate(equation.value, step);
    store(step, equation.name, spread(value, equation.shape));
  }
  return step.memory.get(output)![step.t]!;
}

/** Ba et al. (2016), eq. 4, with 1e-5 added to the variance. */
function normalise(x: Vector, step: Step): Vector {
  const mean = store(step, 'mean', Float64Array.of(total(x) / x.length));
  const centred = store(step, 'centred', combine('-', x, mean));
  const variance = total(centred.map((entry) => entry ** 2)) / x.length;
  const deviation = store(step, 'deviation', Float64Array.of(Math.sqrt(variance + 1e-5)));
  const normalised = combine('/', centred, deviation);
  return combine('+', combine('*', parameter(step, 'gain'), normalised), parameter(step, 'bias'));
}

function unitVector(unit: number, size: number): Vector {
  const vector = new Float64Array(size);
  vector[unit] = 1;
  return vector;
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
      return parameter(step, expression.name);
    case 'quantity': {
      const { cell, mask, isInProduct } = step;
      const isDropped = isInProduct && expression.name === cell!.output && expression.delay > 0;
      const value = read(expression, step);
      return isDropped && mask !== undefined ? combine('*', value, mask) : value;
    }
    case 'negate':
      return evaluate(expression.operand, step).map((entry) => -entry);
    case 'call':
      return apply(
        expression.function,
        expression.arguments.map((argument) => evaluate(argument, step)),
      );
    case 'binary': {
      const left = evaluate(expression.left, step);
      if (expression.operator === '@') {
        return multiply(left, evaluate(expression.right, { ...step, isInProduct: true }));
      }
      return combine(expression.operator, left, evaluate(expression.right, step));
    }
  }
}

function read(quantity: Extract<Expression, { kind: 'quantity' }>, step: Step): Vector {
  const { name, delay, shape } = quantity;
  const { cell, memory, nudge } = step;
  const t = step.t - delay;
  if (nudge?.readAt === step.t && nudge.layer === step.id && nudge.quantity === name && nudge.t === t) {
    const nudged = read(quantity, { ...step, nudge: undefined }).slice();
    nudged[nudge.unit]! += nudge.amount;
    return nudged;
  }
  if (t >= 1) return memory.get(name)![t]!;
  const initial = cell?.initial.get(name);
  const [size = 1] = shape;
  const length = typeof size === 'number' ? size : memory.get('x')![1]!.length;
  if (initial?.kind !== 'parameter') return new Float64Array(length).fill(initial?.value ?? 0);
  const values = parameter(step, initial.name);
  return values.length === length ? values : new Float64Array(length).fill(values[0]!);
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
