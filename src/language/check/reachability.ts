/** Quantities that have no part in the loss: what reads them does not reach the cell's output, at any time step. */
import { type Equation, isEquation } from '../generated/ast.ts';
import type { CellDefinition } from './cells.ts';
import { readsOf } from './equations.ts';
import type { Reporter } from './reporter.ts';

/** @param read names that something in the cell reads: what nothing reads is reported as unused */
export function checkReachability(
  { node, equations, outputs }: CellDefinition,
  read: ReadonlySet<string>,
  reporter: Reporter,
): void {
  const output = outputs[0]?.quantity.$refText;
  if (output === undefined || !equations.has(output)) return;
  const reached = reachedFrom(output, node.statements.filter(isEquation));
  for (const equation of equations.values()) {
    const { name } = equation;
    if (reached.has(name) || !read.has(name)) continue;
    const message = `\`${name}\` does not reach the output \`${output}\`, at this time step or a later one: the loss does not hang on it, and it has no gradient.`;
    reporter.warning('unreachable-quantity', message, reporter.part(equation, 'name'));
  }
}

/** A quantity, all that it reads, all that these read, and so on; of equations that share a name, all. */
function reachedFrom(output: string, equations: readonly Equation[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const pending = [output];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    const definitions = equations.filter((equation) => equation.name === name);
    pending.push(...definitions.flatMap(readsOf).map(({ reference }) => reference.$refText));
  }
  return reached;
}
