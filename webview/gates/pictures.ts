import type { Frame, GatesWatch, HeatmapContent } from '../../src/protocol/frame.ts';
import type {
  LayerDescription,
  NetworkDescription,
  QuantityDescription,
  QuantityRole,
} from '../../src/protocol/network.ts';
import type { ColourScheme } from '../kit/colour-table.ts';
import { formatNumber, nameOfContent, nameOfRole, symbolOf } from '../kit/format.ts';
import { quantisePicture } from '../kit/quantise.ts';
import { describeRange, describeValues, largestMagnitude, type Statistics } from '../kit/statistics.ts';
import { computedSteps, includesStep, type StepRange, stepCount } from '../kit/step-range.ts';
import { gateScale, symmetricScale, type ValueScale } from '../kit/value-scale.ts';

/** One heatmap, ready to be coloured. */
export interface QuantityPicture {
  readonly quantity: QuantityDescription;
  readonly content: HeatmapContent;
  readonly timeSteps: number;
  readonly computed: StepRange;
  /** [T, n]; absent until the host has sent what was asked for. */
  readonly values: Float32Array | undefined;
  readonly statistics: Statistics;
  readonly scheme: ColourScheme;
  readonly scale: ValueScale;
  /** [n, T] */
  readonly codes: Uint8Array;
}

export function recurrentLayers(network: NetworkDescription): readonly LayerDescription[] {
  return network.layers.filter((layer) => layer.kind === 'cell');
}

/** What the panel shows of a layer, in the order of its equations; pre-activations last, if at all. */
export function shownQuantities(
  layer: LayerDescription,
  preActivations: boolean,
): readonly QuantityDescription[] {
  const having = (roles: readonly QuantityRole[]) =>
    layer.quantities.filter(({ role }) => roles.includes(role));
  return [...having(['gate', 'state', 'value']), ...(preActivations ? having(['preActivation']) : [])];
}

export function pictureOf(quantity: QuantityDescription, watch: GatesWatch, frame: Frame): QuantityPicture {
  const content = watch.show;
  const heatmap = frame.heatmaps.find(
    (each) => each.layer === watch.layer && each.quantity === quantity.name && each.content === content,
  );
  const { timeSteps } = frame;
  const values = heatmap?.values;
  const computed = values ? computedSteps(frame, content) : { from: 1, to: 0 };
  const data = values ?? new Float32Array();
  const statistics = describeValues(data, quantity.size, computed);
  const isGate = quantity.role === 'gate' && content === 'value';
  const scale = isGate ? gateScale : symmetricScale(largestMagnitude(statistics));
  return {
    quantity,
    content,
    timeSteps,
    computed,
    values,
    statistics,
    scheme: isGate ? 'sequential' : 'diverging',
    scale,
    codes: quantisePicture(data, timeSteps, quantity.size, computed, scale),
  };
}

/** `i, gate, activations: 12 of 20 time steps, 32 units, from 0.02 to 0.98`. */
export function summarise({ quantity, content, computed, timeSteps, statistics }: QuantityPicture): string {
  return (
    `${quantity.name}, ${nameOfRole(quantity.role)}, ${nameOfContent(content)}: ` +
    `${stepCount(computed)} of ${timeSteps} time steps, ${quantity.size} units, ${describeRange(statistics)}`
  );
}

/** `fₜ, unit 3, t 17 = 0.91, mean over 32 samples`. */
export function readValue(
  { quantity, content, values, computed }: QuantityPicture,
  unit: number,
  t: number,
  aggregate: string,
): string {
  const place = `${symbolOf(quantity.name, content)}, unit ${unit}, t ${t}`;
  if (!values || !includesStep(computed, t)) return `${place}: not computed yet in this iteration`;
  return `${place} = ${formatNumber(values[(t - 1) * quantity.size + unit]!)}, ${aggregate}`;
}

/** What the value is, in the model's own words. */
export function definitionOf({ quantity, content }: QuantityPicture): string {
  switch (content) {
    case 'value':
      return quantity.equation;
    case 'adjoint':
      return `L = mean loss of the iteration; ${quantity.equation}`;
  }
}
