/**
 * Kernels of matrix products with register blocking: a tile of a few rows times a few vectors of four columns stays in
 * registers while its sum runs. Every entry is summed in one order, k = 1, 2, …, however the rows are grouped, so that
 * a time step alone and all time steps at once give the same bits.
 */
import { f32x4, type I32, i32, type Multiplier, type V128, v128 } from '../wasm/expressions.ts';
import type { FunctionBuilder, FunctionReference, Local } from '../wasm/function-builder.ts';
import type { ModuleBuilder } from '../wasm/module-builder.ts';

/** Rows and vectors of columns of a tile: with what is multiplied they fill the sixteen registers of x86-64. */
const tileRows = [4, 2, 1] as const;
export const panelVectors = 2;
export const panelColumns = 4 * panelVectors;
const unrolled = 4;

export interface ProductKernels {
  /**
   * C[rows, 4v] = D[rows, 4v] + A[rows, depth] · B[depth, 4v], v = 1 or 2 by index v − 1, where B is packed: its rows
   * lie one after the other. Parameters: A, bytes from row to row of A, B, D, bytes from row to row of D, C, bytes from
   * row to row of C, depth, rows, columns of the last vector that are stored (1…4).
   */
  readonly packed: readonly FunctionReference[];
  /**
   * C[rows, 4v] += Aᵀ · B over `depth` rows of A[depth, rows] and B[depth, 4v]. Parameters: A, bytes from row to row
   * of A, B, bytes from row to row of B, C, bytes from row to row of C, depth, rows, columns of the last vector.
   */
  readonly outer: readonly FunctionReference[];
}

export function productKernels(module: ModuleBuilder, multiplier: Multiplier): ProductKernels {
  const vectors = Array.from({ length: panelVectors }, (_, index) => index + 1);
  return {
    packed: vectors.map((count) =>
      module.define(Array(10).fill('i32'), (builder) => packedKernel(builder, count, multiplier)),
    ),
    outer: vectors.map((count) =>
      module.define(Array(9).fill('i32'), (builder) => outerKernel(builder, count, multiplier)),
    ),
  };
}

function packedKernel(builder: FunctionBuilder, vectors: number, multiplier: Multiplier): void {
  const [a, aStride, b, d, dStride, c, cStride, depth, rows, lanes] = integers<TenIntegers>(builder);
  const unrolledDepth = builder.hoisted(i32.multiply(depth, 4));
  inTiles(builder, rows, (count) => {
    const sums = zeros(builder, count * vectors);
    const aRows = rowPointers(builder, a, aStride, count);
    const bRow = builder.keep(b);
    const end = builder.keep(i32.add(aRows[0]!, unrolledDepth));
    const lastUnrolled = builder.keep(i32.subtract(end, i32.constant(4 * (unrolled - 1))));
    const step = (repeats: number) => {
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        const bVectors = loadVectors(builder, bRow, vectors, 16 * vectors * repeat);
        for (const [row, pointer] of aRows.entries()) {
          const factor = builder.keep(v128.loadSplat(pointer, 4 * repeat));
          addProducts(builder, sums, row * vectors, factor, bVectors, multiplier);
        }
      }
      for (const pointer of aRows) builder.set(pointer, i32.add(pointer, 4 * repeats));
      builder.set(bRow, i32.add(bRow, 16 * vectors * repeats));
    };
    builder.whileTrue(i32.less(aRows[0]!, lastUnrolled), () => step(unrolled));
    builder.whileTrue(i32.less(aRows[0]!, end), () => step(1));
    const cRows = rowPointers(builder, c, cStride, count);
    addStored(builder, sums, rowPointers(builder, d, dStride, count), vectors);
    storeTile(builder, sums, cRows, vectors, lanes);
    builder.set(a, i32.add(a, i32.multiply(aStride, count)));
    builder.set(d, i32.add(d, i32.multiply(dStride, count)));
    builder.set(c, i32.add(c, i32.multiply(cStride, count)));
  });
}

