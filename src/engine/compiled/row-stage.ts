/** Operations that need a whole row, the units of one sample at one time step, at once. */
import type { ArrayOperand, RowOperation, ScheduledArray, Stage } from '../../compile/schedule/schedule.ts';
import { type F32, f32, f32x4, type I32, i32, i32x4, type V128, v128 } from '../wasm/expressions.ts';
import type { FunctionBuilder, FunctionReference, Local } from '../wasm/function-builder.ts';
import { defineStage, type Emission, forEachRow, forEachVector, rowAddress } from './emission.ts';
import { bytesPerFloat } from './layout.ts';
import { VectorFunctions } from './vector-functions.ts';

type DiagonalProduct = Extract<RowOperation, { kind: 'diagonalProduct' }>;

type RowStage = Extract<Stage, { kind: 'row' }>;

export function rowStage(emission: Emission, { assignment }: RowStage): FunctionReference {
  return defineStage(emission, (builder, row, rows) => {
    forEachRow(builder, row, rows, (index) => {
      new Row(emission, builder, index, assignment.target, assignment.accumulate).write(assignment.operation);
    });
  });
}

type Combine = (sum: V128, next: V128) => V128;

class Row {
  private readonly emission: Emission;
  private readonly builder: FunctionBuilder;
  private readonly index: I32;
  private readonly target: ScheduledArray;
  private readonly accumulate: boolean;
  private readonly to: Local<'i32'>;
  private readonly functions: VectorFunctions;

  constructor(
    emission: Emission,
    builder: FunctionBuilder,
    index: I32,
    target: ScheduledArray,
    accumulate: boolean,
  ) {
    this.emission = emission;
    this.builder = builder;
    this.index = index;
    this.target = target;
    this.accumulate = accumulate;
    this.to = builder.keep(rowAddress(emission, { kind: 'array', array: target, shift: 0 }, index));
    this.functions = new VectorFunctions(builder, emission.multiplier);
  }

  write(operation: RowOperation): void {
    switch (operation.kind) {
      case 'softmax':
        return this.softmax(operation.operand);
      case 'softmaxDerivative':
        return this.softmaxDerivative(operation.adjoint, operation.output);
      case 'sumUnits': {
        const from = this.start(operation.operand);
        return this.assignScalar(
          this.sum(operation.operand.array.size, (unit) => v128.load(i32.add(from, unit))),
        );
      }
      case 'reverse':
        return this.reverse(operation.operand);
      case 'concat':
        return this.concat(operation.operands);
      case 'slice':
        return this.copyUnits(operation.operand, operation.first, 0, this.target.size);
      case 'pad':
        return this.pad(operation.operand, operation.first);
      case 'onehot':
        return this.oneHot();
      case 'lookup':
        return this.lookup(operation.table.layer, operation.table.name);
      case 'crossEntropy':
        return this.crossEntropy(operation.logits);
      case 'crossEntropyGradient':
        return this.crossEntropyGradient(operation.probabilities);
      case 'squaredError':
        return this.squaredError(operation.prediction);
      case 'diagonal':
        return this.diagonal(operation.operand);
      case 'diagonalProduct':
        return this.diagonalProduct(operation);
    }
  }

  /** y = eˣ⁻ᵐ / Σ eˣ⁻ᵐ with the largest m = max x, so that nothing overflows. */
  private softmax(operand: ArrayOperand): void {
    const { builder, functions } = this;
    const { size } = operand.array;
    const from = this.start(operand);
    const largest = builder.keep(f32x4.splat(this.largest(from, size)));
    const sum = this.sum(size, (unit) =>
      builder.keep(functions.exp(f32x4.subtract(v128.load(i32.add(from, unit)), largest))),
    );
    const total = builder.keep(f32x4.splat(sum));
    forEachVector(builder, size, (unit, lanes) => {
      const power = functions.exp(f32x4.subtract(v128.load(i32.add(from, unit)), largest));
      this.assign(unit, lanes, f32x4.divide(power, total));
    });
  }

  /** p ⊙ (δ − Σ δ ⊙ p) */
  private softmaxDerivative(adjoint: ArrayOperand, output: ArrayOperand): void {
    const { builder } = this;
    const { size } = output.array;
    const delta = this.start(adjoint);
    const p = this.start(output);
    const read = (start: I32, unit: I32): V128 => v128.load(i32.add(start, unit));
    const dot = this.sum(size, (unit) => f32x4.multiply(read(delta, unit), read(p, unit)));
    const mean = builder.keep(f32x4.splat(dot));
    forEachVector(builder, size, (unit, lanes) =>
      this.assign(unit, lanes, f32x4.multiply(read(p, unit), f32x4.subtract(read(delta, unit), mean))),
    );
  }

