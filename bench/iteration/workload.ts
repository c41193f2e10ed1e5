/**
 * What every contestant of a row computes: one network with its initial parameters, and one minibatch of tokens that
 * is trained on over and over. The text holds just as many sequences as a minibatch, so that every iteration of ours
 * sees the same sequences, in one order or another.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, type Network } from '../../src/compile/network.ts';
import { readDataset } from '../../src/engine/data/read-dataset.ts';
import { initialise, type ParameterArray } from '../../src/engine/parameters.ts';
import { Random } from '../../src/engine/random.ts';
import { checkedModel } from '../../test/support/engine.ts';
import type { BenchCell } from './cells.ts';
import type { Size } from './sizes.ts';
import { fileNames, type WorkloadHeader } from './workload-files.ts';

export interface Workload {
  readonly cell: BenchCell;
  readonly layers: WorkloadHeader['layers'];
  readonly input: WorkloadHeader['input'];
  readonly size: Size;
}

/** Large enough that a wrong gradient shows in the losses of a few iterations. */
const learningRate = 2;
const seed = 7;

/** The `.rnn` text of a workload; its data are in the file that `fileNames` tells. */
export function modelText({ cell, layers, input, size }: Workload): string {
  const lookup = input === 'onehot' ? 'onehot' : `embed(${size.inputSize})`;
  const stack = Array.from({ length: layers }, () => `${cell.name}(${size.units})`);
  return `data {
  source = text("${fileNames.data}")
  window = ${size.timeSteps}
  split = holdout(train = 50%, dev = 50%, test = 0%)
}
${cell.definition}
model {
  ${[lookup, ...stack, 'dense', 'softmax'].join('\n  ')}
}
train {
  loss = cross_entropy
  optimizer = sgd(lr = ${learningRate})
  batch = ${size.batchSize}
  epochs = 1000000
  seed = ${seed}
}
`;
}

/** The first half, which is trained on, is one minibatch and its last target; every token occurs in the whole. */
export function dataText({ timeSteps, batchSize, inputSize }: Size): string {
  const random = new Random(seed);
  const order = random.permutation(inputSize);
  const length = 2 * (timeSteps * batchSize + 1);
  if (length < inputSize) throw new Error(`${inputSize} tokens do not fit into ${length} characters.`);
  // From here on letters follow each other, none of which means anything to a reader of text.
  const firstLetter = 0x100;
  return Array.from({ length }, (_, index) => {
    const token = index < inputSize ? order[index]! : Math.floor(random.uniform(0, inputSize));
    return String.fromCharCode(firstLetter + token);
  }).join('');
}

/** Writes a workload into `folder`, for processes of any language. */
export async function writeWorkload(folder: string, workload: Workload): Promise<void> {
  const text = modelText(workload);
  const data = dataText(workload.size);
  const model = await checkedModel(text);
  const dataset = readDataset(model.data, new TextEncoder().encode(data));
  const network = compile(model, { vocabulary: dataset.vocabulary?.length });
  const parameters = initialParameters(network);
  const { inputs, targets } = dataset.batch(
    Int32Array.from({ length: network.batchSize }, (_, each) => each),
  );
  const header: WorkloadHeader = {
    cell: workload.cell.name,
    layers: workload.layers,
    input: workload.input,
    ...workload.size,
    learningRate,
    parameters: parameters.map(({ layer, name, shape }) => ({ name: `${layer} ${name}`, shape })),
  };
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
  write(fileNames.header, JSON.stringify(header));
  write(fileNames.model, text);
  write(fileNames.data, data);
  write(fileNames.parameters, Buffer.concat(parameters.map(({ values }) => bytesOf(values))));
  write(fileNames.inputs, bytesOf(inputs.values));
  write(fileNames.targets, bytesOf(targets.values));
}

function initialParameters(network: Network): ParameterArray[] {
  const parameters = network.layers.flatMap(({ id, parameters }) =>
    parameters.map(({ name, shape }) => {
      const count = shape.reduce((product, size) => product * size, 1);
      return { layer: id, name, shape, values: new Float32Array(count), gradient: new Float32Array(count) };
    }),
  );
  initialise(parameters, network, seed);
  return parameters;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
