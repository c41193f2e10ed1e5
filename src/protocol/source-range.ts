/** A stretch of source text. Lines and characters count from 0, as in the Language Server Protocol. */
export interface SourceRange {
  readonly uri: string;
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}
