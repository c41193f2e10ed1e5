/** Quick fixes of shapes that do not fit: the declaration changes, or the operator. */
import type { CellDefinition } from '../../check/cells.ts';
import type { Sizes } from '../../check/shape-texts.ts';
import { type Expression, isBinary, isNameReference, type ParameterStatement } from '../../generated/ast.ts';
import { nodesOf } from '../../walk.ts';
import { ExpectedShapes } from '../expected-shape.ts';
import { definitionAround } from './cell-fixes.ts';
import { sameShape, shapeText } from './parameter-lines.ts';
import type { FixContext, QuickFix } from './quick-fix.ts';
import { rangeOf } from './source-edits.ts';

export function fitShape(context: FixContext): readonly QuickFix[] {
  const binary = context.around(isBinary);
  const definition = definitionAround(context);
  if (!binary || !definition) return [];
  const shapes = new ExpectedShapes(definition);
  const operands: readonly Expression[] =
    binary.operator === '@' ? [binary.left] : [binary.left, binary.right];
  const reshaped = operands.flatMap((operand) => reshape(operand, definition, shapes, context));
  const operator = context.part(binary, 'operator');
  const isVector = shapes.of(binary.left)?.length === 1;
  const elementwise =
    binary.operator === '@' && isVector && operator
      ? [{ title: 'Use `*`, unit by unit', edits: [context.edits.replace(operator.range, '*')] }]
      : [];
  return [...elementwise, ...reshaped];
}

/** Gives a parameter the shape that its surroundings want. */
function reshape(
  operand: Expression,
  definition: CellDefinition,
  shapes: ExpectedShapes,
  context: FixContext,
): readonly QuickFix[] {
  if (!isNameReference(operand)) return [];
  const name = operand.reference.$refText;
  const statement = definition.parameters.get(name)?.statement;
  const wanted = shapes.at(operand);
  const declared = shapes.names.get(name);
  if (!statement?.shape || !wanted || !declared || sameShape(wanted, declared)) return [];
  const isTransposed = wanted.length === 2 && sameShape([...wanted].reverse(), declared);
  const what = isTransposed ? `Transpose \`${name}\`` : `Change \`${name}\``;
  const title = `${what}: declare it as \`${shapeText(wanted)}\``;
  return [{ title, edits: edits(statement, name, wanted, definition, shapes, context) }];
}

/** Changes the shape in its line, or gives the name a line of its own where others share that line and fit. */
function edits(
  statement: ParameterStatement,
  name: string,
  wanted: Sizes,
  definition: CellDefinition,
  shapes: ExpectedShapes,
  context: FixContext,
) {
  const { shape, parameters } = statement;
  const others = parameters.filter((parameter) => parameter.name !== name);
  const wantAlike = others.every((other) =>
    wantedBy(other.name, definition, shapes).every((one) => sameShape(one, wanted)),
  );
  if (wantAlike) return [context.edits.replace(rangeOf(shape!), shapeText(wanted))];
  const parameter = parameters.find((candidate) => candidate.name === name)!;
  const start = context.document.textDocument.getText({
    start: rangeOf(shape!).end,
    end: rangeOf(statement).end,
  });
  return [
    context.edits.removeItem(parameter, parameters),
    context.edits.after(statement, `param ${name} : ${shapeText(wanted)} ${start.trim()}`),
  ];
}

function wantedBy(name: string, { node }: CellDefinition, shapes: ExpectedShapes): readonly Sizes[] {
  return nodesOf(node, isNameReference)
    .filter((read) => read.reference.$refText === name)
    .flatMap((read) => {
      const wanted = shapes.at(read);
      return wanted ? [wanted] : [];
    });
}
