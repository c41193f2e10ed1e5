/** Constant arithmetic: numbers in settings, arguments of cells and sizes in shapes. */
import type { Expression } from '../generated/ast.ts';
import { addSizes, divideSizes, multiplySizes, type Size, subtractSizes, termCount } from '../sizes.ts';
import { foldedText, type Reporter } from './reporter.ts';

/** Names that a constant may read, with their values; a size for what is not known here, as `units` in a definition. */
export type Environment = ReadonlyMap<string, Size>;

export const noNames: Environment = new Map();

/** The value of a constant expression; undefined where it has none, which is reported. */
export function evaluateConstant(
  expression: Expression,
  environment: Environment,
  reporter: Reporter,
): Size | undefined {
  switch (expression.$type) {
    case 'NumberLiteral':
      return evaluateLiteral(expression, reporter);
    case 'NameReference':
      return evaluateName(expression, environment, reporter);
    case 'Negation': {
      const operand = evaluateConstant(expression.operand, environment, reporter);
      if (operand === undefined) return undefined;
      return multiplySizes(-1, operand);
    }
    case 'Binary':
      return evaluateBinary(expression, environment, reporter);
    case 'Call':
    case 'List':
    case 'TextLiteral':
      reporter.error('not-a-number', `Expected a number, found \`${foldedText(expression)}\`.`, expression);
      return undefined;
  }
}

function evaluateLiteral(
  literal: Expression & { $type: 'NumberLiteral' },
  reporter: Reporter,
): Size | undefined {
  if (literal.percent) {
    reporter.error('not-a-number', `Expected a number, found the share \`${foldedText(literal)}\`.`, literal);
    return undefined;
  }
  if (!Number.isFinite(literal.value)) {
    reporter.error('out-of-range', `\`${foldedText(literal)}\` is too large for a number.`, literal);
    return undefined;
  }
  return literal.value;
}

function evaluateName(
  expression: Expression & { $type: 'NameReference' },
  environment: Environment,
  reporter: Reporter,
): Size | undefined {
  const name = expression.reference.$refText;
  const value = expression.delayed ? undefined : environment.get(name);
  if (value === undefined) {
    const message = `Expected a number, found \`${foldedText(expression)}\`.`;
    const listing = 'Names that can stand here';
    reporter.unknownName('not-a-number', message, expression, { name, known: environment.keys(), listing });
  }
  return value;
}

function evaluateBinary(
  expression: Expression & { $type: 'Binary' },
  environment: Environment,
  reporter: Reporter,
): Size | undefined {
  const left = evaluateConstant(expression.left, environment, reporter);
  const right = evaluateConstant(expression.right, environment, reporter);
  if (left === undefined || right === undefined) return undefined;
  if (expression.operator === '@') {
    const message = '`@` multiplies matrices; numbers are multiplied with `*`.';
    reporter.error('not-a-number', message, reporter.part(expression, 'operator'));
    return undefined;
  }
  if (expression.operator === '*' && termCount(left) * termCount(right) > mostTerms) {
    const message = `\`${foldedText(expression)}\` has more than ${mostTerms} terms when it is multiplied out.`;
    reporter.error('out-of-range', message, expression);
    return undefined;
  }
  const value = compute(expression.operator, left, right);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    const message = `\`${foldedText(expression)}\` is not a finite number.`;
    reporter.error('out-of-range', message, expression);
    return undefined;
  }
  return value;
}

/** Of a product of sizes that hang on names. */
const mostTerms = 100;

function compute(operator: '+' | '-' | '*' | '/', left: Size, right: Size): Size {
  switch (operator) {
    case '+':
      return addSizes(left, right);
    case '-':
      return subtractSizes(left, right);
    case '*':
      return multiplySizes(left, right);
    case '/':
      return divideSizes(left, right);
  }
}
