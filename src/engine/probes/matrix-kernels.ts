/**
 * Compiled operations on square matrices of one size that lie in one memory. Rows are filled up with zeros to whole
 * vectors, and so are columns: the padded matrix has the size P.
 */
import { bytesPerFloat } from '../compiled/layout.ts';
import { type ProductKernels, panelColumns, productKernels } from '../compiled/product-kernels.ts';
import { hasRelaxedSimd } from '../compiled/relaxed-simd.ts';
import {
  f32,
  f32x4,
  fusedMultiplier,
  type I32,
  i32,
  i32x4,
  plainMultiplier,
  v128,
} from '../wasm/expressions.ts';
import type { FunctionBuilder, FunctionReference } from '../wasm/function-builder.ts';
import { ModuleBuilder } from '../wasm/module-builder.ts';
import { defineFactorisation } from './factorisation.ts';
import { across, bytesPerVector, lanes, type MatrixEmission, type MatrixPlaces } from './matrix-emission.ts';

/** Rows, or vectors of columns, that a product of a matrix and a vector passes over at once. */
const tiles = [8, 4, 1] as const;

/** Operands are addresses of matrices and vectors. */
export interface MatrixKernels {
  /** The largest magnitude of an entry, NaN where one is. */
  readonly largest: (matrix: number) => void;
  /** Takes B over for products. */
  readonly pack: (matrix: number) => void;
  /** C = A · B with the B that was packed last. */
  readonly multiply: (a: number, c: number) => void;
  /** y = A x */
  readonly apply: (matrix: number, x: number, y: number) => void;
  /** y = Aᵀ x */
  readonly applyTransposed: (matrix: number, x: number, y: number) => void;
  /** Factorises the matrix in `upper`, with partial pivoting. */
  readonly factorise: () => void;
  /** y = A⁻¹ x with the A that was factorised last. */
  readonly solve: (x: number, y: number) => void;
  /** y = A⁻ᵀ x */
  readonly solveTransposed: (x: number, y: number) => void;
}

/** @param pages of the memory in which the places lie */
export function matrixModule(places: MatrixPlaces, pages: number): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder(pages);
  const multiplier = hasRelaxedSimd() ? fusedMultiplier : plainMultiplier;
  const emission: MatrixEmission = { module, places, multiplier };
  const kernels = productKernels(module, multiplier);
  module.export('largest', defineLargest(emission));
  module.export('pack', definePack(emission));
  module.export('multiply', defineMultiply(emission, kernels));
  module.export('apply', defineApply(emission));
  module.export('applyTransposed', defineApplyTransposed(emission));
  defineFactorisation(emission);
  return module.toBytes();
}

function defineLargest({ module, places }: MatrixEmission): FunctionReference {
  const { size, bytesPerRow } = places;
  return module.define(['i32'], (builder) => {
    const matrix = builder.parameter('i32', 0);
    // Magnitudes are ordered as the integers that their bits are, with NaN above all.
    const result = builder.keep(i32x4.constant([0, 0, 0, 0]));
    const offset = builder.local('i32');
    builder.count(offset, i32.constant(0), i32.constant(size * bytesPerRow), bytesPerVector, () => {
      const magnitude = f32x4.absolute(v128.load(i32.add(matrix, offset)));
      builder.set(result, i32x4.larger(result, magnitude));
    });
    builder.storeFloat(i32.constant(places.largest), across(result, f32.maximum));
  });
}

/** Panels of eight columns, [P, 8] one after the other; the last may have four. */
function definePack({ module, places }: MatrixEmission): FunctionReference {
  const { size, bytesPerRow, packed } = places;
  return module.define(['i32'], (builder) => {
    const matrix = builder.parameter('i32', 0);
    const to = builder.keep(i32.constant(packed));
    inTiles(builder, bytesPerRow / bytesPerVector, [panelColumns / lanes, 1], (first, vectors) => {
      const offset = builder.local('i32');
      builder.count(offset, i32.constant(0), i32.constant(size * bytesPerRow), bytesPerRow, () => {
        const from = builder.keep(i32.add(i32.add(matrix, offset), i32.multiply(first, bytesPerVector)));
        for (let vector = 0; vector < vectors; vector += 1) {
          const at = vector * bytesPerVector;
          builder.store(to, v128.load(from, at), at);
        }
        builder.set(to, i32.add(to, vectors * bytesPerVector));
      });
    });
  });
}

