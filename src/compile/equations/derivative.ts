/** δ ⊙ f′(v) written out, in terms of v and y = f(v). */
import type { PrimitiveFunction } from '../program.ts';
import { binary, call, number, type Term } from './term.ts';

export function derivative(name: PrimitiveFunction, delta: Term, input: Term, output: Term): Term {
  switch (name) {
    case 'sigmoid':
      return times(times(delta, output), oneMinus(output));
    case 'tanh':
      return times(delta, oneMinus({ kind: 'square', operand: output }));
    case 'relu':
      return times(delta, { kind: 'holds', comparison: 'above', left: input, right: number(0) });
    case 'softplus':
      return times(delta, call('sigmoid', input));
    case 'exp':
      return times(delta, output);
    case 'log':
      return binary('divide', delta, input);
    case 'sqrt':
      return binary('divide', delta, times(number(2), output));
    case 'abs':
      return times(delta, call('sign', input));
    case 'softmax':
      return times(output, binary('subtract', delta, call('sum', times(delta, output))));
  }
}

function times(left: Term, right: Term): Term {
  return binary('multiply', left, right);
}

function oneMinus(term: Term): Term {
  return binary('subtract', number(1), term);
}
