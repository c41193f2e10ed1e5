/**
 * What a phase computes, as definitions: each value, and each adjoint, is a sum of terms. An adjoint at t pulls what flows
 * back to it from t + k, so that nothing is written but once, and at its own time step.
 */
import type {
  Comparison,
  Constant,
  ElementwiseOperator,
  PrimitiveFunction,
} from '../../../compile/program.ts';
import type { Timing } from '../../../compile/timing.ts';

/** A value or an adjoint over all time steps, [T, B, size]. */
export interface Quantity {
  readonly key: string;
  /** n */
  readonly size: number;
  readonly timing: Timing;
}

export interface ParameterPlace {
  readonly layer: string;
  readonly name: string;
}

export interface QuantityOperand {
  readonly kind: 'quantity';
  readonly quantity: Quantity;
  /** Read at t + shift. */
  readonly shift: number;
  /** What a read before the first time step yields. */
  readonly initial: InitialOperand;
}

/** Vectors, or one scalar, laid end to end. */
export interface VectorOperand {
  readonly kind: 'vector';
  readonly parts: readonly ParameterPlace[];
  readonly size: number;
}

/** The same for all samples. */
export type InitialOperand = VectorOperand | Constant;

export type Operand = QuantityOperand | InitialOperand;

export const zero: Constant = { kind: 'constant', value: 0 };

/** W, or Wᵀ where the program multiplies by that. */
export interface MatrixPlace extends ParameterPlace {
  readonly transposed: boolean;
}

/** Rows of matrices that lie side by side, one row above the other. */
export type MatrixBlocks = readonly (readonly MatrixPlace[])[];

export type TermOperation =
  /** Blocks @ (operands one above the other). */
  | { readonly kind: 'product'; readonly blocks: MatrixBlocks }
  /** One of the parts, of these sizes, of which the operand is made up. */
  | { readonly kind: 'part'; readonly index: number; readonly sizes: readonly number[] }
  | { readonly kind: ElementwiseOperator | 'negate' | 'copy' | 'sumUnits' | 'concat' }
  /** The operand at T + 1 − t. */
  | { readonly kind: 'reverse' }
  /** Operands are δ, left and right. */
  | { readonly kind: 'where'; readonly comparison: Comparison }
  | { readonly kind: 'slice' | 'pad'; readonly first: number; readonly size: number }
  | { readonly kind: 'function'; readonly name: PrimitiveFunction }
  /** Operands are the adjoint of f(x), and x or f(x), whichever the derivative is written in. */
  | { readonly kind: 'derivative'; readonly name: PrimitiveFunction }
  /** Blocks @ (input tokens as unit vectors): for each token a column. */
  | { readonly kind: 'lookup'; readonly blocks: MatrixBlocks }
  | {
      readonly kind: 'crossEntropy' | 'crossEntropyGradient' | 'squaredError' | 'squaredErrorGradient';
    };

/** What the operation yields at t + shift; beyond the last time step that is nothing. */
export interface Term {
  readonly operation: TermOperation;
  /** Shifts count from t. */
  readonly operands: readonly Operand[];
  readonly shift: number;
}

/** A sum; without terms it is 0. */
export interface Definition {
  readonly quantity: Quantity;
  readonly terms: readonly Term[];
}

export function copyOf(operand: Operand): Term {
  return { operation: { kind: 'copy' }, operands: [operand], shift: 0 };
}

/** Quantities that a definition reads, and when. */
export function readsOf({ terms }: Definition): QuantityOperand[] {
  return terms.flatMap(({ operands }) => operands.filter((operand) => operand.kind === 'quantity'));
}
