/** What came of comparing gradients with finite differences on one minibatch. */
import type { BackendDescription } from './network.ts';

export interface GradientReport {
  readonly backend: BackendDescription;
  /** In the order of the network's layers. */
  readonly parameters: readonly ParameterCheck[];
}

export interface ParameterCheck {
  /** A layer's id. */
  readonly layer: string;
  readonly name: string;
  readonly shape: readonly number[];
  /** Entries whose gradient was compared. */
  readonly checked: number;
  /** Entries that were tried, whose finite difference is too inexact in float32 to tell anything. */
  readonly undecided: number;
  /** Largest of |gradient − finite difference| over the largest gradient of the parameter, among those compared. */
  readonly largestError: number;
  /** Entries further off than the tolerance and the finite difference's own error allow. */
  readonly wrong: readonly WrongEntry[];
}

export interface WrongEntry {
  /** Into the parameter, row by row. */
  readonly index: number;
  readonly gradient: number;
  readonly finiteDifference: number;
}

/** `undecided`: no entry could be compared. */
export type Verdict = 'right' | 'wrong' | 'undecided';

export function verdictOf({ wrong, checked }: ParameterCheck): Verdict {
  if (wrong.length > 0) return 'wrong';
  return checked > 0 ? 'right' : 'undecided';
}
