/** One operation of a program on tensors. */
import type { Operand, Operation } from '../../compile/program.ts';
import type { BatchTensors } from './batch-tensors.ts';
import { functions, type Tensor, type TensorFlow } from './functions.ts';
import { crossEntropy, crossEntropyGradient, squaredError, squaredErrorGradient } from './loss.ts';

/** What an operation reads at time step t. */
export interface OperationContext {
  readonly tf: TensorFlow;
  /** Number of predictions that the mean loss is taken over, T·B. */
  readonly predictions: number;
  readonly batch: BatchTensors;
  /** [B, n]; `[n]` for a parameter, `[]` for a constant. */
  operand(operand: Operand, t: number): Tensor;
  /** W, or Wᵀ. */
  matrix(name: string, transposed: boolean): Tensor;
}

export function runOperation(operation: Operation, t: number, context: OperationContext): Tensor {
  const { tf, batch } = context;
  const read = (operand: Operand): Tensor => context.operand(operand, t);
  switch (operation.kind) {
    case 'product':
      // Rows are samples: (W v)ᵀ = vᵀ Wᵀ.
      return tf.matMul(
        asRows(tf, read(operation.operand)),
        context.matrix(operation.matrix, !operation.transposed),
      );
    case 'add':
      return tf.add(read(operation.left), read(operation.right));
    case 'subtract':
      return tf.sub(read(operation.left), read(operation.right));
    case 'multiply':
      return tf.mul(read(operation.left), read(operation.right));
    case 'divide':
      return tf.div(read(operation.left), read(operation.right));
    case 'negate':
      return tf.neg(read(operation.operand));
    case 'copy':
      return tf.clone(read(operation.operand));
    case 'function':
      return functions[operation.name].apply(tf, read(operation.operand));
    case 'derivative':
      return functions[operation.name].derivative(
        tf,
        read(operation.adjoint),
        read(operation.input),
        read(operation.output),
      );
    case 'sumUnits':
      return tf.sum(read(operation.operand), 1, true);
    case 'onehot':
      return batch.inputUnitVectors(t, operation.size);
    case 'lookup':
      return tf.gather(context.matrix(operation.table, false), batch.inputTokens(t) as Tensor1D);
    case 'numbers':
      return batch.inputNumbers(t);
    case 'crossEntropy':
      return crossEntropy(tf, read(operation.logits), batch.targets(t));
    case 'crossEntropyGradient':
      return crossEntropyGradient(tf, read(operation.logits), batch.targets(t), context.predictions);
    case 'squaredError':
      return squaredError(tf, read(operation.prediction), batch.targets(t));
    case 'squaredErrorGradient':
      return squaredErrorGradient(tf, read(operation.prediction), batch.targets(t), context.predictions);
  }
}

type Tensor1D = ReturnType<TensorFlow['tensor1d']>;

/** A parameter, which has no batch, as a single row. */
function asRows(tf: TensorFlow, tensor: Tensor): Tensor {
  return tensor.rank === 2 ? tensor : tf.reshape(tensor, [1, -1]);
}
