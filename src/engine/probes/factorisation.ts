/** P A = L U with partial pivoting, and the solution of A x = b and Aᵀ x = b with it. */
import { bytesPerFloat } from '../compiled/layout.ts';
import { f32, f32x4, type I32, i32, v128 } from '../wasm/expressions.ts';
import type { FunctionBuilder, FunctionReference, Local } from '../wasm/function-builder.ts';
import { across, bytesPerVector, type MatrixEmission } from './matrix-emission.ts';

/** Exports `factorise`, `solve` and `solveTransposed`. */
export function defineFactorisation(emission: MatrixEmission): void {
  const { module } = emission;
  module.export('factorise', defineFactorise(emission));
  module.export('solve', defineSolve(emission));
  module.export('solveTransposed', defineSolveTransposed(emission));
}

function defineFactorise(emission: MatrixEmission): FunctionReference {
  const { module, places } = emission;
  const { size, bytesPerRow, upper, lower, order, singular } = places;
  return module.define([], (builder) => {
    builder.clear(i32.constant(lower), i32.constant(size * bytesPerRow));
    builder.storeInteger(i32.constant(singular), i32.constant(0));
    const row = builder.local('i32');
    builder.count(row, i32.constant(0), i32.constant(size), 1, () =>
      builder.storeInteger(i32.multiply(row, bytesPerFloat), row, order),
    );
    const k = builder.local('i32');
    builder.count(k, i32.constant(0), i32.constant(size), 1, () => {
      const { row: pivotRow, magnitude } = findPivot(emission, builder, k);
      builder.when(
        f32.greater(magnitude, f32.constant(0)),
        () => {
          for (const matrix of [upper, lower]) swapRows(emission, builder, matrix, k, pivotRow);
          swapIntegers(builder, order, k, pivotRow);
          eliminate(emission, builder, k);
        },
        () => builder.storeInteger(i32.constant(singular), i32.constant(1)),
      );
    });
  });
}

interface Pivot {
  readonly row: Local<'i32'>;
  readonly magnitude: Local<'f32'>;
}

function findPivot({ places }: MatrixEmission, builder: FunctionBuilder, k: I32): Pivot {
  const { size, bytesPerRow, upper } = places;
  const magnitude = builder.keep(f32.constant(0));
  const row = builder.keep(k);
  const candidate = builder.local('i32');
  const column = builder.keep(i32.multiply(k, bytesPerFloat));
  builder.count(candidate, k, i32.constant(size), 1, () => {
    const entry = f32.load(i32.add(i32.multiply(candidate, bytesPerRow), column), upper);
    const found = builder.keep(f32.absolute(entry));
    builder.when(f32.greater(found, magnitude), () => {
      builder.set(magnitude, found);
      builder.set(row, candidate);
    });
  });
  return { row, magnitude };
}

function swapRows(
  { places: { bytesPerRow } }: MatrixEmission,
  builder: FunctionBuilder,
  matrix: number,
  one: I32,
  other: I32,
): void {
  const first = builder.keep(i32.multiply(one, bytesPerRow));
  const second = builder.keep(i32.multiply(other, bytesPerRow));
  const offset = builder.local('i32');
  builder.count(offset, i32.constant(0), i32.constant(bytesPerRow), bytesPerVector, () => {
    const left = builder.keep(i32.add(first, offset));
    const right = builder.keep(i32.add(second, offset));
    const kept = builder.keep(v128.load(left, matrix));
    builder.store(left, v128.load(right, matrix), matrix);
    builder.store(right, kept, matrix);
  });
}

function swapIntegers(builder: FunctionBuilder, integers: number, one: I32, other: I32): void {
  const left = builder.keep(i32.multiply(one, bytesPerFloat));
  const right = builder.keep(i32.multiply(other, bytesPerFloat));
  const kept = builder.keep(i32.load(left, integers));
  builder.storeInteger(left, i32.load(right, integers), integers);
  builder.storeInteger(right, kept, integers);
}

/** Rows that one pass over row k serves. */
const rowsAtOnce = [4, 1] as const;

/** Subtracts multiples of row k, so that column k becomes zero below it. Left of column k all rows are zero already. */
function eliminate({ places, multiplier }: MatrixEmission, builder: FunctionBuilder, k: I32): void {
  const { size, bytesPerRow, upper, lower } = places;
  const column = builder.keep(i32.multiply(k, bytesPerFloat));
  const pivotStart = builder.keep(i32.multiply(k, bytesPerRow));
  const pivot = builder.keep(f32.load(i32.add(pivotStart, column), upper));
  const first = builder.keep(wholeVectors(k));
  const start = builder.keep(i32.add(pivotStart, bytesPerRow));
  for (const rows of rowsAtOnce) {
    const tile = Array.from({ length: rows }, (_, row) => row * bytesPerRow);
    const end = (size - rows) * bytesPerRow;
    builder.whileTrue(i32.atMost(start, i32.constant(end)), () => {
      const entry = builder.keep(i32.add(start, column));
      const factors = tile.map((row) => {
        const factor = builder.keep(f32.divide(f32.load(entry, upper + row), pivot));
        builder.storeFloat(entry, factor, lower + row);
        return builder.keep(f32x4.splat(factor));
      });
      const offset = builder.local('i32');
      builder.count(offset, first, i32.constant(bytesPerRow), bytesPerVector, () => {
        const to = builder.keep(i32.add(start, offset));
        const above = builder.keep(v128.load(i32.add(pivotStart, offset), upper));
        for (const [index, row] of tile.entries()) {
          const rest = multiplier.negateMultiplyAdd(factors[index]!, above, v128.load(to, upper + row));
          builder.store(to, rest, upper + row);
        }
      });
      for (const row of tile) builder.storeFloat(entry, f32.constant(0), upper + row);
      builder.set(start, i32.add(start, rows * bytesPerRow));
    });
  }
}

