/** Equations as people read them: expressions in named quantities, their adjoints and parameters, at every time step t. */
import type { FunctionName } from '../../language/checked-model.ts';
import type { Comparison, ElementwiseOperator } from '../program.ts';

/** Functions that only derivatives have: sign(v) is −1, 0 or 1. */
export type TermFunction = FunctionName | 'sign';

export type Term =
  /** `name`: the argument or constant of the source that it is the value of. */
  | { readonly kind: 'number'; readonly value: number; readonly name: string | undefined }
  /** A quantity, or its adjoint δ, `offset` time steps later: 1 is `[t+1]`, −1 is `[t-1]`. */
  | {
      readonly kind: 'quantity' | 'adjoint';
      readonly name: string;
      readonly offset: number;
      readonly isScalar: boolean;
    }
  | { readonly kind: 'parameter'; readonly name: string; readonly isScalar: boolean }
  /** A vector of so many ones: what a scalar is multiplied with where only a vector can stand. */
  | { readonly kind: 'ones'; readonly size: number }
  | { readonly kind: 'negate'; readonly operand: Term }
  | { readonly kind: 'square'; readonly operand: Term }
  | { readonly kind: ElementwiseOperator; readonly left: Term; readonly right: Term }
  /** W @ v, or Wᵀ @ v. */
  | {
      readonly kind: 'product';
      readonly matrix: string;
      readonly transposed: boolean;
      readonly operand: Term;
    }
  /** left ⊗ right = left @ rightᵀ */
  | { readonly kind: 'outer'; readonly left: Term; readonly right: Term }
  /** 1 where it holds, else 0. */
  | {
      readonly kind: 'holds';
      readonly comparison: Comparison;
      readonly left: Term;
      readonly right: Term;
    }
  | { readonly kind: 'call'; readonly function: TermFunction; readonly arguments: readonly Term[] }
  /** Units `first` … `first + size − 1` of a vector. */
  | { readonly kind: 'slice'; readonly operand: Term; readonly first: number; readonly size: number }
  /** A vector of `size` units: 0, but for those from `first` on, which are the operand's. */
  | { readonly kind: 'pad'; readonly operand: Term; readonly first: number; readonly size: number };

export function number(value: number, name?: string): Term {
  return { kind: 'number', value, name };
}

export function binary(kind: ElementwiseOperator, left: Term, right: Term): Term {
  return { kind, left, right };
}

export function call(name: TermFunction, ...given: readonly Term[]): Term {
  return { kind: 'call', function: name, arguments: given };
}

/** The same with parts of its own. */
export function mapParts(term: Term, map: (part: Term) => Term): Term {
  switch (term.kind) {
    case 'number':
    case 'quantity':
    case 'adjoint':
    case 'parameter':
    case 'ones':
      return term;
    case 'negate':
    case 'square':
    case 'product':
    case 'slice':
    case 'pad':
      return { ...term, operand: map(term.operand) };
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'max':
    case 'min':
    case 'outer':
    case 'holds':
      return { ...term, left: map(term.left), right: map(term.right) };
    case 'call':
      return { ...term, arguments: term.arguments.map(map) };
  }
}

/** The same with every minus as far outside as it can be: a ⊙ (−b) is −(a ⊙ b). */
export function tidy(term: Term): Term {
  const tidied = mapParts(term, tidy);
  switch (tidied.kind) {
    case 'negate':
      return negated(tidied.operand);
    case 'multiply':
    case 'divide': {
      const { left, right } = tidied;
      const product = { ...tidied, left: magnitude(left), right: magnitude(right) };
      return isNegated(left) === isNegated(right) ? product : negated(product);
    }
    case 'outer': {
      const { left } = tidied;
      return isNegated(left) ? negated({ ...tidied, left: magnitude(left) }) : tidied;
    }
    case 'product':
    case 'slice':
    case 'pad': {
      const { operand } = tidied;
      return isNegated(operand) ? negated({ ...tidied, operand: magnitude(operand) }) : tidied;
    }
    case 'call': {
      const [operand] = tidied.arguments as [Term, ...Term[]];
      const isOdd = tidied.function === 'sum' && isNegated(operand);
      return isOdd ? negated(call('sum', magnitude(operand))) : tidied;
    }
    default:
      return tidied;
  }
}

function isNegated(term: Term): term is Extract<Term, { kind: 'negate' }> {
  return term.kind === 'negate';
}

function magnitude(term: Term): Term {
  return isNegated(term) ? term.operand : term;
}

function negated(term: Term): Term {
  return isNegated(term) ? term.operand : { kind: 'negate', operand: term };
}

function partsOf(term: Term): readonly Term[] {
  const parts: Term[] = [];
  mapParts(term, (part) => {
    parts.push(part);
    return part;
  });
  return parts;
}

/** Names and numbers in a term: how long it is to read. */
export function length(term: Term): number {
  const parts = partsOf(term);
  return parts.length === 0 ? 1 : parts.reduce((sum, part) => sum + length(part), 0);
}

/** What the term says of time t, said of t + steps. */
export function shift(term: Term, steps: number): Term {
  // Zero has a sign, too.
  if (steps === 0) return term;
  if (term.kind === 'quantity' || term.kind === 'adjoint') return { ...term, offset: term.offset + steps };
  return mapParts(term, (part) => shift(part, steps));
}

export function isScalar(term: Term): boolean {
  switch (term.kind) {
    case 'number':
      return true;
    case 'quantity':
    case 'adjoint':
    case 'parameter':
      return term.isScalar;
    case 'ones':
    case 'product':
    case 'outer':
    case 'slice':
    case 'pad':
      return false;
    case 'call':
      return isReduction(term.function) || (term.function !== 'concat' && term.arguments.every(isScalar));
    default:
      return partsOf(term).every(isScalar);
  }
}

function isReduction(name: TermFunction): boolean {
  return name === 'sum' || name === 'mean' || name === 'norm';
}
