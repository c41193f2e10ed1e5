/** The functions of the language and their derivatives as TensorFlow's operations. */
import type { PrimitiveFunction } from '../../compile/program.ts';
import type { Tensor } from './binding.ts';
import type { Constants } from './constants.ts';
import type { RawOperations } from './raw-operations.ts';

export const functionOperations: Record<PrimitiveFunction, string> = {
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  relu: 'Relu',
  softplus: 'Softplus',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  abs: 'Abs',
  softmax: 'Softmax',
};

/** δ ⊙ f′, written in x for relu, softplus, log and abs, and in y = f(x) for the others. */
export function derivative(
  name: PrimitiveFunction,
  delta: Tensor,
  written: Tensor,
  operations: RawOperations,
  constants: Constants,
): Tensor {
  switch (name) {
    case 'sigmoid':
      return operations.apply('SigmoidGrad', written, delta);
    case 'tanh':
      return operations.apply('TanhGrad', written, delta);
    case 'relu':
      return operations.apply('ReluGrad', delta, written);
    case 'softplus':
      return operations.apply('SoftplusGrad', delta, written);
    case 'exp':
      return operations.apply('Mul', delta, written);
    case 'log':
      return operations.apply('RealDiv', delta, written);
    case 'sqrt':
      return operations.apply('SqrtGrad', written, delta);
    case 'abs':
      return operations.apply('Mul', delta, operations.apply('Sign', written));
    case 'softmax': {
      // p ⊙ (δ − Σ δ ⊙ p)
      const weighted = operations.sumOfRow(operations.apply('Mul', delta, written), constants.axis.units);
      return operations.apply('Mul', written, operations.apply('Sub', delta, weighted));
    }
  }
}
