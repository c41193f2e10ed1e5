/** Lines that declare parameters, in the columns of the lines around them. */
import type { TextEdit } from 'vscode-languageserver';
import { type Sizes, showSizes } from '../../check/shape-texts.ts';
import { type Cell, isParameterStatement, type ParameterStatement } from '../../generated/ast.ts';
import type { FixContext } from './quick-fix.ts';
import { rangeOf } from './source-edits.ts';

export function shapeText(shape: Sizes): string {
  return showSizes(shape);
}

export function sameShape(one: Sizes, other: Sizes): boolean {
  return one.length === other.length && one.every((size, index) => size === other[index]);
}

/** How a parameter usually starts: recurrent matrices keep lengths, biases are 0. */
export function startOf(sizes: number, isSquare: boolean): string {
  if (sizes < 2) return '= 0';
  return isSquare ? '~ orthogonal' : '~ glorot';
}

/** Declares a parameter below the cell's others. */
export function declaration(cell: Cell, name: string, shape: Sizes, context: FixContext): TextEdit {
  const start = startOf(shape.length, shape[0] === shape[1]);
  const previous = cell.statements.findLast(isParameterStatement);
  if (previous === undefined) {
    const line = `param ${name} : ${shapeText(shape)} ${start}`;
    return context.edits.intoBlock(context.keyword(cell, '{')!, line, cell.statements.length === 0);
  }
  return context.edits.after(previous, lineLike(previous, name, shapeText(shape), start, context));
}

/** The colon and the start of a line under those of another. */
export function lineLike(
  other: ParameterStatement,
  name: string,
  shape: string,
  start: string,
  context: FixContext,
): string {
  const columnOf = (keyword: string) => {
    const node = context.keyword(other, keyword);
    return node && node.range.start.line === rangeOf(other).start.line
      ? node.range.start.character - rangeOf(other).start.character
      : 0;
  };
  const declared = `param ${name} `.padEnd(columnOf(':'));
  const shaped = `${declared}: ${shape} `.padEnd(Math.max(columnOf('~'), columnOf('=')));
  return `${shaped}${start}`;
}
