/** Losses of one time step and their gradients. */
import type { Tensor, TensorFlow } from './functions.ts';

/** −log softmax(logits)[target] of every sample, [B, 1], with the largest logit subtracted so that nothing overflows. */
export function crossEntropy(tf: TensorFlow, logits: Tensor, target: Tensor): Tensor {
  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  const logSum = tf.log(tf.sum(tf.exp(shifted), 1, true));
  return tf.sub(logSum, tf.sum(tf.mul(shifted, target), 1, true));
}

/** ∂L/∂logits for the mean over `count` predictions. */
export function crossEntropyGradient(tf: TensorFlow, logits: Tensor, target: Tensor, count: number): Tensor {
  return tf.mul(tf.sub(tf.softmax(logits), target), 1 / count);
}

/** Mean squared difference over the outputs of every sample, [B, 1]. */
export function squaredError(tf: TensorFlow, prediction: Tensor, target: Tensor): Tensor {
  return tf.mean(tf.squaredDifference(prediction, target), 1, true);
}

/** ∂L/∂prediction for the mean over `count` predictions and all their outputs. */
export function squaredErrorGradient(
  tf: TensorFlow,
  prediction: Tensor,
  target: Tensor,
  count: number,
): Tensor {
  const outputs = prediction.shape[1] ?? 1;
  return tf.mul(tf.sub(prediction, target), 2 / (count * outputs));
}
