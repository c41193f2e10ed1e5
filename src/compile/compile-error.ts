/** Why a checked model has no programs: it takes the data to tell. */
import type { SourceRange } from '../language/checked-model.ts';

export class CompileError extends Error {
  override readonly name = 'CompileError';
  /** Of the layer. */
  readonly source: SourceRange;

  constructor(message: string, source: SourceRange) {
    super(message);
    this.source = source;
  }
}
