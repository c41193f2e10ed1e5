/** Gradients of parameters: sums over all time steps and samples, shared out among threads by what they write. */
import type { ScheduledGradient } from '../../compile/schedule/schedule.ts';
import { f32, f32x4, type I32, i32, v128 } from '../wasm/expressions.ts';
import type { FunctionBuilder, FunctionReference } from '../wasm/function-builder.ts';
import { type Emission, forEachPanel, forEachRow, forEachVector, rowAddress } from './emission.ts';
import { bytesPerFloat, roundUp, type TokenOperand } from './layout.ts';

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
    // What goes to one row of a matrix, and to one vector, is summed by one thread, in order.
    const parameters = [...new Set(gradients.map(placeOf))];
    for (const gradient of gradients) {
      switch (gradient.kind) {
        case 'outer':
          outer(emission, builder, gradient, share);
          break;
        case 'lookup':
          lookup(emission, builder, gradient, share);
          break;
        case 'sum': {
          const isMine = parameters.indexOf(placeOf(gradient)) % share.parts === share.part;
          if (isMine) sum(emission, builder, gradient);
        }
      }
    }
  });
}

function placeOf({ layer, parameter }: ScheduledGradient): string {
  return `${layer} ${parameter}`;
}

/** Before it, all adjoints are 0. */
function firstRowOf({ firstStep, adjoint }: ScheduledGradient): number {
  return (firstStep - 1) * adjoint.array.rows;
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
  const tokens = emission.layout.tokensOf(gradient);
  if (tokens === undefined) denseOuter(emission, builder, gradient, rows);
  else tokenOuter(emission, builder, gradient, tokens, rows);
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
  const firstRow = i32.constant(firstRowOf(gradient));
  builder.count(block, firstRow, i32.constant(layout.rows), rowsPerBlock, () => {
    const left = builder.keep(i32.subtract(i32.constant(layout.rows), block));
    const depth = builder.keep(i32.minimum(left, i32.constant(rowsPerBlock)));
    const delta = builder.keep(i32.add(rowAddress(emission, adjoint, block), rows.first * bytesPerFloat));
    const isParameter = operand.kind === 'parameter';
    const from = builder.keep(
      isParameter
        ? i32.constant(layout.parameter(operand.layer, operand.name).values)
        : rowAddress(emission, operand, block),
    );
    outerPanels(emission, builder, {
      delta,
      deltaStride: adjoint.array.size * bytesPerFloat,
      from,
      fromStride: isParameter ? 0 : bytesPerRow,
      to,
      depth,
      columns,
      rows: rows.count,
    });
  });
}

/** Adds Σ δ ⊗ v over `depth` rows to what lies at `to`. Strides are in bytes from row to row. */
interface OuterPanels {
  readonly delta: I32;
  readonly deltaStride: number;
  readonly from: I32;
  readonly fromStride: number;
  readonly to: number;
  readonly depth: I32;
  readonly columns: number;
  readonly rows: number;
}

function outerPanels({ kernels }: Emission, builder: FunctionBuilder, panels: OuterPanels): void {
  const { columns } = panels;
  forEachPanel(builder, columns, (first, vectors, lanes) =>
    builder.call(
      kernels.outer[vectors - 1]!,
      panels.delta,
      i32.constant(panels.deltaStride),
      i32.add(panels.from, first),
      i32.constant(panels.fromStride),
      i32.add(first, panels.to),
      i32.constant(columns * bytesPerFloat),
      panels.depth,
      i32.constant(panels.rows),
      i32.constant(lanes),
    ),
  );
}

/**
 * Where a token determines v, δ is summed for each token first, in a table with a row a token: δW is that table turned,
 * or for an embedding Σ over the tokens of their δ ⊗ E[token].
 */
function tokenOuter(
  emission: Emission,
  builder: FunctionBuilder,
  gradient: Outer,
  { vocabulary, embedding }: TokenOperand,
  rows: MatrixRows,
): void {
  const { layout } = emission;
  const { adjoint } = gradient;
  const bytesPerTableRow = roundUp(adjoint.array.size, 4) * bytesPerFloat;
  const table = layout.table(gradient.layer, gradient.parameter) + rows.first * bytesPerFloat;
  sumByToken(emission, builder, gradient, vocabulary, { table, bytesPerTableRow, rows });
  const place = layout.parameter(gradient.layer, gradient.parameter);
  const [, columns = 1] = place.shape;
  const to = place.gradient + rows.first * columns * bytesPerFloat;
  if (embedding === undefined) {
    const parts = { table, bytesPerTableRow, gradient: to, tokens: vocabulary, rows: rows.count };
    turnTable(builder, gradient.accumulate, parts);
    return;
  }
  if (!gradient.accumulate) {
    builder.clear(i32.constant(to), i32.constant(rows.count * columns * bytesPerFloat));
  }
  outerPanels(emission, builder, {
    delta: i32.constant(table),
    deltaStride: bytesPerTableRow,
    from: i32.constant(embedding.values),
    fromStride: columns * bytesPerFloat,
    to,
    depth: i32.constant(vocabulary),
    columns,
    rows: rows.count,
  });
}

