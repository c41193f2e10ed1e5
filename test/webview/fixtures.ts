/** Runs as the host would send them, made from formulas instead of from training: the same every time. */
import { pictureOf } from '../../src/engine/picture.ts';
import type {
  Frame,
  GatesWatch,
  Heatmap,
  HeatmapContent,
  MetricPoint,
  NormSeries,
  SampleSteps,
} from '../../src/protocol/frame.ts';
import type {
  LayerDescription,
  NetworkDescription,
  QuantityDescription,
  QuantityRole,
} from '../../src/protocol/network.ts';
import type { Position, RunState } from '../../src/protocol/position.ts';
import { largestMagnitude } from '../../src/protocol/statistics.ts';
import { heatmapScale } from '../../src/protocol/value-scale.ts';
import type { RunSnapshot } from '../../src/protocol/webview.ts';

export interface NetworkShape {
  readonly timeSteps: number;
  readonly units: number;
  /** Stacked LSTM layers. */
  readonly layers: number;
}

const batchSize = 32;
const source = { uri: 'file:///model.rnn', start: { line: 0, character: 0 }, end: { line: 0, character: 4 } };

const lstmEquations: readonly (readonly [name: string, role: QuantityRole, equation: string])[] = [
  ['i', 'gate', 'i = sigmoid(W_i @ x + U_i @ h[t-1] + b_i)'],
  ['i_in', 'preActivation', 'W_i @ x + U_i @ h[t-1] + b_i'],
  ['f', 'gate', 'f = sigmoid(W_f @ x + U_f @ h[t-1] + b_f)'],
  ['o', 'gate', 'o = sigmoid(W_o @ x + U_o @ h[t-1] + b_o)'],
  ['g', 'value', 'g = tanh(W_g @ x + U_g @ h[t-1] + b_g)'],
  ['c', 'state', 'c = f * c[t-1] + i * g'],
  ['h', 'state', 'h = o * tanh(c)'],
];

export function lstmNetwork({ timeSteps, units, layers }: NetworkShape): NetworkDescription {
  const lstms = Array.from(
    { length: layers },
    (_, index): LayerDescription => ({
      id: `layers.${index}`,
      label: `LSTM(${units})`,
      kind: 'cell',
      output: 'h',
      quantities: lstmEquations.map(([name, role, equation]) => ({
        name,
        role,
        equation,
        size: units,
        source,
      })),
      source,
    }),
  );
  return {
    layers: [
      plainLayer('onehot', 'onehot', 27),
      ...lstms,
      plainLayer('dense', 'dense', 27),
      plainLayer('softmax', 'softmax', 27),
    ],
    timeSteps,
    batchSize,
    parameterCount: 12_345,
    iterationsPerEpoch: 100,
    epochs: 10,
    loss: 'cross_entropy',
  };
}

function plainLayer(id: string, kind: LayerDescription['kind'], size: number): LayerDescription {
  const quantity: QuantityDescription = {
    name: 'y',
    role: 'value',
    size,
    equation: `y = ${kind}(x)`,
    source,
  };
  return { id, label: id, kind, output: 'y', quantities: [quantity], source };
}

/** How far an iteration has come. */
export interface Progress {
  readonly position: Position;
  readonly forwardThrough: number;
  readonly backwardFrom: number;
}

export function forwardTo(t: number, timeSteps: number): Progress {
  return { position: { iteration: 3, phase: 'forward', t }, forwardThrough: t, backwardFrom: timeSteps + 1 };
}

export function backwardTo(t: number, timeSteps: number): Progress {
  return { position: { iteration: 3, phase: 'backward', t }, forwardThrough: timeSteps, backwardFrom: t };
}

export function finished(phase: 'loss' | 'update', timeSteps: number): Progress {
  const backwardFrom = phase === 'loss' ? timeSteps + 1 : 1;
  return { position: { iteration: 3, phase, t: 0 }, forwardThrough: timeSteps, backwardFrom };
}

/** Overwrites what the formulas give; NaN and infinities included. */
export type Spoil = (value: number, place: { quantity: string; t: number; unit: number }) => number;

export interface FrameOptions {
  readonly gates?: GatesWatch;
  readonly spoil?: Spoil;
}

export function frameOf(network: NetworkDescription, progress: Progress, options: FrameOptions = {}): Frame {
  const { gates, spoil = (value: number) => value } = options;
  const watched = network.layers.find(({ id }) => id === (gates?.layer ?? 'layers.0'))!;
  return {
    ...progress,
    timeSteps: network.timeSteps,
    loss: progress.position.phase === 'forward' ? undefined : 2.3137,
    norms: network.layers.flatMap((layer, row) => normsOf(network, layer, row, progress, spoil)),
    heatmaps: watched.quantities.map((quantity) =>
      heatmapOf(network, watched.id, quantity, progress, options),
    ),
    reading: undefined,
    sample: sampleOf(network.timeSteps, progress.forwardThrough),
  };
}

