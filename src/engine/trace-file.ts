/** One iteration, whole, as named tensors that any other framework can be checked against. */

import type { Steps } from './data/batch.ts';
import { encodeSafetensors, type NamedTensor } from './safetensors.ts';
import { resolveQuantity } from './trace.ts';
import type { Training } from './training.ts';

/**
 * Everything of the iteration in hand once its backward phase is over and before its update, so that parameters are
 * those that produced the values. Time first, `[T, B, n]`:
 * `layers.0.h`, `grad.layers.0.h`, `params.layers.0.W_i`, `grad.params.layers.0.W_i` (before clipping), `inputs`,
 * `targets`, `loss` (the mean, `[]`) and `loss_per_step` (`[T, B]`).
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
  const { trace } = training;
  const perStep = trace.find('loss', 'loss', 'value')!.data;
  return [
    { name: 'loss', shape: [], data: Float32Array.of(training.loss!) },
    { name: 'loss_per_step', shape: [trace.timeSteps, trace.batchSize], data: perStep },
  ];
}

function quantities({ network, trace }: Training): NamedTensor[] {
  const { timeSteps, batchSize } = trace;
  return network.layers
    .filter(({ kind }) => kind !== 'loss')
    .flatMap((layer) =>
      [...layer.values.keys()].flatMap((name) => {
        const target = resolveQuantity(network, layer, name);
        return (['value', 'adjoint'] as const).flatMap((content) => {
          const array = trace.find(target.layer.id, target.name, content);
          if (array === undefined) return [];
          const prefix = content === 'adjoint' ? 'grad.' : '';
          const shape = [timeSteps, batchSize, array.size];
          return [{ name: `${prefix}${layer.id}.${name}`, shape, data: array.data }];
        });
      }),
    );
}

function parameters(training: Training): NamedTensor[] {
  return training.parameters.flatMap(({ layer, name, shape, values, gradient }) => [
    { name: `params.${layer}.${name}`, shape, data: values },
    { name: `grad.params.${layer}.${name}`, shape, data: gradient },
  ]);
}
