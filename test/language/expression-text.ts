/** Checked expressions as text, fully bracketed. */
import type { Expression } from '../../src/language/checked-model.ts';

export function textOf(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return `${expression.value}`;
    case 'quantity':
      return expression.delay ? `${expression.name}[t-${expression.delay}]` : expression.name;
    case 'parameter':
      return expression.name;
    case 'negate':
      return `(-${textOf(expression.operand)})`;
    case 'binary':
      return `(${textOf(expression.left)} ${expression.operator} ${textOf(expression.right)})`;
    case 'call':
      return `${expression.function}(${expression.arguments.map(textOf).join(', ')})`;
  }
}
