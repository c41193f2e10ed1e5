/** One iteration, whole, as named tensors that any other framework can be checked against. */

import type { Steps } from './data/batch.ts';
import { encodeSafetensors, type NamedTensor } from './safetensors.ts';
import { entriesAt, lossesOf, resolveQuantity, type Trace, type TraceArray } from './trace.ts';
import type { Training } from './training.ts';

/**
 * Everything of the iteration in hand once its backward phase is over and before its update, so that parameters are
 * those that produced the values. Time first, `[T, B, n]`:
 * `layers.0.h`, `grad.layers.0.h`, `params.layers.0.W_i`, `grad.params.layers.0.W_i` (before clipping), `inputs`,
 * `targets`, `loss` (the mean, `[]`) and `loss_per_step` (`[T, B]`). Above pooling there is one time step, the last:
 * `[1, B, n]`. What reads the sequence from its end stands in the order of the sequence, too.
 */
export function encodeTrace(training: Training, metadata: Readonly<Record<string, string>>): Uint8Array {
  const { phase, t } = training.position;
  if (phase !== 'backward' || t !== 1) throw new Error('A trace is whole at the end of the backward phase.');
  return encodeSafetensors(
    [...data(training), ...loss(training), ...quantities(training), ...parameters(training)],
    metadata,
  );
}

function data({ batch, network }: Training): NamedTensor[] {
  const tensor = (name: string, steps: Steps): NamedTensor => {
    const axes = [network.timeSteps, network.batchSize];
    return { name, shape: steps.kind === 'tokens' ? axes : [...axes, steps.size], data: steps.values };
  };
  return [tensor('inputs', batch.inputs), tensor('targets', batch.targets)];
}

function loss(training: Training): NamedTensor[] {
  const { trace, network } = training;
  return [
    { name: 'loss', shape: [], data: Float32Array.of(training.loss!) },
    {
      name: 'loss_per_step',
      shape: [network.lossSteps, network.batchSize],
      data: lossesOf(network, trace),
    },
  ];
}

function quantities({ network, trace }: Training): NamedTensor[] {
  const { timeSteps, batchSize } = trace;
  return network.layers
    .filter(({ kind }) => kind !== 'loss' && kind !== 'reversal')
    .flatMap((layer) =>
      [...layer.values.keys()].flatMap((name) => {
        const target = resolveQuantity(network, layer, name);
        return (['value', 'adjoint'] as const).flatMap((content) => {
          const array = trace.find(target.layer.id, target.name, content);
          if (array === undefined) return [];
          const prefix = content === 'adjoint' ? 'grad.' : '';
          const steps = array.timing === 'lastStep' ? 1 : timeSteps;
          const shape = [steps, batchSize, array.size];
          return [{ name: `${prefix}${layer.id}.${name}`, shape, data: inSequence(array, trace, steps) }];
        });
      }),
    );
}

/** The last `steps` time steps, from first to last. */
function inSequence(array: TraceArray, trace: Trace, steps: number): Float32Array {
  const { data, size, reversed } = array;
  if (!reversed) return data.subarray(-steps * trace.batchSize * size);
  const ordered = new Float32Array(data.length);
  for (let t = 1; t <= trace.timeSteps; t += 1) {
    ordered.set(entriesAt(array, trace, t), (t - 1) * trace.batchSize * size);
  }
  return ordered;
}

function parameters(training: Training): NamedTensor[] {
  return training.parameters.flatMap(({ layer, name, shape, values, gradient }) => [
    { name: `params.${layer}.${name}`, shape, data: values },
    { name: `grad.params.${layer}.${name}`, shape, data: gradient },
  ]);
}
