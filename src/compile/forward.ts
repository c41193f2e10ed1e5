/** Equations of a cell → forward program: every operator becomes one instruction on named values. */
import type { CheckedCell, Equation, Expression, Shape, SourceRange } from '../language/checked-model.ts';
import type { ElementwiseOperator, Instruction, Operand, Operation, Value, ValueRole } from './program.ts';

/** Turns symbolic sizes into numbers once the data is known. */
export type Resolve = (shape: Shape) => number[];

export interface ForwardProgram {
  readonly values: Map<string, Value>;
  readonly instructions: Instruction[];
}

const operators: Record<'+' | '-' | '*' | '/', ElementwiseOperator> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
};

export function forwardProgram(cell: CheckedCell, input: Value, resolve: Resolve): ForwardProgram {
  const values = new Map<string, Value>([[input.name, input]]);
  const instructions: Instruction[] = [];
  const states = delayedNames(cell);
  for (const equation of cell.equations) {
    values.set(equation.name, {
      name: equation.name,
      size: sizeOf(equation.shape, resolve),
      role: roleOf(equation, states),
      equation: equation.text,
      source: equation.source,
      initial: cell.initial.get(equation.name) ?? 0,
    });
    lowerEquation(equation, values, instructions, resolve);
  }
  return { values, instructions };
}

function lowerEquation(
  equation: Equation,
  values: Map<string, Value>,
  instructions: Instruction[],
  resolve: Resolve,
): void {
  let count = 0;

  function emit(name: string, operation: Operation, source: SourceRange): void {
    instructions.push({ out: { kind: 'value', name, delay: 0 }, accumulate: false, operation, source });
  }

  function define(expression: Expression, name: string, role: ValueRole, text: string): Operand {
    values.set(name, {
      name,
      size: sizeOf(expression.shape, resolve),
      role,
      equation: text,
      source: expression.source,
      initial: 0,
    });
    emit(name, operationOf(expression), expression.source);
    return { kind: 'value', name, delay: 0 };
  }

  function operandOf(expression: Expression): Operand {
    switch (expression.kind) {
      case 'number':
        return { kind: 'constant', value: expression.value };
      case 'quantity':
        return { kind: 'value', name: expression.name, delay: expression.delay };
      case 'parameter':
        return { kind: 'parameter', name: expression.name };
      case 'negate':
      case 'call':
      case 'binary':
        count += 1;
        return define(expression, `${equation.name}.${count}`, 'intermediate', equation.text);
    }
  }

  function operationOf(expression: Expression): Operation {
    switch (expression.kind) {
      case 'number':
      case 'quantity':
      case 'parameter':
        return { kind: 'copy', operand: operandOf(expression) };
      case 'negate':
        return { kind: 'negate', operand: operandOf(expression.operand) };
      case 'call':
        return { kind: 'function', name: expression.function, operand: operandOf(expression.argument) };
      case 'binary':
        if (expression.operator === '@') return productOf(expression.left, expression.right);
        return {
          kind: operators[expression.operator],
          left: operandOf(expression.left),
          right: operandOf(expression.right),
        };
    }
  }

  function productOf(matrix: Expression, vector: Expression): Operation {
    if (matrix.kind !== 'parameter') throw new Error('The checker lets only parameters stand left of `@`.');
    return { kind: 'product', matrix: matrix.name, transposed: false, operand: operandOf(vector) };
  }

  emit(equation.name, equationOperation(), equation.source);

  /** The argument of an equation's outermost function is worth a name: it is the pre-activation. */
  function equationOperation(): Operation {
    const { value } = equation;
    if (value.kind !== 'call' || isLeaf(value.argument)) return operationOf(value);
    const operand = define(
      value.argument,
      `${equation.name}.pre`,
      'preActivation',
      argumentText(equation.text),
    );
    return { kind: 'function', name: value.function, operand };
  }
}

/** `W @ x` of `h = tanh(W @ x)`, also where the call itself stands in parentheses. */
function argumentText(equation: string): string {
  const call = equation.replace(/^[^=]*=[\s(]*/, '');
  const start = call.indexOf('(') + 1;
  let end = start;
  for (let open = 1; open > 0; end += 1) {
    if (call[end] === '(') open += 1;
    if (call[end] === ')') open -= 1;
  }
  return call.slice(start, end - 1).trim();
}

function isLeaf(expression: Expression): boolean {
  return expression.kind === 'number' || expression.kind === 'quantity' || expression.kind === 'parameter';
}

/** Scalars are kept as vectors of one unit. */
function sizeOf(shape: Shape, resolve: Resolve): number {
  const [size = 1] = resolve(shape);
  return size;
}

function roleOf(equation: Equation, states: ReadonlySet<string>): ValueRole {
  if (states.has(equation.name)) return 'state';
  const isGate = equation.value.kind === 'call' && equation.value.function === 'sigmoid';
  return isGate ? 'gate' : 'value';
}

/** Names that are read at an earlier time step. */
function delayedNames(cell: CheckedCell): Set<string> {
  const names = new Set<string>();
  const visit = (expression: Expression): void => {
    switch (expression.kind) {
      case 'number':
      case 'parameter':
        return;
      case 'quantity':
        if (expression.delay > 0) names.add(expression.name);
        return;
      case 'negate':
        return visit(expression.operand);
      case 'call':
        return visit(expression.argument);
      case 'binary':
        visit(expression.left);
        return visit(expression.right);
    }
  };
  for (const equation of cell.equations) visit(equation.value);
  return names;
}
