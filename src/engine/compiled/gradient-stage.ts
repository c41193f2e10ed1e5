/** Gradients of parameters: sums over all time steps and samples, shared out among threads by what they write. */
import type { ScheduledGradient } from '../../compile/schedule/schedule.ts';
import { f32, f32x4, type I32, i32, v128 } from '../wasm/expressions.ts';
import type { FunctionBuilder, FunctionReference } from '../wasm/function-builder.ts';
import { type Emission, forEachRow, forEachVector, rowAddress } from './emission.ts';
import { bytesPerFloat, roundUp } from './layout.ts';
import { panelColumns } from './product-kernels.ts';

/** Rows whose part of both operands stays in the cache while all tiles pass over them. */
const rowsPerBlock = 64;

/** One thread's share: `part` of `parts`. */
export interface Share {
  readonly part: number;
  readonly parts: number;
}

/** A function without parameters. */
export function gradientStage(
  emission: Emission,
  gradients: readonly ScheduledGradient[],
  share: Share,
): FunctionReference {
  return emission.module.define([], (builder) => {
    for (const [index, gradient] of gradients.entries()) {
      const isMine = index % share.parts === share.part;
      if (gradient.kind === 'outer') outer(emission, builder, gradient, share);
      else if (isMine) wholeGradient(emission, builder, gradient);
    }
  });
}

type Outer = Extract<ScheduledGradient, { kind: 'outer' }>;

interface MatrixRows {
  readonly first: number;
  readonly count: number;
}

/** Rows of a matrix that a thread sums: whole tiles, as even as can be. */
function rowsOf(size: number, { part, parts }: Share): MatrixRows {
  const bound = (index: number): number => Math.min(size, roundUp((size * index) / parts, 4));
  return { first: bound(part), count: bound(part + 1) - bound(part) };
}

function outer(emission: Emission, builder: FunctionBuilder, gradient: Outer, share: Share): void {
  const rows = rowsOf(gradient.adjoint.array.size, share);
  if (rows.count === 0) return;
  if (emission.layout.isOneHot(gradient)) tokenOuter(emission, builder, gradient, rows);
  else denseOuter(emission, builder, gradient, rows);
}

/** δW = Σ δ ⊗ v */
function denseOuter(emission: Emission, builder: FunctionBuilder, gradient: Outer, rows: MatrixRows): void {
  const { layout } = emission;
  const { operand, adjoint } = gradient;
  const columns = operand.kind === 'parameter' ? operand.size : operand.array.size;
  const bytesPerRow = columns * bytesPerFloat;
  const place = layout.parameter(gradient.layer, gradient.parameter);
  const to = place.gradient + rows.first * bytesPerRow;
  if (!gradient.accumulate) builder.clear(i32.constant(to), i32.constant(rows.count * bytesPerRow));
  const block = builder.local('i32');
  builder.count(block, i32.constant(0), i32.constant(layout.rows), rowsPerBlock, () => {
    const left = builder.keep(i32.subtract(i32.constant(layout.rows), block));
    const depth = builder.keep(i32.minimum(left, i32.constant(rowsPerBlock)));
    const delta = builder.keep(i32.add(rowAddress(emission, adjoint, block), rows.first * bytesPerFloat));
    const isParameter = operand.kind === 'parameter';
    const from = builder.keep(
      isParameter
        ? i32.constant(layout.parameter(operand.layer, operand.name).values)
        : rowAddress(emission, operand, block),
    );
    outerPanels(emission, builder, { delta, from, to, depth, adjoint, columns, rows, isParameter });
  });
}

interface OuterPanels {
  readonly delta: I32;
  readonly from: I32;
  readonly to: number;
  readonly depth: I32;
  readonly adjoint: Outer['adjoint'];
  readonly columns: number;
  readonly rows: MatrixRows;
  readonly isParameter: boolean;
}

function outerPanels({ kernels }: Emission, builder: FunctionBuilder, panels: OuterPanels): void {
  const { delta, from, to, depth, adjoint, columns, rows, isParameter } = panels;
  const panel = (first: I32, vectors: number, lanes: number): void =>
    builder.call(
      kernels.outer[vectors - 1]!,
      delta,
      i32.constant(adjoint.array.size * bytesPerFloat),
      i32.add(from, first),
      i32.constant(isParameter ? 0 : columns * bytesPerFloat),
      i32.add(first, to),
      i32.constant(columns * bytesPerFloat),
      depth,
      i32.constant(rows.count),
      i32.constant(lanes),
    );
  const whole = columns - (columns % panelColumns);
  const first = builder.local('i32');
  builder.count(
    first,
    i32.constant(0),
    i32.constant(whole * bytesPerFloat),
    panelColumns * bytesPerFloat,
    () => panel(first, panelColumns / 4, 4),
  );
  if (columns > whole) {
    const rest = columns - whole;
    panel(i32.constant(whole * bytesPerFloat), Math.ceil(rest / 4), rest % 4 === 0 ? 4 : rest % 4);
  }
}

