/** A name that a cell does not have: misspelt, or a parameter that is not declared yet. */
import { isCell, isEquation, isNameReference } from '../../generated/ast.ts';
import { ExpectedShapes } from '../expected-shape.ts';
import { definitionAround } from './cell-fixes.ts';
import { declaration, sameShape, shapeText } from './parameter-lines.ts';
import type { FixContext, QuickFix } from './quick-fix.ts';
import { replacementsOf } from './replacements.ts';

/** First the other name, where one alone is near and fits. */
export function spellOrDeclare(context: FixContext): readonly QuickFix[] {
  const { fix } = context.diagnostic;
  const spelt = replacementsOf(context);
  const declared = declareParameter(context);
  if (declared.length === 0 || fix?.kind !== 'replace') return [...spelt, ...declared];
  const isClear = fix.texts.length === 1 && fits(fix.texts[0]!, context);
  const [first, second] = isClear ? [spelt, declared] : [declared, spelt];
  return [...first, ...second.map((other) => ({ ...other, isAlternative: true as const }))];
}

/** Whether the shape of a name is the one that is wanted in place of the unknown one. */
function fits(name: string, context: FixContext): boolean {
  const read = context.around(isNameReference);
  const definition = definitionAround(context);
  if (!read || !definition) return true;
  const shapes = new ExpectedShapes(definition);
  const wanted = shapes.at(read);
  const shape = shapes.names.get(name);
  return !wanted || !shape || shape.length === 0 || sameShape(wanted, shape);
}

/** Declares a parameter that an equation reads, with the shape that fits there. */
function declareParameter(context: FixContext): readonly QuickFix[] {
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
