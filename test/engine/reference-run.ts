/** What the reference needs to evaluate the iteration in hand of a run. */
import type { TestRun } from '../support/engine.ts';
import type { ReferenceModel } from './reference.ts';

export function referenceModelOf({ model, training, dataset }: TestRun): ReferenceModel {
  const { trace, network } = training;
  const { layers, batchSize } = network;
  const modelLayers = layers.filter(({ kind }) => kind !== 'numbers' && kind !== 'loss');
  return {
    model,
    layerIds: modelLayers.map(({ id }) => id),
    batchSize,
    vocabularySize: dataset.vocabulary?.length ?? 0,
    mask: (layer, quantity, t, sample) => {
      const { data, size } = trace.find(layer, quantity, 'value')!;
      const start = ((t - 1) * batchSize + sample) * size;
      return Float64Array.from(data.subarray(start, start + size));
    },
  };
}

export function referenceParametersOf({ training }: TestRun): Map<string, Float64Array> {
  return new Map(
    training.parameters.map(({ layer, name, values }) => [`${layer} ${name}`, Float64Array.from(values)]),
  );
}
