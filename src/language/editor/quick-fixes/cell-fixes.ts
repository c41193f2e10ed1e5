/** Quick fixes of cells that add or change a line. */
import {
  type Cell,
  isBinary,
  isCell,
  isEquation,
  isExpression,
  isNameReference,
  isParameterStatement,
} from '../../generated/ast.ts';
import { ExpectedShapes } from '../expected-shape.ts';
import { shapeText, startOf } from './parameter-lines.ts';
import { type FixContext, freeName, type QuickFix } from './quick-fix.ts';
import { rangeOf } from './source-edits.ts';

export function addOutputLine(context: FixContext): readonly QuickFix[] {
  const cell = context.around(isCell);
  const equations = cell?.statements.filter(isEquation) ?? [];
  const last = cell?.statements.at(-1);
  if (!last) return [];
  const latest = equations.at(-1)?.name;
  return [...equations].reverse().map(({ name }) => ({
    title: `Add \`output ${name}\``,
    edits: [context.edits.after(last, `output ${name}`)],
    ...(name !== latest && { isAlternative: true as const }),
  }));
}

/** `b[t-1]` → `b` */
export function readNow(context: FixContext): readonly QuickFix[] {
  const read = context.around(isNameReference);
  if (!read) return [];
  const name = read.reference.$refText;
  return [{ title: `Read \`${name}\``, edits: [context.edits.replace(rangeOf(read), name)] }];
}

/** `h[t+1]` and `h` → `h[t-1]` */
export function readBefore(context: FixContext): readonly QuickFix[] {
  const read = context.around(isNameReference);
  if (!read) return [];
  const text = `${read.reference.$refText}[t-1]`;
  return [{ title: `Read \`${text}\``, edits: [context.edits.replace(rangeOf(read), text)] }];
}

/** `window(f * x, 3)` → `u = f * x` and `window(u, 3)` */
export function giveEquation(context: FixContext): readonly QuickFix[] {
  const value = context.marked(isExpression);
  const equation = context.around(isEquation);
  const definition = definitionAround(context);
  if (!value || !equation || !definition) return [];
  const taken = [
    ...definition.equations.keys(),
    ...definition.parameters.keys(),
    ...definition.arguments.keys(),
  ];
  const name = freeName('u', taken);
  const edits = [
    context.edits.before(equation, `${name} = ${context.edits.text(value)}`),
    context.edits.replace(rangeOf(value), name),
  ];
  return [{ title: `Define \`${name} = ${context.edits.text(value)}\``, edits }];
}

export function addShape(context: FixContext): readonly QuickFix[] {
  const statement = context.around(isParameterStatement);
  const definition = definitionAround(context);
  if (!statement || !definition) return [];
  const shapes = new ExpectedShapes(definition);
  const shape = statement.parameters.map(({ name }) => shapes.wantedOf(name)).find((wanted) => wanted);
  if (!shape) return [];
  const text = shapeText(shape);
  const last = rangeOf(statement.parameters.at(-1)!).end;
  return [{ title: `Add the shape \`${text}\``, edits: [context.edits.insert(last, ` : ${text}`)] }];
}

export function addInitialiser(context: FixContext): readonly QuickFix[] {
  const statement = context.around(isParameterStatement);
  if (!statement?.shape) return [];
  const { items } = statement.shape;
  const isSquare = items.length === 2 && context.edits.text(items[0]!) === context.edits.text(items[1]!);
  const start = startOf(items.length, isSquare);
  return [{ title: `Add \`${start}\``, edits: [context.edits.insert(rangeOf(statement).end, ` ${start}`)] }];
}

/** Some initialisers are for matrices: `glorot` starts anything. */
export function useGlorot(context: FixContext): readonly QuickFix[] {
  const statement = context.around(isParameterStatement);
  const value = statement?.initialiser;
  if (!value) return [];
  return [{ title: 'Use `glorot`', edits: [context.edits.replace(rangeOf(value), 'glorot')] }];
}

/** `W * x` → `W @ x` */
export function multiplyMatrix(context: FixContext): readonly QuickFix[] {
  const matrix = context.marked(isExpression);
  const product = matrix?.$container;
  if (!isBinary(product) || product.left !== matrix || product.operator !== '*') return [];
  const operator = context.part(product, 'operator');
  return operator
    ? [{ title: 'Use `@`, the matrix product', edits: [context.edits.replace(operator.range, '@')] }]
    : [];
}

export function definitionAround(context: FixContext) {
  const cell: Cell | undefined = context.around(isCell);
  return cell && context.check.cells.get(cell);
}
