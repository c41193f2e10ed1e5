/**
 * Schedules: the programs of a network in the order in which they run fast. Whatever does not depend on an earlier
 * time step of its own layer runs for all steps at once, before or after the loop over time; sums of products become
 * one product stage; everything elementwise between two product stages becomes one pass over memory.
 */
import type { ElementwiseFunction } from '../../language/checked-model.ts';
import type { Network } from '../network.ts';
import type { Comparison, Constant, ElementwiseOperator, LayerProgram } from '../program.ts';
import type { Timing } from '../timing.ts';

/** A value or an adjoint of one layer over all time steps, `[T, rows, size]`. */
export interface ScheduledArray {
  readonly layer: string;
  readonly name: string;
  readonly content: 'value' | 'adjoint';
  /**
   * At one time step: B in a run. Where the targets of a stage have several rows and an operand has one, all of them
   * read that one.
   */
  readonly rows: number;
  readonly size: number;
  /** Time steps that are computed, from the first on; all, if left out. */
  readonly steps?: number;
  /** What a read at t ≤ 0 yields: one number for all units, or one for each. */
  readonly initial: ParameterOperand | Constant;
  /** Traces show it. */
  readonly recorded: boolean;
  /** It has to lie in memory: it is recorded, or read by another stage or another time step. */
  stored: boolean;
  /** Steps before the first and after the last one that are read. */
  padBefore: number;
  padAfter: number;
}

/** The array at time t + shift. */
export interface ArrayOperand {
  readonly kind: 'array';
  readonly array: ScheduledArray;
  readonly shift: number;
}

export interface ParameterOperand {
  readonly kind: 'parameter';
  readonly layer: string;
  readonly name: string;
  readonly size: number;
}

export type ScheduledOperand = ArrayOperand | ParameterOperand | Constant;

export interface Matrix {
  readonly layer: string;
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
}

export type ElementwiseOperation =
  | {
      readonly kind: ElementwiseOperator;
      readonly left: ScheduledOperand;
      readonly right: ScheduledOperand;
    }
  | { readonly kind: 'negate' | 'copy'; readonly operand: ScheduledOperand }
  | {
      readonly kind: 'function';
      readonly name: ElementwiseFunction;
      readonly operand: ScheduledOperand;
    }
  | {
      readonly kind: 'derivative';
      readonly name: ElementwiseFunction;
      readonly adjoint: ScheduledOperand;
      readonly input: ScheduledOperand;
      readonly output: ScheduledOperand;
    }
  /** δ where left ≥ right, or where left > right, and 0 elsewhere. */
  | {
      readonly kind: 'where';
      readonly adjoint: ScheduledOperand;
      readonly comparison: Comparison;
      readonly left: ScheduledOperand;
      readonly right: ScheduledOperand;
    }
  /** The input numbers of this step. */
  | { readonly kind: 'numbers' }
  /** 2 (prediction − target) / (T·B·n) */
  | { readonly kind: 'squaredErrorGradient'; readonly prediction: ScheduledOperand };

/** Needs a whole row, [n] of one sample, at once. */
export type RowOperation =
  | { readonly kind: 'softmax'; readonly operand: ArrayOperand }
  | {
      readonly kind: 'softmaxDerivative';
      readonly adjoint: ArrayOperand;
      readonly output: ArrayOperand;
    }
  | { readonly kind: 'sumUnits'; readonly operand: ArrayOperand }
  /** The operand at T + 1 − t. */
  | { readonly kind: 'reverse'; readonly operand: ArrayOperand }
  /** Operands end to end. */
  | { readonly kind: 'concat'; readonly operands: readonly ArrayOperand[] }
  /** As many units of the operand as the target has, from `first` on. */
  | { readonly kind: 'slice'; readonly operand: ArrayOperand; readonly first: number }
  /** The operand in the place of the target's units from `first` on, and zeros beside it. */
  | { readonly kind: 'pad'; readonly operand: ArrayOperand; readonly first: number }
  | { readonly kind: 'onehot' }
  | { readonly kind: 'lookup'; readonly table: Matrix }
  | { readonly kind: 'crossEntropy'; readonly logits: ArrayOperand }
  /** (probabilities − onehot(target)) / (T·B) */
  | { readonly kind: 'crossEntropyGradient'; readonly probabilities: ArrayOperand }
  | { readonly kind: 'squaredError'; readonly prediction: ArrayOperand }
  /** Row i of n at a time step holds unit i of the operand [T, 1, n] in its place, and zeros beside it. */
  | { readonly kind: 'diagonal'; readonly operand: ArrayOperand }
  /** diag(operand) @ W: row i of n is ± unit i of the operand times row i of W. */
  | {
      readonly kind: 'diagonalProduct';
      readonly matrix: Matrix;
      readonly negative: boolean;
      readonly operand: ArrayOperand;
    };

export interface ProductOperation {
  readonly kind: 'product';
  readonly matrix: Matrix;
  readonly transposed: boolean;
  readonly negative: boolean;
  readonly operand: ArrayOperand | ParameterOperand;
}

export type ScheduledOperation = ElementwiseOperation | RowOperation | ProductOperation;

/** One contribution to an array: the first replaces what it holds, later ones add to it. */
export interface Contribution<Operation extends ScheduledOperation = ScheduledOperation> {
  readonly target: ScheduledArray;
  readonly operation: Operation;
  accumulate: boolean;
}

export type Stage =
  | { readonly kind: 'products'; readonly targets: readonly ProductTarget[] }
  /** One pass: what an earlier assignment computes, a later one finds in a register. */
  | {
      readonly kind: 'elementwise';
      readonly size: number;
      readonly assignments: readonly Contribution<ElementwiseOperation>[];
    }
  | { readonly kind: 'row'; readonly assignment: Contribution<RowOperation> };

/** target (+)= bias + Σ ± W @ v */
export interface ProductTarget {
  readonly target: ScheduledArray;
  readonly accumulate: boolean;
  readonly bias: ParameterOperand | undefined;
  readonly terms: readonly ProductOperation[];
}

/** What runs for all time steps at once, in the loop over time, and for all time steps again. */
export interface Phases {
  /** Which time steps of a walk these are. */
  readonly timing: Timing;
  readonly before: readonly Stage[];
  readonly loop: readonly Stage[];
  readonly after: readonly Stage[];
}

/** Run once per iteration, over all time steps and samples. */
export type ScheduledGradient = {
  readonly layer: string;
  readonly parameter: string;
  readonly accumulate: boolean;
  /** The first time step of which the adjoint can be other than 0. */
  readonly firstStep: number;
  readonly adjoint: ArrayOperand;
} & (
  | { readonly kind: 'outer'; readonly operand: ArrayOperand | ParameterOperand }
  | { readonly kind: 'sum' | 'lookup' }
);

export interface LayerSchedule {
  readonly program: LayerProgram;
  readonly forward: Phases;
  readonly adjoint: Phases;
  readonly gradients: readonly ScheduledGradient[];
}

export interface Schedule {
  readonly network: Network;
  /** Arrays that lie in memory. */
  readonly arrays: readonly ScheduledArray[];
  /** From data to loss; forward runs them in this order, backward in reverse. */
  readonly layers: readonly LayerSchedule[];
}