/** L y = P x, then U y = y. */
function defineSolve(emission: MatrixEmission): FunctionReference {
  const { module, places } = emission;
  const { size, bytesPerRow, upper, lower, order } = places;
  return module.define(['i32', 'i32'], (builder) => {
    const x = builder.parameter('i32', 0);
    const y = builder.parameter('i32', 1);
    builder.clear(y, i32.constant(bytesPerRow));
    const row = builder.local('i32');
    const unit = (): I32 => i32.add(y, i32.multiply(row, bytesPerFloat));
    const matrixRow = (matrix: number): I32 => i32.add(i32.multiply(row, bytesPerRow), matrix);
    builder.count(row, i32.constant(0), i32.constant(size), 1, () => {
      const ordered = i32.load(i32.multiply(row, bytesPerFloat), order);
      const right = f32.load(i32.add(x, i32.multiply(ordered, bytesPerFloat)));
      const end = builder.keep(i32.add(wholeVectors(row), bytesPerVector));
      const known = dot(emission, builder, matrixRow(lower), y, i32.constant(0), end);
      builder.storeFloat(unit(), f32.subtract(right, known));
    });
    downwards(builder, row, size, () => {
      const right = builder.keep(f32.load(unit()));
      const diagonal = f32.load(i32.add(matrixRow(upper), i32.multiply(row, bytesPerFloat)));
      // What is still to be solved counts as 0 in the product with the row.
      builder.storeFloat(unit(), f32.constant(0));
      const known = dot(emission, builder, matrixRow(upper), y, wholeVectors(row), i32.constant(bytesPerRow));
      builder.storeFloat(unit(), f32.divide(f32.subtract(right, known), diagonal));
    });
  });
}

/** Uᵀ y = x, then Lᵀ Pᵀ⁻¹ y = y. */
function defineSolveTransposed(emission: MatrixEmission): FunctionReference {
  const { module, places } = emission;
  const { size, bytesPerRow, upper, lower, order, scratch } = places;
  return module.define(['i32', 'i32'], (builder) => {
    const x = builder.parameter('i32', 0);
    const y = builder.parameter('i32', 1);
    const offset = builder.local('i32');
    builder.count(offset, i32.constant(0), i32.constant(bytesPerRow), bytesPerVector, () =>
      builder.store(offset, v128.load(i32.add(x, offset)), scratch),
    );
    const row = builder.local('i32');
    const unit = (): I32 => i32.multiply(row, bytesPerFloat);
    const matrixRow = (matrix: number): I32 => i32.add(i32.multiply(row, bytesPerRow), matrix);
    builder.count(row, i32.constant(0), i32.constant(size), 1, () => {
      const diagonal = f32.load(i32.add(matrixRow(upper), unit()));
      const solved = builder.keep(f32.divide(f32.load(unit(), scratch), diagonal));
      subtractMultiple(
        emission,
        builder,
        matrixRow(upper),
        solved,
        wholeVectors(row),
        i32.constant(bytesPerRow),
      );
      builder.storeFloat(unit(), solved, scratch);
    });
    downwards(builder, row, size, () => {
      const solved = builder.keep(f32.load(unit(), scratch));
      const end = builder.keep(i32.add(wholeVectors(row), bytesPerVector));
      subtractMultiple(emission, builder, matrixRow(lower), solved, i32.constant(0), end);
      const place = i32.multiply(i32.load(unit(), order), bytesPerFloat);
      builder.storeFloat(i32.add(y, place), solved);
    });
  });
}

/** Bytes before the vector in which a unit stands. */
function wholeVectors(unit: I32): I32 {
  return i32.multiply(i32.shiftRight(unit, 2), bytesPerVector);
}

function downwards(builder: FunctionBuilder, index: Local<'i32'>, size: number, body: () => void): void {
  builder.set(index, i32.constant(size - 1));
  builder.whileTrue(i32.atMost(i32.constant(0), index), () => {
    body();
    builder.set(index, i32.add(index, -1));
  });
}

function dot(
  { multiplier }: MatrixEmission,
  builder: FunctionBuilder,
  left: I32,
  right: I32,
  first: I32,
  end: I32,
): Local<'f32'> {
  const sum = builder.keep(f32x4.constant(0));
  const row = builder.keep(left);
  const offset = builder.local('i32');
  builder.count(offset, first, end, bytesPerVector, () => {
    const four = v128.load(i32.add(right, offset));
    builder.set(sum, multiplier.multiplyAdd(v128.load(i32.add(row, offset)), four, sum));
  });
  return builder.keep(across(sum, f32.add));
}

/** scratch −= factor · row */
function subtractMultiple(
  { places, multiplier }: MatrixEmission,
  builder: FunctionBuilder,
  from: I32,
  factor: Local<'f32'>,
  first: I32,
  end: I32,
): void {
  const factors = builder.keep(f32x4.splat(factor));
  const row = builder.keep(from);
  const offset = builder.local('i32');
  builder.count(offset, first, end, bytesPerVector, () => {
    const four = v128.load(i32.add(row, offset));
    const rest = multiplier.negateMultiplyAdd(factors, four, v128.load(offset, places.scratch));
    builder.store(offset, rest, places.scratch);
  });
}