function defineMultiply({ module, places }: MatrixEmission, kernels: ProductKernels): FunctionReference {
  const { size, bytesPerRow, packed, zeros } = places;
  return module.define(['i32', 'i32'], (builder) => {
    const a = builder.parameter('i32', 0);
    const c = builder.parameter('i32', 1);
    inTiles(builder, bytesPerRow / bytesPerVector, [panelColumns / lanes, 1], (first, vectors) => {
      const column = builder.keep(i32.multiply(first, bytesPerVector));
      builder.call(
        kernels.packed[vectors - 1]!,
        a,
        i32.constant(bytesPerRow),
        i32.add(i32.multiply(column, size), packed),
        i32.constant(zeros),
        i32.constant(0),
        i32.add(c, column),
        i32.constant(bytesPerRow),
        i32.constant(size),
        i32.constant(size),
        i32.constant(lanes),
      );
    });
  });
}

function defineApply({ module, places, multiplier }: MatrixEmission): FunctionReference {
  const { size, bytesPerRow } = places;
  return module.define(Array(3).fill('i32'), (builder) => {
    const matrix = builder.parameter('i32', 0);
    const x = builder.parameter('i32', 1);
    const y = builder.parameter('i32', 2);
    inTiles(builder, size, tiles, (first, rows) => {
      const start = builder.keep(i32.add(matrix, i32.multiply(first, bytesPerRow)));
      const sums = Array.from({ length: rows }, () => builder.keep(f32x4.constant(0)));
      const offset = builder.local('i32');
      builder.count(offset, i32.constant(0), i32.constant(bytesPerRow), bytesPerVector, () => {
        const four = builder.keep(v128.load(i32.add(x, offset)));
        const from = builder.keep(i32.add(start, offset));
        for (const [row, sum] of sums.entries()) {
          builder.set(sum, multiplier.multiplyAdd(v128.load(from, row * bytesPerRow), four, sum));
        }
      });
      const to = builder.keep(i32.add(y, i32.multiply(first, bytesPerFloat)));
      for (const [row, sum] of sums.entries()) {
        builder.storeFloat(to, across(sum, f32.add), row * bytesPerFloat);
      }
    });
  });
}

function defineApplyTransposed({ module, places, multiplier }: MatrixEmission): FunctionReference {
  const { size, bytesPerRow } = places;
  return module.define(Array(3).fill('i32'), (builder) => {
    const matrix = builder.parameter('i32', 0);
    const x = builder.parameter('i32', 1);
    const y = builder.parameter('i32', 2);
    inTiles(builder, bytesPerRow / bytesPerVector, tiles, (first, vectors) => {
      const column = builder.keep(i32.multiply(first, bytesPerVector));
      const from = builder.keep(i32.add(matrix, column));
      const sums = Array.from({ length: vectors }, () => builder.keep(f32x4.constant(0)));
      const unit = builder.local('i32');
      builder.count(unit, x, builder.keep(i32.add(x, size * bytesPerFloat)), bytesPerFloat, () => {
        const factor = builder.keep(v128.loadSplat(unit));
        for (const [vector, sum] of sums.entries()) {
          builder.set(sum, multiplier.multiplyAdd(factor, v128.load(from, vector * bytesPerVector), sum));
        }
        builder.set(from, i32.add(from, bytesPerRow));
      });
      const to = builder.keep(i32.add(y, column));
      for (const [vector, sum] of sums.entries()) builder.store(to, sum, vector * bytesPerVector);
    });
  });
}

/** Calls `tile` for the first one of as many as fit of the largest size, then of the next. */
function inTiles(
  builder: FunctionBuilder,
  total: number,
  sizes: readonly number[],
  tile: (first: I32, size: number) => void,
): void {
  let done = 0;
  for (const size of sizes) {
    const end = total - ((total - done) % size);
    if (end > done) {
      const first = builder.local('i32');
      builder.count(first, i32.constant(done), i32.constant(end), size, () => tile(first, size));
    }
    done = end;
  }
}
