/** A cell as it is before it stands in a model: checked with stand-ins for what its arguments and input will be. */
import type { CheckedCell, Expression } from '../checked-model.ts';
import type { StandInCell } from '../equation-texts.ts';
import { standInsFor } from '../stand-in-sizes.ts';
import { inputName } from '../vocabulary/functions.ts';
import { buildCell } from './build-cell.ts';
import type { CellDefinition } from './cells.ts';
import { evaluateConstant } from './constants.ts';
import { readsOf } from './equations.ts';
import { sizeArguments } from './layers.ts';
import { Reporter } from './reporter.ts';

/** For arguments that are no sizes and have no default: a share, and a count. */
const numbers = [0.5, 2];

/** @returns undefined for a cell that is in error whatever its arguments are */
export function standInCell(definition: CellDefinition): StandInCell | undefined {
  const ofArguments = [...sizeArguments(definition)].filter((name) => definition.arguments.has(name));
  // A cell that adds its input to its state takes an input as wide as that alone.
  for (const sizeNames of [[...ofArguments, inputName], ofArguments]) {
    const sizes = standInsFor(sizeNames);
    const inputSize = sizes?.get(inputName) ?? sizes?.get(sizeNames[0]!);
    if (sizes === undefined || inputSize === undefined) return undefined;
    for (const number of numbers) {
      const values = argumentValues(definition, sizes, number);
      const reporter = new Reporter(definition.uri);
      const cell = buildCell(definition, values, inputSize, reporter);
      const isRight = reporter.diagnostics.every(({ severity }) => severity !== 'error');
      if (cell && isRight)
        return { cell, inputSize, sizes, assumed: assumedOf(definition, cell, values, sizes) };
    }
  }
  return undefined;
}

function argumentValues(
  definition: CellDefinition,
  sizes: ReadonlyMap<string, number>,
  otherwise: number,
): ReadonlyMap<string, number> {
  const reporter = new Reporter(definition.uri);
  return new Map(
    [...definition.arguments.values()].map(({ name, default: byDefault }) => {
      const value = byDefault && evaluateConstant(byDefault, definition.constants, reporter);
      return [name, sizes.get(name) ?? (typeof value === 'number' ? value : otherwise)];
    }),
  );
}

/** Arguments that an equation reads and that nobody sees in it once it is checked, as the k of `window(x, k)`. */
function assumedOf(
  definition: CellDefinition,
  cell: CheckedCell,
  values: ReadonlyMap<string, number>,
  sizes: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const seen = new Set(cell.equations.flatMap(({ value }) => namesIn(value)));
  const read = [...definition.equations.values()].flatMap(readsOf).map(({ reference }) => reference.$refText);
  return new Map([...values].filter(([name]) => read.includes(name) && !seen.has(name) && !sizes.has(name)));
}

/** Of numbers. */
function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'number':
      return expression.name === undefined ? [] : [expression.name];
    case 'quantity':
    case 'parameter':
      return [];
    case 'negate':
      return namesIn(expression.operand);
    case 'call':
      // How many parts maxout compares shapes the equations, though it is named.
      return expression.function === 'maxout' ? [] : expression.arguments.flatMap(namesIn);
    case 'binary':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
  }
}
