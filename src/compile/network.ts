/** A checked model → the programs of all its layers, from data to loss. */
import type { CheckedModel, TrainSpec } from '../language/checked-model.ts';
import { numbersLayer } from './layers/built-in.ts';
import { outputSize } from './layers/layer-builder.ts';
import { lossLayer } from './layers/loss.ts';
import { compileLayers } from './layers/pipeline.ts';
import type { LayerProgram } from './program.ts';
import { type LayerTiming, timingsOf } from './timing.ts';

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
  /** How many of the last time steps the loss is taken at: T, or above pooling 1. */
  readonly lossSteps: number;
  /** By the layer's id. */
  readonly timings: ReadonlyMap<string, LayerTiming>;
}

/** @throws {CompileError} where the data give a layer sizes that it cannot have */
export function compile({ data, layers: specs, train }: CheckedModel, sizes: DataSizes): Network {
  const { source } = data;
  const entry = source.kind === 'csv' ? numbersLayer(source.inputs.length, data.ranges.block) : undefined;
  const layers = compileLayers(specs, entry, { ...sizes, timeSteps: data.window });
  const prediction = layers.at(-1);
  if (prediction === undefined) throw new Error('The checker lets no model be empty.');
  const loss = lossLayer(train.loss, train.ranges.loss, layers);
  const all = [...layers, loss];
  return {
    layers: all,
    prediction,
    loss: train.loss,
    timeSteps: data.window,
    batchSize: train.batch,
    outputSize: outputSize(prediction),
    lossSteps: loss.steps === 'last' ? 1 : data.window,
    timings: timingsOf(all),
  };
}