function isKnown(content: HeatmapContent, progress: Progress, t: number): boolean {
  return content === 'value' ? t <= progress.forwardThrough : t >= progress.backwardFrom;
}

/** As of the engine: tokens have no gradient, and that of the softmax is fused into the layer below. */
function contentsOf({ kind }: LayerDescription): readonly HeatmapContent[] {
  return kind === 'onehot' || kind === 'softmax' ? ['value'] : ['value', 'adjoint'];
}

function normsOf(
  network: NetworkDescription,
  layer: LayerDescription,
  row: number,
  progress: Progress,
  spoil: Spoil,
): NormSeries[] {
  const states = layer.quantities.filter(({ role, name }) => role === 'state' || name === layer.output);
  return states.flatMap(({ name }) =>
    contentsOf(layer).map((content) => ({
      layer: layer.id,
      quantity: name,
      content,
      norms: Float32Array.from({ length: network.timeSteps }, (_, index) => {
        const t = index + 1;
        if (!isKnown(content, progress, t)) return Number.NaN;
        const norm =
          content === 'value'
            ? 6 + 5 * Math.tanh(t / 8) + Math.sin(t * 1.3 + row)
            : (name === 'c' ? 0.4 : 0.2) * 0.8 ** ((network.timeSteps - t) * (1 + row / 8));
        return spoil(norm, { quantity: `norm ${name}`, t, unit: 0 });
      }),
    })),
  );
}

/** [T, n], NaN where it is not computed. */
export function valuesOf(
  network: NetworkDescription,
  { name, role, size }: QuantityDescription,
  progress: Progress,
  { gates, spoil = (value: number) => value }: FrameOptions = {},
): Float32Array {
  const content = gates?.show ?? 'value';
  const values = new Float32Array(network.timeSteps * size).fill(Number.NaN);
  for (let t = 1; t <= network.timeSteps; t++) {
    if (!isKnown(content, progress, t)) continue;
    for (let unit = 0; unit < size; unit++) {
      const wave = 2.5 * Math.sin(t * 0.35 + unit * 0.9 + name.length * 2 + name.charCodeAt(0));
      const value =
        content === 'adjoint'
          ? wave * 0.01 * 0.9 ** (network.timeSteps - t)
          : role === 'gate'
            ? 1 / (1 + Math.exp(-wave))
            : Math.tanh(wave);
      values[(t - 1) * size + unit] = spoil(value, { quantity: name, t, unit });
    }
  }
  return values;
}

function heatmapOf(
  network: NetworkDescription,
  layer: string,
  quantity: QuantityDescription,
  progress: Progress,
  options: FrameOptions,
): Heatmap {
  const { gates } = options;
  const { timeSteps } = network;
  const { name, role, size: units } = quantity;
  const content = gates?.show ?? 'value';
  const { from, to } =
    content === 'value'
      ? { from: 1, to: progress.forwardThrough }
      : { from: progress.backwardFrom, to: timeSteps };
  const values = valuesOf(network, quantity, progress, options);
  const pixels = gates?.pixels ?? { across: timeSteps, down: units };
  const picture = pictureOf({ values, timeSteps, units, from, to }, pixels, (statistics) =>
    heatmapScale(role, content, largestMagnitude(statistics)),
  );
  return { layer, quantity: name, content, units, ...picture };
}

const text = 'the quick brown fox jumps over the lazy dog\n';

function sampleOf(timeSteps: number, forwardThrough: number): SampleSteps {
  const character = (index: number) => text[index % text.length]!;
  const steps = Array.from({ length: timeSteps }, (_, index) => index);
  return {
    index: 0,
    inputs: steps.map(character),
    targets: steps.map((step) => character(step + 1)),
    predictions: steps.slice(0, forwardThrough).map((step) => (step % 3 === 1 ? 'e' : character(step + 1))),
  };
}

export function metricsOf(count: number, first = 1): MetricPoint[] {
  return Array.from({ length: count }, (_, index) => {
    const iteration = first + index;
    const gradientNorm = 3 + 9 * Math.exp(-iteration / 15) + Math.sin(iteration * 2.1);
    return {
      iteration,
      epoch: 1 + Math.floor((iteration - 1) / 100),
      loss: 1.4 + 2.2 * Math.exp(-iteration / 12) + 0.08 * Math.sin(iteration * 1.7),
      gradientNorm,
      clippedGradientNorm: Math.min(5, gradientNorm),
      milliseconds: 12,
    };
  });
}

export function snapshotOf(
  network: NetworkDescription,
  frame: Frame,
  { state = 'paused', metrics = metricsOf(2) }: { state?: RunState; metrics?: MetricPoint[] } = {},
): RunSnapshot {
  return {
    state,
    network,
    backend: {
      name: 'tensorflow',
      label: 'TensorFlow 4.22 (native)',
      reason: 'The fastest one that loads on this machine.',
    },
    frame,
    metrics,
  };
}