  private reverse(operand: ArrayOperand): void {
    const { builder, index, target } = this;
    const { timeSteps } = this.emission.layout.network;
    const step = builder.keep(i32.divide(index, target.rows));
    const steps = i32.subtract(i32.constant(timeSteps - 1), i32.multiply(step, 2));
    const mirrored = builder.keep(i32.add(index, i32.multiply(steps, target.rows)));
    const from = builder.keep(rowAddress(this.emission, operand, mirrored, target.rows));
    forEachVector(builder, target.size, (unit, lanes) =>
      this.assign(unit, lanes, v128.load(i32.add(from, unit))),
    );
  }

  private concat(operands: readonly ArrayOperand[]): void {
    let first = 0;
    for (const operand of operands) {
      this.copyUnits(operand, 0, first, operand.array.size);
      first += operand.array.size;
    }
  }

  private pad(operand: ArrayOperand, first: number): void {
    if (!this.accumulate) this.builder.clear(this.to, i32.constant(this.target.size * bytesPerFloat));
    this.copyUnits(operand, 0, first, operand.array.size);
  }

  /** `size` units of the operand from `from` on to those of the target from `to` on. */
  private copyUnits(operand: ArrayOperand, from: number, to: number, size: number): void {
    const start = this.builder.keep(i32.add(this.start(operand), from * bytesPerFloat));
    forEachVector(this.builder, size, (unit, lanes) =>
      this.assign(i32.add(unit, to * bytesPerFloat), lanes, v128.load(i32.add(start, unit))),
    );
  }

  /** All but two entries stay as they were. */
  private oneHot(): void {
    const { builder } = this;
    const { shownTokens, data } = this.emission.layout;
    const word = i32.multiply(this.index, bytesPerFloat);
    const entry = (token: I32): I32 => i32.add(this.to, i32.multiply(token, bytesPerFloat));
    builder.storeFloat(entry(i32.load(word, shownTokens)), f32.constant(0));
    builder.storeFloat(entry(i32.load(word, data.inputTokens)), f32.constant(1));
    builder.storeInteger(word, i32.load(word, data.inputTokens), shownTokens);
  }

  private lookup(layer: string, table: string): void {
    const { layout } = this.emission;
    const token = i32.load(i32.multiply(this.index, bytesPerFloat), layout.data.inputTokens);
    const from = this.builder.keep(i32.multiply(token, this.target.size * bytesPerFloat));
    const { values } = layout.parameter(layer, table);
    forEachVector(this.builder, this.target.size, (unit, lanes) =>
      this.assign(unit, lanes, v128.load(i32.add(from, unit), values)),
    );
  }

  /** log Σ eˣ⁻ᵐ − (x[target] − m) */
  private crossEntropy(logits: ArrayOperand): void {
    const { builder, functions } = this;
    const { size } = logits.array;
    const from = this.start(logits);
    const largest = builder.keep(this.largest(from, size));
    const shift = builder.keep(f32x4.splat(largest));
    const sum = this.sum(size, (unit) =>
      builder.keep(functions.exp(f32x4.subtract(v128.load(i32.add(from, unit)), shift))),
    );
    const logSum = f32x4.lane(functions.log(f32x4.splat(sum)), 0);
    const logit = f32.load(i32.add(from, i32.multiply(this.targetToken(), bytesPerFloat)));
    this.assignScalar(f32.subtract(logSum, f32.subtract(logit, largest)));
  }

  private crossEntropyGradient(probabilities: ArrayOperand): void {
    const { builder } = this;
    const from = this.start(probabilities);
    const token = builder.keep(f32x4.splat(f32.convert(this.targetToken())));
    const scale = builder.constant(1 / this.emission.layout.predictions);
    forEachVector(builder, this.target.size, (unit, lanes) => {
      const first = f32x4.splat(f32.convert(i32.shiftRight(unit, 2)));
      const units = f32x4.add(first, builder.lanes(countingLanes));
      const target = v128.and(f32x4.equal(units, token), builder.constant(1));
      const difference = f32x4.subtract(v128.load(i32.add(from, unit)), target);
      this.assign(unit, lanes, f32x4.multiply(difference, scale));
    });
  }

