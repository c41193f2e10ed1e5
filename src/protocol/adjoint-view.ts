/** What the adjoint view asks of the language server, beside the Language Server Protocol. */
import type { SourceRange } from './source-range.ts';

/** `CellQuestion` → `CellName`, or null where a file has no cell. */
export const cellAtRequest = 'unroll/cellAt';
/** `CellName` → `AdjointDocument`, or null where there is no such cell that is right. */
export const adjointEquationsRequest = 'unroll/adjointEquations';

/** Which cell is meant at a place: the one around it, the one that a layer there is made of, else the file's first. */
export interface CellQuestion {
  readonly uri: string;
  readonly position: SourceRange['start'];
}

export interface CellName {
  /** Of the file that defines it. */
  readonly uri: string;
  readonly name: string;
}

/** The adjoint equations of a cell, to be read from top to bottom: backpropagation takes them in this order. */
export interface AdjointDocument {
  readonly lines: readonly AdjointLine[];
}

export interface AdjointLine {
  readonly text: string;
  /** What of the source it was derived from; absent for comments and empty lines. */
  readonly source?: SourceRange;
}
