/** What the reference needs to evaluate the iteration in hand of a run. */
import type { TestRun } from '../support/engine.ts';
import type { ReferenceModel } from './reference.ts';

export function referenceModelOf({ model, training, dataset }: TestRun): ReferenceModel {
  const { layers, batchSize } = training.network;
  const modelLayers = layers.filter(({ kind }) => kind !== 'numbers' && kind !== 'loss');
  return {
    model,
    layerIds: modelLayers.map(({ id }) => id),
    batchSize,
    vocabularySize: dataset.vocabulary?.length ?? 0,
  };
}

export function referenceParametersOf({ training }: TestRun): Map<string, Float64Array> {
  return new Map(
    training.parameters.map(({ layer, name, values }) => [`${layer} ${name}`, Float64Array.from(values)]),
  );
}