  /** Mean over the outputs of (prediction − target)². */
  private squaredError(prediction: ArrayOperand): void {
    const { builder } = this;
    const { size } = prediction.array;
    const from = this.start(prediction);
    const { targetNumbers } = this.emission.layout.data;
    const to = builder.keep(i32.add(i32.multiply(this.index, size * bytesPerFloat), targetNumbers));
    const sum = this.sum(size, (unit) => {
      const difference = builder.keep(
        f32x4.subtract(v128.load(i32.add(from, unit)), v128.load(i32.add(to, unit))),
      );
      return f32x4.multiply(difference, difference);
    });
    this.assignScalar(f32.divide(sum, f32.constant(size)));
  }

  private diagonal(operand: ArrayOperand): void {
    const { builder, to, target } = this;
    if (!this.accumulate) builder.clear(to, i32.constant(target.size * bytesPerFloat));
    const unit = i32.multiply(i32.remainder(this.index, target.rows), bytesPerFloat);
    const entry = builder.keep(i32.add(to, unit));
    builder.storeFloat(entry, f32.add(f32.load(entry), f32.load(this.unitAddress(operand))));
  }

  private diagonalProduct({ matrix, negative, operand }: DiagonalProduct): void {
    const { builder } = this;
    const unit = v128.loadSplat(this.unitAddress(operand));
    const factor = builder.keep(negative ? f32x4.negate(unit) : unit);
    const row = i32.remainder(this.index, this.target.rows);
    const from = builder.keep(i32.multiply(row, matrix.columns * bytesPerFloat));
    const { values } = this.emission.layout.parameter(matrix.layer, matrix.name);
    forEachVector(builder, this.target.size, (unit, lanes) =>
      this.assign(unit, lanes, f32x4.multiply(factor, v128.load(i32.add(from, unit), values))),
    );
  }

  /** Where unit i of a [T, 1, n] operand stands, i being this row's number among the n of its time step. */
  private unitAddress({ array, shift }: ArrayOperand): I32 {
    const start = this.emission.layout.address(array, shift);
    return i32.add(i32.multiply(this.index, bytesPerFloat), start);
  }

  private targetToken(): I32 {
    return i32.load(i32.multiply(this.index, bytesPerFloat), this.emission.layout.data.targetTokens);
  }

  private start(operand: ArrayOperand): Local<'i32'> {
    return this.builder.keep(rowAddress(this.emission, operand, this.index, this.target.rows));
  }

  private largest(from: I32, size: number): F32 {
    const lowest = Number.NEGATIVE_INFINITY;
    const lanes = this.combine(size, lowest, f32x4.larger, (unit) => v128.load(i32.add(from, unit)));
    return across(lanes, f32.maximum);
  }

  private sum(size: number, entries: (unit: I32) => V128): F32 {
    return across(this.combine(size, 0, f32x4.add, entries), f32.add);
  }

  /** Lanes beyond the last unit count as `neutral`. */
  private combine(size: number, neutral: number, combine: Combine, entries: (unit: I32) => V128): V128 {
    const { builder } = this;
    const result = builder.keep(f32x4.constant(neutral));
    forEachVector(builder, size, (unit, lanes) => {
      const four = entries(unit);
      const masked = lanes === 4 ? four : v128.select(four, f32x4.constant(neutral), firstLanes(lanes));
      builder.set(result, combine(result, masked));
    });
    return result;
  }

  private assign(unit: I32, lanes: number, value: V128): void {
    const { builder } = this;
    const to = builder.keep(i32.add(this.to, unit));
    builder.storeLanes(to, builder.keep(this.accumulate ? f32x4.add(v128.load(to), value) : value), lanes);
  }

  private assignScalar(value: F32): void {
    this.builder.storeFloat(this.to, this.accumulate ? f32.add(f32.load(this.to), value) : value);
  }
}

/** 0, 1, 2, 3 as float32. */
const countingLanes = [0, 0x3f800000, 0x40000000, 0x40400000] as const;

function firstLanes(count: number): V128 {
  const lane = (index: number): number => (index < count ? -1 : 0);
  return i32x4.constant([lane(0), lane(1), lane(2), lane(3)]);
}

function across(lanes: V128, combine: (left: F32, right: F32) => F32): F32 {
  const [a, b, c, d] = [0, 1, 2, 3].map((lane) => f32x4.lane(lanes, lane));
  return combine(combine(a!, b!), combine(c!, d!));
}
