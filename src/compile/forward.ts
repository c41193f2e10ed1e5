/** Equations of a cell → forward program: every operator becomes one instruction on named values. */
import type { CheckedCell, Equation, Expression, Shape, SourceRange } from '../language/checked-model.ts';
import { functionOperation } from './functions.ts';
import {
  type ElementwiseOperator,
  type Instruction,
  initiallyZero,
  type Operand,
  type Operation,
  type Value,
  type ValueRole,
} from './program.ts';

/** Turns symbolic sizes into numbers once the data is known. */
export type Resolve = (shape: Shape) => number[];

export interface ForwardProgram {
  readonly values: Map<string, Value>;
  readonly instructions: Instruction[];
}

type Call = Extract<Expression, { kind: 'call' }>;

const operators: Record<'+' | '-' | '*' | '/', ElementwiseOperator> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
};

/** @param recurrentDropout share of the output's units that products read as 0 at later time steps */
export function forwardProgram(
  cell: CheckedCell,
  input: Value,
  resolve: Resolve,
  recurrentDropout = 0,
): ForwardProgram {
  const values = new Map<string, Value>([[input.name, input]]);
  const instructions: Instruction[] = [];
  const states = delayedNames(cell);
  const dropout = recurrentDropout > 0 ? new RecurrentDropout(cell, recurrentDropout, resolve) : undefined;
  for (const equation of cell.equations) {
    values.set(equation.name, {
      name: equation.name,
      size: sizeOf(equation.shape, resolve),
      role: roleOf(equation, states),
      equation: equation.text,
      source: equation.source,
      initial: cell.initial.get(equation.name) ?? initiallyZero,
    });
    lowerEquation(equation, values, instructions, resolve, dropout);
  }
  return { values, instructions };
}

function lowerEquation(
  equation: Equation,
  values: Map<string, Value>,
  instructions: Instruction[],
  resolve: Resolve,
  dropout: RecurrentDropout | undefined,
): void {
  let count = 0;
  let isInProduct = false;

  function emit(name: string, operation: Operation, source: SourceRange): void {
    instructions.push({ out: { kind: 'value', name, delay: 0 }, accumulate: false, operation, source });
  }

  function addValue(name: string, size: number, role: ValueRole, text: string, source: SourceRange): void {
    values.set(name, { name, size, role, equation: text, source, initial: initiallyZero });
  }

  function nextName(): string {
    count += 1;
    return `${equation.name}.${count}`;
  }

  function operandOf(expression: Expression): Operand {
    switch (expression.kind) {
      case 'number':
        return { kind: 'constant', value: expression.value, name: expression.name };
      case 'quantity': {
        const { name, delay } = expression;
        const dropped = isInProduct ? dropout?.read(name, delay, values, instructions) : undefined;
        return dropped ?? { kind: 'value', name, delay };
      }
      case 'parameter':
        return { kind: 'parameter', name: expression.name };
      case 'negate':
      case 'call':
      case 'binary': {
        const name = nextName();
        addValue(name, sizeOf(expression.shape, resolve), 'intermediate', equation.text, expression.source);
        emit(name, operationOf(expression), expression.source);
        return { kind: 'value', name, delay: 0 };
      }
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
        return callOperation(expression, expression.arguments.map(operandOf));
      case 'binary':
        if (expression.operator === '@') return productOf(expression.left, expression.right);
        return {
          kind: operators[expression.operator],
          left: operandOf(expression.left),
          right: operandOf(expression.right),
        };
    }
  }

  function callOperation(call: Call, operands: readonly Operand[]): Operation {
    const sizes = call.arguments.map(({ shape }) => sizeOf(shape, resolve));
    return functionOperation({ name: call.function, operands, sizes }, (operation, size) => {
      const name = nextName();
      addValue(name, size, 'intermediate', equation.text, call.source);
      emit(name, operation, call.source);
      return { kind: 'value', name, delay: 0 };
    });
  }

  function productOf(matrix: Expression, vector: Expression): Operation {
    if (matrix.kind !== 'parameter') throw new Error('The checker lets only parameters stand left of `@`.');
    const wasInProduct = isInProduct;
    isInProduct = true;
    const operand = operandOf(vector);
    isInProduct = wasInProduct;
    return { kind: 'product', matrix: matrix.name, transposed: false, operand };
  }

  emit(equation.name, equationOperation(), equation.source);

  /** What an equation's outermost function activates is worth a name: it is the pre-activation. */
  function equationOperation(): Operation {
    const { value } = equation;
    if (value.kind !== 'call' || !namesPreActivation(value)) return operationOf(value);
    const [argument, ...others] = value.arguments as [Expression, ...Expression[]];
    const name = `${equation.name}.pre`;
    const text = firstArgumentText(equation.text);
    addValue(name, sizeOf(argument.shape, resolve), 'preActivation', text, argument.source);
    emit(name, operationOf(argument), argument.source);
    const operand: Operand = { kind: 'value', name, delay: 0 };
    return callOperation(value, [operand, ...others.map(operandOf)]);
  }
}