/** With one-hot v, δ adds to one column of δW: it is summed in a table with a row a token, which is turned at the end. */
function tokenOuter(emission: Emission, builder: FunctionBuilder, gradient: Outer, rows: MatrixRows): void {
  const { layout } = emission;
  const { adjoint, operand } = gradient;
  if (operand.kind !== 'array') throw new Error('Tokens have time steps.');
  const { size } = adjoint.array;
  const tokens = operand.array.size;
  const bytesPerTableRow = roundUp(size, 4) * bytesPerFloat;
  const table = layout.table(gradient.layer, gradient.parameter) + rows.first * bytesPerFloat;
  const place = layout.parameter(gradient.layer, gradient.parameter);
  const row = builder.local('i32');
  builder.count(row, i32.constant(0), i32.constant(tokens), 1, () => {
    builder.clear(
      i32.add(i32.multiply(row, bytesPerTableRow), table),
      i32.constant(rows.count * bytesPerFloat),
    );
  });
  const tokenAddress = layout.data.inputTokens + operand.shift * layout.bytesPerStep(1);
  forEachRow(builder, i32.constant(0), i32.constant(layout.rows), (index) => {
    const token = i32.load(i32.multiply(index, bytesPerFloat), tokenAddress);
    const to = builder.keep(i32.add(i32.multiply(token, bytesPerTableRow), table));
    const from = builder.keep(i32.add(rowAddress(emission, adjoint, index), rows.first * bytesPerFloat));
    addRow(builder, from, to, rows.count);
  });
  turnTable(builder, gradient.accumulate, {
    table,
    bytesPerTableRow,
    gradient: place.gradient + rows.first * tokens * bytesPerFloat,
    tokens,
    rows: rows.count,
  });
}

interface Table {
  readonly table: number;
  readonly bytesPerTableRow: number;
  readonly gradient: number;
  readonly tokens: number;
  readonly rows: number;
}

/** gradient[unit, token] (+)= table[token, unit] */
function turnTable(builder: FunctionBuilder, accumulate: boolean, place: Table): void {
  const unit = builder.local('i32');
  const token = builder.local('i32');
  builder.count(unit, i32.constant(0), i32.constant(place.rows), 1, () => {
    const to = builder.keep(i32.add(i32.multiply(unit, place.tokens * bytesPerFloat), place.gradient));
    const from = builder.keep(i32.add(i32.multiply(unit, bytesPerFloat), place.table));
    builder.count(token, i32.constant(0), i32.constant(place.tokens), 1, () => {
      const sum = f32.load(i32.add(from, i32.multiply(token, place.bytesPerTableRow)));
      const entry = builder.keep(i32.add(to, i32.multiply(token, bytesPerFloat)));
      builder.storeFloat(entry, accumulate ? f32.add(f32.load(entry), sum) : sum);
    });
  });
}

/** The gradient of a bias, or of an embedding. */
function wholeGradient(
  emission: Emission,
  builder: FunctionBuilder,
  gradient: Exclude<ScheduledGradient, { kind: 'outer' }>,
): void {
  const { layout } = emission;
  const { adjoint } = gradient;
  const { size } = adjoint.array;
  const place = layout.parameter(gradient.layer, gradient.parameter);
  const count = place.shape.reduce((product, each) => product * each, 1);
  if (!gradient.accumulate) builder.clear(i32.constant(place.gradient), i32.constant(count * bytesPerFloat));
  forEachRow(builder, i32.constant(0), i32.constant(layout.rows), (index) => {
    const from = builder.keep(rowAddress(emission, adjoint, index));
    const token = i32.load(i32.multiply(index, bytesPerFloat), layout.data.inputTokens);
    const to =
      gradient.kind === 'sum'
        ? i32.constant(place.gradient)
        : i32.add(i32.multiply(token, size * bytesPerFloat), place.gradient);
    addRow(builder, from, builder.keep(to), size);
  });
}

function addRow(builder: FunctionBuilder, from: I32, to: I32, size: number): void {
  forEachVector(builder, size, (unit, lanes) => {
    const address = builder.keep(i32.add(to, unit));
    const sum = builder.keep(f32x4.add(v128.load(address), v128.load(i32.add(from, unit))));
    builder.storeLanes(address, sum, lanes);
  });
}
