/** What all parts of a module are written with. */
import type { ArrayOperand } from '../../compile/schedule/schedule.ts';
import { type I32, i32, type Multiplier } from '../wasm/expressions.ts';
import type { FunctionBuilder, FunctionReference, Local } from '../wasm/function-builder.ts';
import type { ModuleBuilder } from '../wasm/module-builder.ts';
import { bytesPerFloat, type Layout } from './layout.ts';
import { type ProductKernels, panelColumns, panelVectors } from './product-kernels.ts';

export interface Emission {
  readonly module: ModuleBuilder;
  readonly layout: Layout;
  readonly multiplier: Multiplier;
  readonly kernels: ProductKernels;
}

/**
 * A function of `row` and `rows` that does one stage for that many rows: (t − 1)·B + b is the row of sample b at time
 * step t, B being the rows of the stage's targets at one time step.
 */
export function defineStage(
  { module }: Emission,
  write: (builder: FunctionBuilder, row: Local<'i32'>, rows: Local<'i32'>) => void,
): FunctionReference {
  return module.define(['i32', 'i32'], (builder) =>
    write(builder, builder.parameter('i32', 0), builder.parameter('i32', 1)),
  );
}

/**
 * Address of a row of an operand.
 * @param rows of the stage at one time step, among which `row` is counted
 */
export function rowAddress(
  { layout }: Emission,
  { array, shift }: ArrayOperand,
  row: I32,
  rows = array.rows,
): I32 {
  const own = array.rows === rows ? row : i32.divide(row, rows);
  return i32.add(i32.multiply(own, array.size * bytesPerFloat), layout.address(array, shift));
}

/** Calls `body` for every row with its index. */
export function forEachRow(builder: FunctionBuilder, row: I32, rows: I32, body: (index: I32) => void): void {
  const end = builder.keep(i32.add(row, rows));
  const index = builder.local('i32');
  builder.count(index, row, end, 1, () => body(index));
}

/**
 * Calls `body` for every four of `size` units with their offset in bytes, and for what remains with its number of lanes.
 */
export function forEachVector(
  builder: FunctionBuilder,
  size: number,
  body: (offset: I32, lanes: number) => void,
): void {
  const whole = size - (size % 4);
  if (whole > 0) {
    const offset = builder.local('i32');
    builder.count(offset, i32.constant(0), i32.constant(whole * bytesPerFloat), 16, () => body(offset, 4));
  }
  if (size > whole) body(i32.constant(whole * bytesPerFloat), size - whole);
}

/**
 * Calls `body` for every panel of a matrix with the offset of its first column in bytes, how many vectors are in it, and
 * how many lanes of the last one are columns.
 */
export function forEachPanel(
  builder: FunctionBuilder,
  columns: number,
  body: (first: I32, vectors: number, lanes: number) => void,
): void {
  const whole = columns - (columns % panelColumns);
  if (whole > 0) {
    const first = builder.local('i32');
    const end = i32.constant(whole * bytesPerFloat);
    builder.count(first, i32.constant(0), end, panelColumns * bytesPerFloat, () =>
      body(first, panelVectors, 4),
    );
  }
  const rest = columns - whole;
  if (rest > 0) body(i32.constant(whole * bytesPerFloat), Math.ceil(rest / 4), rest % 4 === 0 ? 4 : rest % 4);
}
