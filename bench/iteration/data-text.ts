/** Data that hold just one minibatch to train on, and the settings of the `data` block that go with them. */
import type { Random } from '../../src/engine/random.ts';
import type { Size } from './sizes.ts';
import { fileNames } from './workload-files.ts';

export const textSource = `source = text("${fileNames.data}")
  split = holdout(train = 50%, dev = 50%, test = 0%)`;

/** The first half, which is trained on, is one minibatch and its last target; every token occurs in the whole. */
export function textOfTokens({ timeSteps, batchSize, inputSize }: Size, random: Random): string {
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

/** Every column is to be predicted from all columns one step before. */
export function numbersSource({ inputSize }: Size): string {
  const columns = `[${columnNames(inputSize)
    .map((name) => `"${name}"`)
    .join(', ')}]`;
  return `source = csv("${fileNames.data}")
  inputs = ${columns}
  targets = ${columns}
  horizon = 1
  normalize = none
  split = holdout(train = 100%, dev = 0%, test = 0%)`;
}

/** One minibatch and its last target. */
export function numbersTable({ timeSteps, batchSize, inputSize }: Size, random: Random): string {
  const row = () => Array.from({ length: inputSize }, () => random.uniform(-1, 1).toFixed(3)).join(',');
  const rows = Array.from({ length: timeSteps * batchSize + 1 }, row);
  return [columnNames(inputSize).join(','), ...rows].join('\n');
}

function columnNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `x${index}`);
}
