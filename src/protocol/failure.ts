/** Why a run could not start or go on. Each names the place, what is wrong and the way out. */
import type { SourceRange } from './source-range.ts';

export type Failure =
  /** The `.rnn` file has errors; nothing was started. */
  | { readonly kind: 'source'; readonly message: string; readonly problems: readonly Problem[] }
  /** A data file is missing, empty, not UTF-8, ragged, too short, … */
  | { readonly kind: 'data'; readonly message: string; readonly problems: readonly Problem[] }
  /** The loss or a gradient became NaN or infinite. The run stays where it happened and can be looked at. */
  | { readonly kind: 'diverged'; readonly message: string; readonly iteration: number }
  /** The backend that was asked for does not load. */
  | { readonly kind: 'backend'; readonly message: string }
  /** The engine process ended: killed, out of memory, or a crash of the native library. */
  | { readonly kind: 'engineDied'; readonly message: string }
  /** A defect of ours. */
  | { readonly kind: 'internal'; readonly message: string };

export interface Problem {
  readonly message: string;
  readonly source: SourceRange;
}
