/**
 * Functions of the language → operations. Few of them are instructions of their own; the others are made up of these so
 * that their derivatives, also where two pieces of a function meet, come out as vocabulary/functions.ts has them.
 */
import type { FunctionName } from '../language/checked-model.ts';
import type { Constant, ElementwiseOperator, Operand, Operation } from './program.ts';

export interface FunctionCall {
  readonly name: FunctionName;
  readonly operands: readonly Operand[];
  /** Units of each operand; a scalar is a vector of one. */
  readonly sizes: readonly number[];
}

/** Computes a part of the function, of so many units, that gets no name of its own. */
export type DefinePart = (operation: Operation, size: number) => Operand;

/** Below this norm(v) has no direction: a state that is 0 before the first step must not divide by 0. */
const leastSquaredNorm = 1e-30;

/** What computes the function from its operands and the parts that it needs. */
export function functionOperation({ name, operands, sizes }: FunctionCall, define: DefinePart): Operation {
  const [v, second] = operands as [Operand, Operand];
  const [size = 1] = sizes;
  const part = (operation: Operation): Operand => define(operation, size);
  const scalar = (operation: Operation): Operand => define(operation, 1);
  switch (name) {
    case 'sigmoid':
    case 'tanh':
    case 'relu':
    case 'softplus':
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'abs':
    case 'softmax':
      return { kind: 'function', name, operand: v };
    case 'leaky_relu':
      // At 0 the two are equal and the first counts, so that the derivative is the slope there.
      return elementwise('max', part(elementwise('multiply', second, v)), v);
    case 'prelu': {
      const negative = part(elementwise('min', v, constant(0)));
      const slanted = define(elementwise('multiply', second, negative), Math.max(...sizes));
      return elementwise('add', part(relu(v)), slanted);
    }
    case 'elu': {
      const negative = part(elementwise('min', v, constant(0)));
      const power = part({ kind: 'function', name: 'exp', operand: negative });
      const difference = part(elementwise('subtract', power, constant(1)));
      return elementwise('add', part(relu(v)), part(elementwise('multiply', second, difference)));
    }
    case 'hard_sigmoid': {
      const slanted = part(elementwise('divide', v, constant(6)));
      const raised = part(elementwise('add', slanted, constant(0.5)));
      return elementwise('min', constant(1), part(elementwise('max', constant(0), raised)));
    }
    case 'hard_tanh':
      return elementwise('min', constant(1), part(elementwise('max', constant(-1), v)));
    case 'min':
    case 'max':
      return extreme(name, operands, sizes, define);
    case 'maxout':
      return maxout(v, size, second, define);
    case 'concat':
      return { kind: 'concat', operands };
    case 'sum':
      return { kind: 'sumUnits', operand: v };
    case 'mean':
      return elementwise('divide', scalar({ kind: 'sumUnits', operand: v }), constant(size));
    case 'norm': {
      const squared = scalar({ kind: 'sumUnits', operand: part(elementwise('multiply', v, v)) });
      const bounded = scalar(elementwise('max', squared, constant(leastSquaredNorm)));
      return { kind: 'function', name: 'sqrt', operand: bounded };
    }
  }
}

/** Two at a time from the first on, so that of equal ones the first stays. */
function extreme(
  kind: 'min' | 'max',
  operands: readonly Operand[],
  sizes: readonly number[],
  define: DefinePart,
): Operation {
  const others = operands.slice(1);
  const last = others.pop()!;
  const left = others.reduce((found, next, index) => {
    return define(elementwise(kind, found, next), Math.max(...sizes.slice(0, index + 2)));
  }, operands[0]!);
  return elementwise(kind, left, last);
}

function maxout(v: Operand, size: number, count: Operand, define: DefinePart): Operation {
  if (count.kind !== 'constant') throw new Error('The checker lets maxout have a number of parts.');
  const units = size / count.value;
  const parts = Array.from({ length: count.value }, (_, index) =>
    define({ kind: 'slice', operand: v, first: index * units, size: units }, units),
  );
  return extreme('max', parts, Array(count.value).fill(units), define);
}

function elementwise(kind: ElementwiseOperator, left: Operand, right: Operand): Operation {
  return { kind, left, right };
}

function relu(operand: Operand): Operation {
  return { kind: 'function', name: 'relu', operand };
}

function constant(value: number): Constant {
  return { kind: 'constant', value };
}
