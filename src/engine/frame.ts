/** What the visible panels need of the iteration in hand, computed from the trace. */
import { type LayerProgram, namedValues } from '../compile/program.ts';
import type { Frame, GatesWatch, Heatmap, NormSeries, SampleSteps, Watch } from '../protocol/frame.ts';
import type { Dataset } from './data/dataset.ts';
import { resolveQuantity, type TraceArray, type TraceContent } from './trace.ts';
import type { Training } from './training.ts';

/** Steps of the iteration in hand that have been computed: from…to. */
interface Known {
  readonly from: number;
  readonly to: number;
}

export function observe(training: Training, dataset: Dataset, watch: Watch): Frame {
  return {
    position: training.position,
    timeSteps: training.network.timeSteps,
    forwardThrough: training.forwardThrough,
    backwardFrom: training.backwardFrom,
    loss: training.loss,
    norms: norms(training, watch),
    heatmaps: watch.gates === undefined ? [] : heatmaps(training, watch.gates, watch.sample),
    sample: watch.unrolled ? sampleSteps(training, dataset, watch.sample) : undefined,
  };
}

function norms(training: Training, watch: Watch): NormSeries[] {
  const { network } = training;
  return network.layers.flatMap((layer) => {
    const shown = watch.unrolled && layer.kind !== 'loss' ? shownQuantities(layer) : [];
    const states = watch.gradientFlow ? statesOf(layer) : [];
    return [
      ...shown.map((quantity) => normSeries(training, layer.id, quantity, 'value')),
      ...[...new Set([...shown, ...states])].map((quantity) =>
        normSeries(training, layer.id, quantity, 'adjoint'),
      ),
    ].filter((series) => series !== undefined);
  });
}

function shownQuantities(layer: LayerProgram): string[] {
  return [...new Set([layer.output, ...statesOf(layer)])];
}

function statesOf(layer: LayerProgram): string[] {
  return namedValues(layer)
    .filter(({ role }) => role === 'state')
    .map(({ name }) => name);
}

function normSeries(
  training: Training,
  layer: string,
  quantity: string,
  content: TraceContent,
): NormSeries | undefined {
  const array = training.trace.find(layer, quantity, content);
  if (array === undefined) return undefined;
  const { timeSteps, batchSize } = training.network;
  const series = new Float32Array(timeSteps).fill(Number.NaN);
  const { from, to } = known(training, content);
  const stride = batchSize * array.size;
  for (let t = from; t <= to; t += 1) {
    series[t - 1] = norm(array.data.subarray((t - 1) * stride, t * stride));
  }
  return { layer, quantity, content, norms: series };
}

function norm(entries: Float32Array): number {
  let sum = 0;
  for (const entry of entries) sum += entry * entry;
  return Math.sqrt(sum);
}

function heatmaps(training: Training, gates: GatesWatch, sample: number): Heatmap[] {
  const { network, trace } = training;
  const layer = network.layers.find(({ id }) => id === gates.layer);
  if (layer === undefined) return [];
  return namedValues(layer).flatMap(({ name, size }) => {
    const target = resolveQuantity(network, layer, name);
    const array = trace.find(target.layer.id, target.name, gates.show);
    if (array === undefined) return [];
    const values = gates.of === 'sample' ? ofSample(training, array, sample) : batchMean(training, array);
    return [{ layer: layer.id, quantity: name, content: gates.show, units: size, values }];
  });
}

/** [T, n] of one sample. */
function ofSample(training: Training, array: TraceArray, sample: number): Float32Array {
  const { batchSize } = training.network;
  return eachStep(training, array, (row, t) => {
    const from = ((t - 1) * batchSize + clampSample(training, sample)) * array.size;
    row.set(array.data.subarray(from, from + array.size));
  });
}

/** [T, n], the mean over the batch. */
function batchMean(training: Training, array: TraceArray): Float32Array {
  const { batchSize } = training.network;
  return eachStep(training, array, (row, t) => {
    const first = (t - 1) * batchSize * array.size;
    for (let unit = 0; unit < array.size; unit += 1) {
      let sum = 0;
      for (let sample = 0; sample < batchSize; sample += 1)
        sum += array.data[first + sample * array.size + unit]!;
      row[unit] = sum / batchSize;
    }
  });
}

/** [T, n], filled for the known steps and NaN for all others. */
function eachStep(
  training: Training,
  array: TraceArray,
  fill: (row: Float32Array, t: number) => void,
): Float32Array {
  const values = new Float32Array(training.network.timeSteps * array.size).fill(Number.NaN);
  const { from, to } = known(training, array.content);
  for (let t = from; t <= to; t += 1) fill(values.subarray((t - 1) * array.size, t * array.size), t);
  return values;
}

function sampleSteps(training: Training, dataset: Dataset, watched: number): SampleSteps {
  const { batch, network, trace } = training;
  const index = clampSample(training, watched);
  const { id, output } = network.prediction;
  const predicted = trace.find(id, output, 'value')!;
  const steps = Array.from({ length: network.timeSteps }, (_, step) => step + 1);
  return {
    index,
    inputs: steps.map((t) => dataset.inputText(batch, t, index)),
    targets: steps.map((t) => dataset.targetText(batch, t, index)),
    predictions: steps.slice(0, training.forwardThrough).map((t) => {
      const from = ((t - 1) * network.batchSize + index) * predicted.size;
      return dataset.predictionText(predicted.data.subarray(from, from + predicted.size));
    }),
  };
}

function clampSample(training: Training, sample: number): number {
  return Math.min(Math.max(0, sample), training.network.batchSize - 1);
}

function known(training: Training, content: TraceContent): Known {
  return content === 'value'
    ? { from: 1, to: training.forwardThrough }
    : { from: training.backwardFrom, to: training.network.timeSteps };
}
