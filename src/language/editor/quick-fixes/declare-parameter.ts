/** Declares a parameter that an equation reads, with the shape that fits there. */
import { isCell, isEquation, isNameReference } from '../../generated/ast.ts';
import { ExpectedShapes } from '../expected-shape.ts';
import { definitionAround } from './cell-fixes.ts';
import { declaration, shapeText } from './parameter-lines.ts';
import type { FixContext, QuickFix } from './quick-fix.ts';

export function declareParameter(context: FixContext): readonly QuickFix[] {
  const read = context.around(isNameReference);
  const cell = context.around(isCell);
  const definition = definitionAround(context);
  // A parameter is the same at all time steps: what is read at an earlier one is a quantity.
  if (!read || !cell || !definition || !context.around(isEquation) || read.delayed) return [];
  const name = read.reference.$refText;
  const shape = new ExpectedShapes(definition).at(read);
  if (!shape) return [];
  const title = `Declare the parameter \`${name} : ${shapeText(shape)}\``;
  return [{ title, edits: [declaration(cell, name, shape, context)] }];
}
