/** Checks of the names and calls in an equation. */
import type { Call, Expression, NameReference } from '../generated/ast.ts';
import { inputName, isFunctionName } from '../vocabulary/functions.ts';
import { type CellDefinition, symbolicArguments } from './cells.ts';
import { delayOf } from './equations.ts';
import { readCall } from './function-calls.ts';
import { foldedText, type Reporter } from './reporter.ts';

export function checkExpression(
  expression: Expression,
  definition: CellDefinition,
  reporter: Reporter,
): void {
  switch (expression.$type) {
    case 'Binary':
      checkExpression(expression.left, definition, reporter);
      checkExpression(expression.right, definition, reporter);
      break;
    case 'Negation':
      checkExpression(expression.operand, definition, reporter);
      break;
    case 'Call':
      checkCall(expression, definition, reporter);
      break;
    case 'NameReference':
      checkReference(expression, definition, reporter);
      break;
    case 'NumberLiteral':
      if (expression.percent || !Number.isFinite(expression.value)) {
        const message = `Expected a number, found \`${foldedText(expression)}\`.`;
        reporter.error('not-in-equation', message, expression);
      }
      break;
    case 'List':
    case 'TextLiteral':
      reporter.error(
        'not-in-equation',
        `Equations are made of numbers, names and functions; found \`${foldedText(expression)}\`.`,
        expression,
      );
      break;
  }
}

function checkCall(node: Call, definition: CellDefinition, reporter: Reporter): void {
  const call = readCall(node, symbolicArguments(definition), reporter);
  if (call === undefined) return;
  for (const value of call.values) checkExpression(value, definition, reporter);
  const [value] = call.values;
  if (call.name !== 'window' || value === undefined || isQuantity(value, definition)) return;
  const message = `\`window\` looks back at one quantity; give \`${foldedText(value)}\` an equation of its own.`;
  reporter.error('window-of-expression', message, value);
}

function isQuantity(expression: Expression, definition: CellDefinition): boolean {
  if (expression.$type !== 'NameReference') return false;
  const name = expression.reference.$refText;
  return (
    !definition.parameters.has(name) && !definition.arguments.has(name) && !definition.constants.has(name)
  );
}

function checkReference(reference: NameReference, definition: CellDefinition, reporter: Reporter): void {
  const name = reference.reference.$refText;
  const changes = name === inputName || definition.equations.has(name);
  const isConstant =
    definition.parameters.has(name) || definition.arguments.has(name) || definition.constants.has(name);
  if (!changes && !isConstant) {
    reportUnknown(reference, name, definition, reporter);
  } else if (reference.delayed && !changes) {
    const message = `\`${name}\` is the same at every time step; read it as \`${name}\`.`;
    reporter.error('delayed-constant', message, reference);
  } else if (delayOf(reference) === undefined) {
    const advice = reference.direction === '+' ? ' A cell cannot read the future.' : '';
    const message = `Expected \`${name}[t-1]\`, \`${name}[t-2]\`, … for a value 1, 2, … steps ago.${advice}`;
    reporter.error('invalid-delay', message, reference);
  }
}

function reportUnknown(
  reference: NameReference,
  name: string,
  definition: CellDefinition,
  reporter: Reporter,
): void {
  const known = [
    inputName,
    ...definition.equations.keys(),
    ...definition.parameters.keys(),
    ...definition.arguments.keys(),
    ...definition.constants.keys(),
  ];
  const state = reference.delayed ? `No equation defines the state \`${name}\`.` : undefined;
  const message = state ?? `\`${name}\` is neither a quantity nor a parameter of this cell.`;
  const place = reporter.part(reference, 'reference');
  if (isFunctionName(name)) {
    const hint = ` \`${name}\` is a function: write \`${name}(…)\`.`;
    reporter.error('unknown-quantity', message + hint, place);
  } else {
    reporter.unknownName('unknown-quantity', message, place, { name, known, listing: 'This cell has' });
  }
}
