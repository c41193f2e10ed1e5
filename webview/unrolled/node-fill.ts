import type { Frame, HeatmapContent, NormSeries } from '../../src/protocol/frame.ts';
import type { LayerDescription, NetworkDescription } from '../../src/protocol/network.ts';
import type { Phase } from '../../src/protocol/position.ts';
import { notComputedCode, quantiseValue } from '../../src/protocol/quantise.ts';
import type { Statistics } from '../../src/protocol/statistics.ts';
import type { ValueScale } from '../../src/protocol/value-scale.ts';
import { statisticsOfSteps } from '../kit/statistics.ts';
import { computedStepsOf, includesStep, type StepRange } from '../kit/step-range.ts';
import { logarithmicNormScale, normScale } from '../kit/value-scale.ts';

/** What colours the nodes; `auto` follows the phase. */
export type NodeColour = 'auto' | HeatmapContent;

export function contentFor(colour: NodeColour, phase: Phase): HeatmapContent {
  if (colour !== 'auto') return colour;
  switch (phase) {
    case 'forward':
    case 'loss':
      return 'value';
    case 'backward':
    case 'update':
      return 'adjoint';
  }
}

/** The norms of a layer's output over time, on the scale that colours its nodes. */
export interface LayerNorms {
  readonly layer: LayerDescription;
  /** [T]; absent when this norm is not recorded for the layer. */
  readonly norms: Float32Array | undefined;
  /** The steps of which norms are known. */
  readonly computed: StepRange;
  readonly statistics: Statistics;
  readonly scale: ValueScale;
}

/**
 * State norms grow with a layer's width, so that each layer has a scale of its own, from 0 on. Gradient norms are
 * compared across layers: they share one logarithmic scale.
 */
export function layerNorms(network: NetworkDescription, frame: Frame, content: HeatmapContent): LayerNorms[] {
  const found = network.layers.map((layer) => {
    const series = outputNorms(frame, layer, content);
    const norms = series?.norms;
    const computed = computedStepsOf(series, frame, content);
    return {
      layer,
      norms,
      computed,
      statistics: statisticsOfSteps(norms ?? new Float32Array(), norms ? computed : none),
    };
  });
  switch (content) {
    case 'value':
      return found.map((each) => ({ ...each, scale: normScale(each.statistics.largest ?? 0) }));
    case 'adjoint': {
      const scale = sharedScale(
        found.flatMap(({ norms, computed }) => [...(norms?.subarray(computed.from - 1) ?? [])]),
      );
      return found.map((each) => ({ ...each, scale }));
    }
  }
}

const none: StepRange = { from: 1, to: 0 };

function sharedScale(norms: readonly number[]): ValueScale {
  let smallest = Infinity;
  let largest = 0;
  for (const norm of norms) {
    if (!(norm > 0 && norm < Infinity)) continue;
    smallest = Math.min(smallest, norm);
    largest = Math.max(largest, norm);
  }
  return largest > 0 ? logarithmicNormScale(smallest, largest) : logarithmicNormScale(1e-6, 1);
}

export function outputNorms(
  frame: Frame,
  layer: LayerDescription,
  content: HeatmapContent,
): NormSeries | undefined {
  return frame.norms.find(
    (norm) => norm.layer === layer.id && norm.quantity === layer.output && norm.content === content,
  );
}

/** Why a layer has no norms: data has no gradient, and softmax is differentiated as one with the loss. */
export function nameOfAbsence(layer: LayerDescription): string {
  if (isData(layer)) return 'no gradient';
  return layer.kind === 'softmax' ? 'one with the loss' : 'not recorded';
}

/** Whether a layer hands on the data as it is, so that no gradient leads into it. */
export function isData({ kind }: LayerDescription): boolean {
  return kind === 'onehot' || kind === 'numbers';
}

/** Colour code of a layer's node at t. */
export function nodeCode({ norms, computed, scale }: LayerNorms, t: number): number {
  return norms && includesStep(computed, t) ? quantiseValue(scale, norms[t - 1]!) : notComputedCode;
}

/** [recurrent layers, T] codes, the last layer on top: the overview of all steps. */
export function overviewPicture(
  rows: readonly LayerNorms[],
  timeSteps: number,
): { readonly codes: Uint8Array; readonly height: number } {
  const recurrent = rows.filter(({ layer }) => layer.kind === 'cell').reverse();
  const codes = new Uint8Array(recurrent.length * timeSteps);
  for (const [row, each] of recurrent.entries()) {
    for (let t = 1; t <= timeSteps; t++) codes[row * timeSteps + t - 1] = nodeCode(each, t);
  }
  return { codes, height: recurrent.length };
}
