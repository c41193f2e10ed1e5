/** The part of tfjs-node's native binding that is used here: TensorFlow's eager operations on tensors known by number. */

export interface TensorFlowBinding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  /** The tensor reads the array where it lies if that is a multiple of 64 bytes; else it is a copy. */
  createTensor(shape: readonly number[], type: number, values: Float32Array | Int32Array): number;
  deleteTensor(id: number): void;
  /** A copy. */
  tensorDataSync(id: number): Float32Array;
  /** Types are inferred from inputs, save for lists of them. */
  executeOp(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): Tensor[];
  getNumOfTensors(): number;
}

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

export interface Tensor {
  readonly id: number;
  readonly shape: readonly number[];
}

/** What tfjs-node exports, as far as it is needed. */
export interface TfjsNode {
  readonly version: { readonly 'tfjs-node': string };
  backend(): unknown;
}

/** @throws where another backend of TensorFlow.js is active */
export function bindingOf(tf: TfjsNode): TensorFlowBinding {
  const backend = tf.backend();
  if (typeof backend === 'object' && backend !== null && 'binding' in backend) {
    return backend.binding as TensorFlowBinding;
  }
  throw new Error(
    'The active backend of TensorFlow.js is not native TensorFlow. Load @tensorflow/tfjs-node.',
  );
}
