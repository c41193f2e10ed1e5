/** What equations read and when, and an order in which they can be computed. */
import {
  type Equation,
  type Expression,
  isArgument,
  isCall,
  isNameReference,
  type NameReference,
} from '../generated/ast.ts';
import { nodesOf } from '../walk.ts';

/** k of `name[t-k]`, 0 for a bare name; undefined where the brackets hold no such delay. */
export function delayOf(reference: NameReference): number | undefined {
  if (!reference.delayed) return 0;
  if (reference.time !== 't' || reference.direction === '+') return undefined;
  if (reference.direction === undefined) return 0;
  const steps = reference.steps;
  return steps !== undefined && Number.isSafeInteger(steps) && steps >= 0 ? steps : undefined;
}

/** Whether `window` reads the name, now and at earlier steps. */
export function isInWindow(reference: NameReference): boolean {
  const argument = reference.$container;
  return (
    isArgument(argument) && isCall(argument.$container) && argument.$container.function.$refText === 'window'
  );
}

/** Every name that an equation reads, in source order. */
export function readsOf(equation: Equation): readonly NameReference[] {
  return nodesOf(equation.value, isNameReference);
}

/** The matrix of `-W @ x`, where the sign was read as the matrix's: the product is what has it. */
export function unsigned(expression: Expression): Expression {
  return expression.$type === 'Negation' ? unsigned(expression.operand) : expression;
}

export interface EquationOrder {
  /** Every equation after those that it reads in the same step; source order where that allows it. */
  readonly ordered: readonly Equation[];
  /** Where a quantity reads itself in the same step, possibly through others. */
  readonly cycles: readonly EquationCycle[];
}

export interface EquationCycle {
  /** The read that closes the circle. */
  readonly read: NameReference;
  /** From the quantity that is read back to it: `h`, `c`, `h`. */
  readonly path: readonly string[];
}

/** Depth first: an equation follows, in source order, whatever it reads at delay 0. */
export function orderEquations(equations: readonly Equation[]): EquationOrder {
  const byName = new Map(equations.map((equation) => [equation.name, equation]));
  const ordered: Equation[] = [];
  const cycles: EquationCycle[] = [];
  const done = new Set<Equation>();
  const path: Equation[] = [];

  const visit = (equation: Equation): void => {
    if (done.has(equation)) return;
    path.push(equation);
    for (const read of readsOf(equation)) {
      const needed = byName.get(read.reference.$refText);
      if (needed === undefined || delayOf(read) !== 0) continue;
      const start = path.indexOf(needed);
      if (start < 0) visit(needed);
      else cycles.push({ read, path: [...path.slice(start), needed].map(({ name }) => name) });
    }
    path.pop();
    done.add(equation);
    ordered.push(equation);
  };
  for (const equation of equations) visit(equation);
  return { ordered, cycles };
}