/** Part of the rows of δ, summed by token. */
interface TokenSums {
  readonly table: number;
  readonly bytesPerTableRow: number;
  readonly rows: MatrixRows;
}

function sumByToken(
  emission: Emission,
  builder: FunctionBuilder,
  { adjoint, operand }: Outer,
  vocabulary: number,
  { table, bytesPerTableRow, rows }: TokenSums,
): void {
  const { layout } = emission;
  if (operand.kind !== 'array') throw new Error('Tokens have time steps.');
  const row = builder.local('i32');
  builder.count(row, i32.constant(0), i32.constant(vocabulary), 1, () => {
    builder.clear(
      i32.add(i32.multiply(row, bytesPerTableRow), table),
      i32.constant(rows.count * bytesPerFloat),
    );
  });
  const tokenAddress = layout.tokensAddress(operand);
  forEachRow(builder, i32.constant(0), i32.constant(layout.rows), (index) => {
    const token = i32.load(i32.multiply(index, bytesPerFloat), tokenAddress);
    const to = builder.keep(i32.add(i32.multiply(token, bytesPerTableRow), table));
    const from = builder.keep(i32.add(rowAddress(emission, adjoint, index), rows.first * bytesPerFloat));
    addRow(builder, from, to, rows.count);
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

/** Of a bias: δb = Σ δ. */
function sum(emission: Emission, builder: FunctionBuilder, gradient: ScheduledGradient): void {
  const { layout } = emission;
  const { adjoint } = gradient;
  const { size } = adjoint.array;
  const place = layout.parameter(gradient.layer, gradient.parameter);
  if (!gradient.accumulate) builder.clear(i32.constant(place.gradient), i32.constant(size * bytesPerFloat));
  const firstRow = firstRowOf(gradient);
  const rows = layout.stepsOf(adjoint.array) * adjoint.array.rows - firstRow;
  forEachRow(builder, i32.constant(firstRow), i32.constant(rows), (index) => {
    const from = builder.keep(rowAddress(emission, adjoint, index));
    addRow(builder, from, builder.keep(i32.constant(place.gradient)), size);
  });
}

/** Of an embedding: to the row of each token its δ. */
function lookup(
  emission: Emission,
  builder: FunctionBuilder,
  gradient: ScheduledGradient,
  share: Share,
): void {
  const { layout } = emission;
  const { adjoint } = gradient;
  const { size } = adjoint.array;
  const place = layout.parameter(gradient.layer, gradient.parameter);
  const bytesPerRow = size * bytesPerFloat;
  const [vocabulary = 1] = place.shape;
  const mine = rowsOf(vocabulary, share);
  const to = place.gradient + mine.first * bytesPerRow;
  if (!gradient.accumulate) builder.clear(i32.constant(to), i32.constant(mine.count * bytesPerRow));
  forEachRow(builder, i32.constant(0), i32.constant(layout.rows), (index) => {
    const from = builder.keep(rowAddress(emission, adjoint, index));
    const token = i32.load(i32.multiply(index, bytesPerFloat), layout.data.inputTokens);
    const add = (row: I32): void =>
      addRow(builder, from, builder.keep(i32.add(i32.multiply(row, bytesPerRow), to)), size);
    if (share.parts === 1) return add(token);
    const row = builder.keep(i32.add(token, -mine.first));
    builder.when(i32.lessUnsigned(row, i32.constant(mine.count)), () => add(row));
  });
}

function addRow(builder: FunctionBuilder, from: I32, to: I32, size: number): void {
  forEachVector(builder, size, (unit, lanes) => {
    const address = builder.keep(i32.add(to, unit));
    const sum = builder.keep(f32x4.add(v128.load(address), v128.load(i32.add(from, unit))));
    builder.storeLanes(address, sum, lanes);
  });
}
