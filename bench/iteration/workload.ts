/**
 * What every contestant of a row computes: one network with its initial parameters, and one minibatch that is trained
 * on over and over. The data hold just as many sequences as a minibatch, so that every iteration of ours
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
import { numbersSource, numbersTable, textOfTokens, textSource } from './data-text.ts';
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
  const stack = Array.from({ length: layers }, () => `${cell.name}(${size.units})`);
  const ofTokens = ['softmax', 'cross_entropy'];
  const { first, last } = {
    embed: { first: [`embed(${size.inputSize})`], last: ofTokens },
    onehot: { first: ['onehot'], last: ofTokens },
    numbers: { first: [], last: ['linear', 'mse'] },
  }[input];
  const [output, loss] = last;
  return `data {
  ${input === 'numbers' ? numbersSource(size) : textSource}
  window = ${size.timeSteps}
}
${cell.definition}
model {
  ${[...first, ...stack, 'dense', output].join('\n  ')}
}
train {
  loss = ${loss}
  optimizer = sgd(lr = ${learningRate})
  batch = ${size.batchSize}
  epochs = 1000000
  seed = ${seed}
}
`;
}

/** Writes a workload into `folder`, for processes of any language. */
export async function writeWorkload(folder: string, workload: Workload): Promise<void> {
  const text = modelText(workload);
  const data = dataOf(workload);
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

/** The content of the data file. */
export function dataOf({ input, size }: Pick<Workload, 'input' | 'size'>): string {
  const random = new Random(seed);
  return input === 'numbers' ? numbersTable(size, random) : textOfTokens(size, random);
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
