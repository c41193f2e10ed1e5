/** A checked model → the programs of all its layers, from data to loss. */
import type { CheckedModel, TrainSpec } from '../language/checked-model.ts';
import { numbersLayer } from './layers/built-in.ts';
import { outputSize } from './layers/layer-builder.ts';
import { lossLayer } from './layers/loss.ts';
import { compileLayers } from './layers/pipeline.ts';
import type { LayerProgram } from './program.ts';

/** Sizes that only the data tells. */
export interface DataSizes {
  /** Number of distinct tokens; absent for tables. */
  readonly vocabulary: number | undefined;
}

export interface Network {
  /** From data to loss; forward runs them in this order, backward in reverse. */
  readonly layers: readonly LayerProgram[];
  /** The layer whose output is the prediction: probabilities or numbers. */
  readonly prediction: LayerProgram;
  readonly loss: TrainSpec['loss'];
  /** T */
  readonly timeSteps: number;
  /** B */
  readonly batchSize: number;
  /** Width of the prediction. */
  readonly outputSize: number;
}

/** @throws {CompileError} where no program computes a layer, or the data give it sizes that it cannot have */
export function compile({ data, layers: specs, train }: CheckedModel, sizes: DataSizes): Network {
  const { source } = data;
  const entry = source.kind === 'csv' ? numbersLayer(source.inputs.length, data.ranges.block) : undefined;
  const layers = compileLayers(specs, entry, sizes);
  const prediction = layers.at(-1);
  if (prediction === undefined) throw new Error('The checker lets no model be empty.');
  return {
    layers: [...layers, lossLayer(train.loss, train.ranges.loss, layers)],
    prediction,
    loss: train.loss,
    timeSteps: data.window,
    batchSize: train.batch,
    outputSize: outputSize(prediction),
  };
}
