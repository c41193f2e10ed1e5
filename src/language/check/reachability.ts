/** Quantities that have no part in the loss: what reads them does not reach the cell's output, at any time step. */
import type { CellDefinition } from './cells.ts';
import { readsOf } from './equations.ts';
import type { Reporter } from './reporter.ts';

/** @param read names that something in the cell reads: what nothing reads is reported as unused */
export function checkReachability(
  { equations, outputs }: CellDefinition,
  read: ReadonlySet<string>,
  reporter: Reporter,
): void {
  const output = outputs[0]?.quantity.$refText;
  if (output === undefined || !equations.has(output)) return;
  const reached = reachedFrom(output, equations);
  for (const equation of equations.values()) {
    const { name } = equation;
    if (reached.has(name) || !read.has(name)) continue;
    const message = `\`${name}\` does not reach the output \`${output}\`, at this time step or a later one: the loss does not hang on it, and it has no gradient.`;
    reporter.warning('unreachable-quantity', message, reporter.part(equation, 'name'));
  }
}

/** A quantity, all that it reads, all that these read, and so on. */
function reachedFrom(output: string, equations: CellDefinition['equations']): ReadonlySet<string> {
  const reached = new Set<string>();
  const pending = [output];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const equation = reached.has(name) ? undefined : equations.get(name);
    if (equation === undefined) continue;
    reached.add(name);
    pending.push(...readsOf(equation).map(({ reference }) => reference.$refText));
  }
  return reached;
}
