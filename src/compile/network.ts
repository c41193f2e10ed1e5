/** A checked model → the programs of all its layers, from data to loss. */
import type { CheckedModel, Dimension, LayerSpec, Shape, TrainSpec } from '../language/checked-model.ts';
import { evaluateSize } from '../language/sizes.ts';
import { CompileError } from './compile-error.ts';
import { compileLayer, define, numbersLayer } from './layers.ts';
import { initiallyZero, type LayerProgram, type Operation } from './program.ts';

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
export function compile(model: CheckedModel, sizes: DataSizes): Network {
  const layers: LayerProgram[] = [];
  const { source } = model.data;
  if (source.kind === 'csv') layers.push(numbersLayer(source.inputs.length, model.data.ranges.block));
  for (const spec of model.layers) {
    const resolve = (shape: Shape): number[] => shape.map((size) => unitsOf(size, spec, sizes));
    layers.push(compileLayer(spec, { id: idOf(spec, model.layers), below: layers.at(-1), resolve }));
  }
  const prediction = layers.at(-1);
  if (prediction === undefined) throw new Error('The checker lets no model be empty.');
  return {
    layers: [...layers, lossLayer(model, layers)],
    prediction,
    loss: model.train.loss,
    timeSteps: model.data.window,
    batchSize: model.train.batch,
    outputSize: outputSize(prediction),
  };
}

function unitsOf(size: Dimension, { source }: LayerSpec, { vocabulary }: DataSizes): number {
  const units = evaluateSize(size, vocabulary);
  if (Number.isInteger(units) && units >= 1) return units;
  const message = `A size in this layer is ${size}, which is ${units} for a vocabulary of ${vocabulary}. It must be a whole number of at least 1.`;
  throw new CompileError(message, source);
}

/** Cells are `layers.0`, `layers.1`, …; other layers are called by their kind, numbered where it recurs. */
function idOf(spec: LayerSpec, all: readonly LayerSpec[]): string {
  const alike = all.filter((other) => other.kind === spec.kind);
  const index = alike.indexOf(spec);
  if (spec.kind === 'cell') return `layers.${index}`;
  return alike.length > 1 ? `${spec.kind}.${index}` : spec.kind;
}

/** Reads the logits below `softmax`, so that cross-entropy and softmax are differentiated as one. */
function lossLayer(model: CheckedModel, layers: readonly LayerProgram[]): LayerProgram {
  const last = layers.at(-1)!;
  const source = model.train.ranges.loss;
  const classifies = model.train.loss === 'cross_entropy';
  const read = classifies ? layers.at(-2)! : last;
  const x = { kind: 'value', name: 'x', delay: 0 } as const;
  const forward: Operation = classifies
    ? { kind: 'crossEntropy', logits: x }
    : { kind: 'squaredError', prediction: x };
  const adjoint: Operation = classifies
    ? { kind: 'crossEntropyGradient', logits: x }
    : { kind: 'squaredErrorGradient', prediction: x };
  const equation = classifies ? 'loss = −log softmax(x)[target]' : 'loss = mean((x − target)²)';
  return {
    id: 'loss',
    label: model.train.loss,
    kind: 'loss',
    source,
    input: read.id,
    values: new Map([
      [
        'x',
        { name: 'x', size: outputSize(read), role: 'input', equation: 'x', source, initial: initiallyZero },
      ],
      ['loss', { name: 'loss', size: 1, role: 'value', equation, source, initial: initiallyZero }],
    ]),
    output: 'loss',
    parameters: [],
    forward: [define('loss', forward, source)],
    adjoint: [
      { out: { kind: 'adjoint', name: 'x', delay: 0 }, accumulate: true, operation: adjoint, source },
    ],
    gradients: [],
    temporaries: new Map(),
  };
}

function outputSize(layer: LayerProgram): number {
  return layer.values.get(layer.output)!.size;
}