/**
 * One mask a sequence on the output of a cell, where its products read it at later time steps (Gal & Ghahramani 2016):
 * `U @ h[t-1]` is `U @ (h[t-1] * h.mask)`.
 */
class RecurrentDropout {
  private readonly output: Equation;
  private readonly rate: number;
  private readonly size: number;

  constructor({ equations, output }: CheckedCell, rate: number, resolve: Resolve) {
    this.output = equations.find(({ name }) => name === output)!;
    this.rate = rate;
    this.size = sizeOf(this.output.shape, resolve);
  }

  /** What a product reads instead of the quantity; undefined where that is the quantity itself. */
  read(
    name: string,
    delay: number,
    values: Map<string, Value>,
    instructions: Instruction[],
  ): Operand | undefined {
    if (name !== this.output.name || delay === 0) return undefined;
    const { rate, size } = this;
    const { source } = this.output;
    const mask = `${name}.mask`;
    const dropped = `${mask}.${delay}`;
    const add = (of: string, role: ValueRole, operation: Operation): void => {
      if (values.has(of)) return;
      const equation = maskEquation(mask, rate);
      values.set(of, { name: of, size, role, equation, source, initial: initiallyZero });
      const out = { kind: 'value', name: of, delay: 0 } as const;
      instructions.push({ out, accumulate: false, operation, source });
    };
    add(mask, 'value', { kind: 'mask', rate, each: 'sequence' });
    add(dropped, 'intermediate', {
      kind: 'multiply',
      left: { kind: 'value', name, delay },
      right: { kind: 'value', name: mask, delay: 0 },
    });
    return { kind: 'value', name: dropped, delay: 0 };
  }
}

/** `mask = 0 (20%) or 1.25 (80%)` */
export function maskEquation(name: string, rate: number): string {
  const percent = (share: number): string => `${Number((share * 100).toPrecision(4))}%`;
  const kept = Number((1 / (1 - rate)).toPrecision(4));
  return `${name} = 0 (${percent(rate)}) or ${kept} (${percent(1 - rate)})`;
}

/** Whether a function makes an activation out of its first argument, and that is no mere name. */
function namesPreActivation({ function: name, arguments: [argument] }: Call): boolean {
  switch (name) {
    case 'min':
    case 'max':
    case 'concat':
    case 'norm':
    case 'sum':
    case 'mean':
      return false;
    default:
      return argument !== undefined && !isLeaf(argument);
  }
}

/** `W @ x` of `h = tanh(W @ x)` and `h = elu(W @ x, 2)`, also where the call itself stands in parentheses. */
function firstArgumentText(equation: string): string {
  const call = equation.replace(/^[^=]*=[\s(]*/, '');
  const start = call.indexOf('(') + 1;
  let end = start;
  for (let open = 1; open > 0; end += 1) {
    if (call[end] === '(') open += 1;
    if (call[end] === ')' || (call[end] === ',' && open === 1)) open -= 1;
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
  const { value } = equation;
  const isGate = value.kind === 'call' && (value.function === 'sigmoid' || value.function === 'hard_sigmoid');
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
        return expression.arguments.forEach(visit);
      case 'binary':
        visit(expression.left);
        return visit(expression.right);
    }
  };
  for (const equation of cell.equations) visit(equation.value);
  return names;
}
