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

/** A line for each parameter, under a heading. */
export function gradientTable({ parameters }: GradientReport): readonly string[] {
  const rows = parameters.map((check) => [
    `${check.layer} ${check.name}`,
    `[${check.shape.join(', ')}]`,
    `${check.checked}`,
    check.checked > 0 ? check.largestError.toExponential(1) : '–',
    describe(check),
  ]);
  const heading = ['parameter', 'shape', 'entries', 'largest relative error', ''];
  const widths = heading.map((_, column) =>
    Math.max(...[heading, ...rows].map((row) => row[column]!.length)),
  );
  return [heading, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

function describe(check: ParameterCheck): string {
  switch (verdictOf(check)) {
    case 'right':
      return check.undecided > 0 ? `${check.undecided} more too small to tell in float32` : '';
    case 'undecided':
      return 'too small to tell in float32';
    case 'wrong': {
      const [{ index, gradient, finiteDifference }] = check.wrong as readonly [WrongEntry];
      return `wrong: entry ${placeOf(index, check.shape)} is ${gradient.toPrecision(4)}, finite difference ${finiteDifference.toPrecision(4)}`;
    }
  }
}

function placeOf(index: number, [, columns]: readonly number[]): string {
  return columns === undefined ? `[${index}]` : `[${Math.floor(index / columns)}, ${index % columns}]`;
}

/** The verdict on all parameters, in a sentence. */
export function gradientSummary({ parameters }: GradientReport): string {
  const named = (verdict: Verdict) =>
    parameters.filter((check) => verdictOf(check) === verdict).map(({ layer, name }) => `${layer} ${name}`);
  const wrong = named('wrong');
  const undecided = named('undecided');
  const entries = parameters.reduce((total, { checked }) => total + checked, 0);
  const note = undecided.length > 0 ? ` Too small to tell: ${undecided.join(', ')}.` : '';
  if (wrong.length > 0) return `Gradients disagree with finite differences: ${wrong.join(', ')}.${note}`;
  const largest = Math.max(0, ...parameters.map(({ largestError }) => largestError));
  return (
    `Gradients agree with finite differences: ${entries} entries of ${parameters.length} parameters, ` +
    `largest relative error ${largest.toExponential(1)}.${note}`
  );
}
