/**
 * What a phase computes, as definitions: each value, and each adjoint, is a sum of terms. An adjoint at t pulls what flows
 * back to it from t + k, so that nothing is written but once, and at its own time step.
 */
import type { ElementwiseOperator } from '../../../compile/program.ts';
import type { FunctionName } from '../../../language/checked-model.ts';

/** A value or an adjoint over all time steps, [T, B, size]. */
export interface Quantity {
  readonly key: string;
  /** n */
  readonly size: number;
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
  readonly initial: number;
}

/** Vectors, or one scalar, laid end to end. */
export interface VectorOperand {
  readonly kind: 'vector';
  readonly parts: readonly ParameterPlace[];
  readonly size: number;
}

export type Operand = QuantityOperand | VectorOperand | { readonly kind: 'constant'; readonly value: number };

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
  | { readonly kind: ElementwiseOperator | 'negate' | 'copy' | 'sumUnits' }
  | { readonly kind: 'function'; readonly name: FunctionName }
  /** Operands are the adjoint of f(x), and x or f(x), whichever the derivative is written in. */
  | { readonly kind: 'derivative'; readonly name: FunctionName }
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
