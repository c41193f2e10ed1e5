/** Checked expressions as terms: what an equation says, before it is taken apart into instructions. */
import type { Expression } from '../../language/checked-model.ts';
import { binary, call, number, type Term } from './term.ts';

const operators = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide' } as const;

export function expressionTerm(expression: Expression): Term {
  const isScalar = expression.shape.length === 0;
  switch (expression.kind) {
    case 'number':
      return number(expression.value, expression.name);
    case 'quantity':
      // Zero has a sign that nobody wants to read.
      return { kind: 'quantity', name: expression.name, offset: 0 - expression.delay, isScalar };
    case 'parameter':
      return { kind: 'parameter', name: expression.name, isScalar };
    case 'negate':
      return { kind: 'negate', operand: expressionTerm(expression.operand) };
    case 'call':
      return call(expression.function, ...expression.arguments.map(expressionTerm));
    case 'binary': {
      const { operator, left, right } = expression;
      if (operator !== '@') return binary(operators[operator], expressionTerm(left), expressionTerm(right));
      if (left.kind !== 'parameter') throw new Error('The checker lets only parameters stand left of `@`.');
      return { kind: 'product', matrix: left.name, transposed: false, operand: expressionTerm(right) };
    }
  }
}
