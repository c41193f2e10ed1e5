/** What the operations on matrices are written with. */
import { bytesPerFloat } from '../compiled/layout.ts';
import { type F32, f32x4, type Multiplier } from '../wasm/expressions.ts';
import type { Local } from '../wasm/function-builder.ts';
import type { ModuleBuilder } from '../wasm/module-builder.ts';

export const lanes = 4;
export const bytesPerVector = lanes * bytesPerFloat;

/** Where everything lies, in bytes. */
export interface MatrixPlaces {
  /** P */
  readonly size: number;
  readonly bytesPerRow: number;
  readonly zeros: number;
  /** Float32: the result of `largest`. */
  readonly largest: number;
  /** Int32: 1 where `factorise` found no pivot. */
  readonly singular: number;
  readonly packed: number;
  /** The factors of P A = L U, and the order of the rows, Int32 [P]. */
  readonly upper: number;
  readonly lower: number;
  readonly order: number;
  readonly scratch: number;
}

export interface MatrixEmission {
  readonly module: ModuleBuilder;
  readonly places: MatrixPlaces;
  readonly multiplier: Multiplier;
}

/** Sum, or whatever else, of the four lanes. */
export function across(vector: Local<'v128'>, combine: (left: F32, right: F32) => F32): F32 {
  const [a, b, c, d] = [0, 1, 2, 3].map((lane) => f32x4.lane(vector, lane));
  return combine(combine(a!, b!), combine(c!, d!));
}
