/** Text as a stream of characters: each one is to be predicted from those before it. */
import type { DataSpec } from '../../language/checked-model.ts';
import { type Dataset, windowCount } from './dataset.ts';

export function readText(spec: DataSpec, text: string): Dataset {
  const characters = [...text];
  const vocabulary = [...new Set(characters)].sort();
  const numbers = new Map(vocabulary.map((token, index) => [token, index]));
  const training = Math.floor(characters.length * spec.split.train);
  const tokens = Int32Array.from(characters.slice(0, training), (token) => numbers.get(token)!);
  // The last token of the training part is a target only.
  const sequenceCount = windowCount(spec, tokens.length - 1, `${characters.length} characters`);
  const timeSteps = spec.window;

  /** Run for every minibatch: at small sizes a closure an entry would take longer than the network. */
  function gather(sequences: ArrayLike<number>, ahead: number): Int32Array {
    const batchSize = sequences.length;
    const gathered = new Int32Array(timeSteps * batchSize);
    for (let sample = 0; sample < batchSize; sample += 1) {
      const start = sequences[sample]! * timeSteps + ahead;
      for (let step = 0; step < timeSteps; step += 1) {
        gathered[step * batchSize + sample] = tokens[start + step]!;
      }
    }
    return gathered;
  }

  function shown(values: Int32Array, t: number, sample: number): string {
    const batchSize = values.length / timeSteps;
    return visible(vocabulary[values[(t - 1) * batchSize + sample]!]!);
  }

  return {
    sequenceCount,
    vocabulary,
    batch: (sequences) => ({
      inputs: { kind: 'tokens', values: gather(sequences, 0) },
      targets: { kind: 'tokens', values: gather(sequences, 1) },
    }),
    inputText: ({ inputs }, t, sample) => shown(inputs.values as Int32Array, t, sample),
    targetText: ({ targets }, t, sample) => shown(targets.values as Int32Array, t, sample),
    predictionText: (probabilities) => visible(vocabulary[indexOfLargest(probabilities)]!),
  };
}

const visibleForms: Readonly<Record<string, string>> = { ' ': '␣', '\n': '⏎', '\t': '⇥', '\r': '␍' };

function visible(token: string): string {
  return visibleForms[token] ?? token;
}

function indexOfLargest(values: Float32Array): number {
  let largest = 0;
  for (let index = 1; index < values.length; index += 1) {
    if (values[index]! > values[largest]!) largest = index;
  }
  return largest;
}
