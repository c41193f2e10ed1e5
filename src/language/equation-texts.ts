/**
 * What a compiler derives from a cell, as text. The language brings no compiler: whoever puts the language's server
 * together hands one in.
 */
import type { CheckedCell, SourceRange } from './checked-model.ts';

/** A cell as it is before it stands in a model: with stand-ins for what its arguments and input will be. */
export interface StandInCell {
  readonly cell: CheckedCell;
  /** Stand-in for the width of `x`. */
  readonly inputSize: number;
  /** What stands in for which size, by the size's name: `units`, `x`. Numbers that no cell would come to otherwise. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Arguments that equations hang on without naming them, with the values that these are written out for: `taps`. */
  readonly assumed: ReadonlyMap<string, number>;
}

/** `mathematics` as textbooks have it; `language` in the words and signs of the language. */
export const equationNotations = ['mathematics', 'language'] as const;
export type EquationNotation = (typeof equationNotations)[number];

export interface EquationTexts {
  of(cell: StandInCell, notation: EquationNotation): CellEquations;
}

export interface CellEquations {
  /** In the order of backpropagation: that of the equations reversed, and the input last. */
  readonly quantities: readonly QuantityEquations[];
  /** In order of declaration. */
  readonly parameters: readonly ParameterEquations[];
}

export interface QuantityEquations {
  readonly name: string;
  /** `f = …`, and parts of it that are too long to be written out; none for the input. */
  readonly forward: readonly EquationLine[];
  /** `δf = …`, and those of its pre-activation and parts. */
  readonly adjoint: readonly EquationLine[];
}

export interface ParameterEquations {
  readonly name: string;
  /** `δW = Σₜ …` */
  readonly gradient: readonly EquationLine[];
}

/** An equation, or with every further line another summand: `  + U_fᵀ δf.pre[t+1]`. */
export interface EquationLine {
  readonly text: string;
  /** What of the source it comes from. */
  readonly source: SourceRange;
}
