/** Cross-entropy. TensorFlow's fused operation for it takes thrice as long as its parts. */
import type { Tensor } from './binding.ts';
import type { Constants } from './constants.ts';
import type { RawOperations } from './raw-operations.ts';

/** −log softmax(logits)[target] of every row, [rows, 1]. */
export function crossEntropy(
  logits: Tensor,
  targets: Tensor,
  operations: RawOperations,
  constants: Constants,
): Tensor {
  const logarithms = operations.apply('LogSoftmax', logits);
  return operations.apply('Neg', operations.entriesOfRows(logarithms, targets, constants.axis.units));
}

/** ∂L/∂logits for the mean over `count` predictions, (softmax(logits) − onehot(target)) / count. */
export function crossEntropyGradient(
  logits: Tensor,
  targets: Tensor,
  count: number,
  operations: RawOperations,
  constants: Constants,
): Tensor {
  const probabilities = operations.apply('Softmax', logits);
  const [, classes = 1] = logits.shape;
  const expected = operations.apply(
    'OneHot',
    targets,
    constants.integer(classes),
    constants.scalar(1),
    constants.scalar(0),
  );
  return operations.apply(
    'Mul',
    operations.apply('Sub', probabilities, expected),
    constants.scalar(1 / count),
  );
}
