/** The functions of the language and their derivatives on tensors. */
import type * as tensorflow from '@tensorflow/tfjs-core';
import type { FunctionName } from '../../language/checked-model.ts';

export type TensorFlow = typeof tensorflow;
export type Tensor = tensorflow.Tensor;

export interface DifferentiableFunction {
  apply(tf: TensorFlow, x: Tensor): Tensor;
  /** δ · f′(x), where y = f(x). */
  derivative(tf: TensorFlow, delta: Tensor, x: Tensor, y: Tensor): Tensor;
}

export const functions: Record<FunctionName, DifferentiableFunction> = {
  sigmoid: {
    apply: (tf, x) => tf.sigmoid(x),
    derivative: (tf, delta, _x, y) => tf.mul(delta, tf.mul(y, tf.sub(1, y))),
  },
  tanh: {
    apply: (tf, x) => tf.tanh(x),
    derivative: (tf, delta, _x, y) => tf.mul(delta, tf.sub(1, tf.square(y))),
  },
  relu: {
    apply: (tf, x) => tf.relu(x),
    derivative: (tf, delta, x) => tf.mul(delta, tf.step(x)),
  },
  softplus: {
    apply: (tf, x) => tf.softplus(x),
    derivative: (tf, delta, x) => tf.mul(delta, tf.sigmoid(x)),
  },
  exp: {
    apply: (tf, x) => tf.exp(x),
    derivative: (tf, delta, _x, y) => tf.mul(delta, y),
  },
  log: {
    apply: (tf, x) => tf.log(x),
    derivative: (tf, delta, x) => tf.div(delta, x),
  },
  sqrt: {
    apply: (tf, x) => tf.sqrt(x),
    derivative: (tf, delta, _x, y) => tf.div(delta, tf.mul(2, y)),
  },
  abs: {
    apply: (tf, x) => tf.abs(x),
    derivative: (tf, delta, x) => tf.mul(delta, tf.sign(x)),
  },
  softmax: {
    apply: (tf, x) => tf.softmax(x),
    derivative: (tf, delta, _x, y) => tf.mul(y, tf.sub(delta, tf.sum(tf.mul(delta, y), -1, true))),
  },
};
