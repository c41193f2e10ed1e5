/** The same networks as people write them with tfjs-layers, on tfjs-node: `node tfjs-layers.ts THREADS`. */
import { createRequire } from 'node:module';
import util from 'node:util';
import type { Optimizer, Scalar, Tensor } from '@tensorflow/tfjs-core';
import { readWorkload, type WorkloadNumbers } from './read-workload.ts';
import { type PreparedNetwork, serve } from './serve.ts';
import type { WorkloadHeader } from './workload-files.ts';

/** What is used of tfjs-node, whose own types are absent where it is not installed. */
type TfjsNode = typeof import('@tensorflow/tfjs-core') & {
  sequential(): Sequential;
  readonly layers: Readonly<Record<'embedding' | 'lstm' | 'gru' | 'simpleRNN' | 'dense', LayerFactory>>;
};
type LayerFactory = (options: Readonly<Record<string, unknown>>) => Layer;
interface Layer {
  setWeights(weights: Tensor[]): void;
}
interface Sequential {
  add(layer: Layer): void;
  apply(inputs: Tensor, options: { readonly training: boolean }): Tensor;
  dispose(): void;
}

/** The layer of each cell, and our gates in the order of its kernel's columns. */
const recurrent = {
  LSTM: { layer: 'lstm', suffixes: ['_i', '_f', '_g', '_o'] },
  GRU: { layer: 'gru', suffixes: ['_z', '_r', '_n'] },
  Elman: { layer: 'simpleRNN', suffixes: [''] },
} as const;

const [threads] = process.argv.slice(2);
// Read by TensorFlow when its library is loaded. Without oneDNN it is faster at small sizes and no slower at large ones.
Object.assign(process.env, {
  TF_NUM_INTRAOP_THREADS: threads,
  TF_CPP_MIN_LOG_LEVEL: '2',
  TF_ENABLE_ONEDNN_OPTS: '0',
});
// Node 23 removed two functions that tfjs-node 4.22 calls.
Object.assign(util, {
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isArray: Array.isArray,
});
const tf = createRequire(import.meta.url)('@tensorflow/tfjs-node') as TfjsNode;
await tf.ready();

await serve(async (folder): Promise<PreparedNetwork> => {
  const workload = readWorkload(folder);
  const model = createModel(workload);
  const inputs = createInputs(workload);
  const targets = createTargets(workload);
  const optimizer: Optimizer = tf.train.sgd(workload.header.learningRate);
  const loss =
    workload.header.input === 'numbers' ? tf.losses.meanSquaredError : tf.losses.softmaxCrossEntropy;
  const computeLoss = (): Scalar => {
    const output = model.apply(inputs, { training: true });
    return loss(targets, tf.reshape(output, targets.shape));
  };
  return {
    description: {},
    iterate: () => {
      const scalar = optimizer.minimize(computeLoss, true)!;
      const [value] = scalar.dataSync();
      scalar.dispose();
      return value!;
    },
    dispose: () => {
      model.dispose();
      optimizer.dispose();
      tf.dispose([inputs, targets]);
    },
  };
});

function createModel(workload: WorkloadNumbers): Sequential {
  const { cell, layers, input, inputSize, units, batchSize, timeSteps } = workload.header;
  const { layer, suffixes } = recurrent[cell as keyof typeof recurrent];
  const model = tf.sequential();
  const add = (created: Layer, weights: Tensor[]): void => {
    // A layer has weights to set once it stands in a model.
    model.add(created);
    created.setWeights(weights);
    tf.dispose(weights);
  };
  if (input === 'embed') {
    const options = { inputDim: inputSize, outputDim: inputSize, batchInputShape: [batchSize, timeSteps] };
    add(tf.layers.embedding(options), [matrix(workload, 'embed E')]);
  }
  for (let index = 0; index < layers; index += 1) {
    const options = {
      units,
      returnSequences: true,
      // Set at once; the default, an orthogonal matrix, takes seconds to draw.
      recurrentInitializer: 'zeros',
      ...(cell === 'Elman' ? {} : { recurrentActivation: 'sigmoid' }),
      ...(input !== 'embed' && index === 0 ? { batchInputShape: [batchSize, timeSteps, inputSize] } : {}),
    };
    const merged = (prefix: string) => suffixes.map((suffix) => `layers.${index} ${prefix}${suffix}`);
    add(tf.layers[layer](options), [
      columns(workload, merged('W')),
      columns(workload, merged('U')),
      vectors(workload, merged('b')),
    ]);
  }
  add(tf.layers.dense({ units: inputSize }), [
    matrix(workload, 'dense W', true),
    vectors(workload, ['dense b']),
  ]);
  return model;
}

function matrix({ parameters }: WorkloadNumbers, name: string, transposed = false): Tensor {
  const { values, shape } = parameters.get(name)!;
  return tf.tidy(() => {
    const plain = tf.tensor(values, [...shape]);
    return transposed ? tf.transpose(plain) : plain;
  });
}

/** Matrices that are multiplied from the right, side by side. */
function columns(workload: WorkloadNumbers, names: readonly string[]): Tensor {
  return tf.tidy(() =>
    tf.concat(
      names.map((name) => matrix(workload, name, true)),
      1,
    ),
  );
}

function vectors({ parameters }: WorkloadNumbers, names: readonly string[]): Tensor {
  return tf.tidy(() => tf.concat(names.map((name) => tf.tensor1d(parameters.get(name)!.values))));
}

/** Batch first: tokens [B, T], or their unit vectors or numbers [B, T, I]. */
function createInputs({ header, inputs }: WorkloadNumbers): Tensor {
  return tf.tidy(() => {
    const entries = batchFirst(inputs, header);
    return header.input === 'onehot' ? unitVectors(entries, header) : entries;
  });
}

/** Unit vectors or numbers [B·T, I]. */
function createTargets({ header, targets }: WorkloadNumbers): Tensor {
  return tf.tidy(() => {
    const entries = batchFirst(targets, header);
    const vectors = header.input === 'numbers' ? entries : unitVectors(entries, header);
    return tf.reshape(vectors, [-1, header.inputSize]);
  });
}

function unitVectors(tokens: Tensor, { inputSize }: WorkloadHeader): Tensor {
  return tf.cast(tf.oneHot(tokens, inputSize), 'float32');
}

/** [T, B] → [B, T], or [T, B, I] → [B, T, I] */
function batchFirst(entries: Int32Array | Float32Array, header: WorkloadHeader): Tensor {
  const { timeSteps, batchSize, inputSize } = header;
  return entries instanceof Int32Array
    ? tf.transpose(tf.tensor(entries, [timeSteps, batchSize], 'int32'))
    : tf.transpose(tf.tensor(entries, [timeSteps, batchSize, inputSize]), [1, 0, 2]);
}