function outerKernel(builder: FunctionBuilder, vectors: number, multiplier: Multiplier): void {
  const [a, aStride, b, bStride, c, cStride, depth, rows, lanes] = integers<NineIntegers>(builder);
  inTiles(builder, rows, (count) => {
    const sums = zeros(builder, count * vectors);
    const aRow = builder.keep(a);
    const bRow = builder.keep(b);
    const step = builder.local('i32');
    builder.count(step, i32.constant(0), depth, 1, () => {
      const bVectors = loadVectors(builder, bRow, vectors, 0);
      for (let row = 0; row < count; row += 1) {
        const factor = builder.keep(v128.loadSplat(aRow, 4 * row));
        addProducts(builder, sums, row * vectors, factor, bVectors, multiplier);
      }
      builder.set(aRow, i32.add(aRow, aStride));
      builder.set(bRow, i32.add(bRow, bStride));
    });
    const cRows = rowPointers(builder, c, cStride, count);
    addStored(builder, sums, cRows, vectors);
    storeTile(builder, sums, cRows, vectors, lanes);
    builder.set(a, i32.add(a, 4 * count));
    builder.set(c, i32.add(c, i32.multiply(cStride, count)));
  });
}

/** Calls `tile` for as many rows as are left, with the largest tiles first. */
function inTiles(builder: FunctionBuilder, rows: Local<'i32'>, tile: (count: number) => void): void {
  for (const count of tileRows) {
    builder.whileTrue(i32.atMost(i32.constant(count), rows), () => {
      tile(count);
      builder.set(rows, i32.add(rows, -count));
    });
  }
}

type Integer = Local<'i32'>;
type FiveIntegers = [Integer, Integer, Integer, Integer, Integer];
type NineIntegers = [Integer, Integer, Integer, Integer, ...FiveIntegers];
type TenIntegers = [...FiveIntegers, ...FiveIntegers];

function integers<Parameters extends Integer[]>(builder: FunctionBuilder): Parameters {
  return builder.parameters.map((_, index) => builder.parameter('i32', index)) as Parameters;
}

function zeros(builder: FunctionBuilder, count: number): Local<'v128'>[] {
  return Array.from({ length: count }, () => builder.keep(f32x4.constant(0)));
}

function rowPointers(builder: FunctionBuilder, first: I32, stride: I32, count: number): Local<'i32'>[] {
  const pointers = [builder.keep(first)];
  while (pointers.length < count) pointers.push(builder.keep(i32.add(pointers.at(-1)!, stride)));
  return pointers;
}

function loadVectors(builder: FunctionBuilder, address: I32, vectors: number, offset: number): V128[] {
  return Array.from({ length: vectors }, (_, index) => builder.keep(v128.load(address, offset + 16 * index)));
}

function addProducts(
  builder: FunctionBuilder,
  sums: readonly Local<'v128'>[],
  first: number,
  factor: V128,
  vectors: readonly V128[],
  { multiplyAdd }: Multiplier,
): void {
  for (const [index, vector] of vectors.entries()) {
    const sum = sums[first + index]!;
    builder.set(sum, multiplyAdd(factor, vector, sum));
  }
}

function addStored(
  builder: FunctionBuilder,
  sums: readonly Local<'v128'>[],
  rows: readonly I32[],
  vectors: number,
): void {
  for (const [index, sum] of sums.entries()) {
    const row = rows[Math.floor(index / vectors)]!;
    builder.set(sum, f32x4.add(v128.load(row, 16 * (index % vectors)), sum));
  }
}

/** The last vector of a row may stand over the row's end: of that only `lanes` lanes are stored. */
function storeTile(
  builder: FunctionBuilder,
  sums: readonly Local<'v128'>[],
  rows: readonly I32[],
  vectors: number,
  lanes: I32,
): void {
  for (const [index, sum] of sums.entries()) {
    const row = rows[Math.floor(index / vectors)]!;
    const vector = index % vectors;
    if (vector < vectors - 1) builder.store(row, sum, 16 * vector);
    else storeSome(builder, row, sum, lanes, 16 * vector);
  }
}

function storeSome(
  builder: FunctionBuilder,
  address: I32,
  value: Local<'v128'>,
  lanes: I32,
  offset: number,
): void {
  const from = (count: number): void => {
    if (count === 1) return builder.storeLanes(address, value, 1, offset);
    builder.when(
      i32.equal(lanes, i32.constant(count)),
      () => builder.storeLanes(address, value, count, offset),
      () => from(count - 1),
    );
  };
  from(4);
}
