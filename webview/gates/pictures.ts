import type {
  Frame,
  GatesWatch,
  Heatmap,
  HeatmapCell,
  HeatmapContent,
  HeatmapReading,
} from '../../src/protocol/frame.ts';
import type {
  LayerDescription,
  NetworkDescription,
  QuantityDescription,
  QuantityRole,
} from '../../src/protocol/network.ts';
import { type Statistics, statisticsOf } from '../../src/protocol/statistics.ts';
import { heatmapScale, type ValueScale } from '../../src/protocol/value-scale.ts';
import type { ColourScheme } from '../kit/colour-table.ts';
import { formatNumber, nameOfContent, nameOfRole, symbolOf } from '../kit/format.ts';
import { describeRange } from '../kit/statistics.ts';
import { computedSteps, includesStep, type StepRange, stepCount } from '../kit/step-range.ts';

/** One heatmap, ready to be coloured. */
export interface QuantityPicture {
  readonly quantity: QuantityDescription;
  readonly content: HeatmapContent;
  readonly timeSteps: number;
  readonly computed: StepRange;
  /** Absent until the host has sent what was asked for. */
  readonly heatmap: Heatmap | undefined;
  readonly statistics: Statistics;
  readonly scheme: ColourScheme;
  readonly scale: ValueScale;
}

const nothing = statisticsOf(new Float32Array());

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
  const scale = heatmap?.scale ?? heatmapScale(quantity.role, content, 0);
  return {
    quantity,
    content,
    timeSteps: frame.timeSteps,
    computed: heatmap ? computedSteps(frame, content) : { from: 1, to: 0 },
    heatmap,
    statistics: heatmap?.statistics ?? nothing,
    scheme: scale.lower < 0 ? 'diverging' : 'sequential',
    scale,
  };
}

/** Whether a pixel is the mean of several values. */
export function isAveraged({ heatmap, timeSteps }: QuantityPicture): boolean {
  return heatmap !== undefined && (heatmap.columns < timeSteps || heatmap.rows < heatmap.units);
}

/** `Each pixel is the mean of up to 4 time steps × 2 units; …`. */
export function explainAveraging({ heatmap, timeSteps }: QuantityPicture): string {
  const steps = Math.ceil(timeSteps / (heatmap?.columns ?? timeSteps));
  const units = Math.ceil((heatmap?.units ?? 1) / (heatmap?.rows ?? 1));
  return (
    `There are more values than the screen has pixels here: each pixel is the mean of up to ${steps} time steps × ` +
    `${units} units. A value that you point at is exact, and so is the range.`
  );
}

/** `i, gate, activations: 12 of 20 time steps, 32 units, from 0.02 to 0.98`. */
export function summarise({ quantity, content, computed, timeSteps, statistics }: QuantityPicture): string {
  return (
    `${quantity.name}, ${nameOfRole(quantity.role)}, ${nameOfContent(content)}: ` +
    `${stepCount(computed)} of ${timeSteps} time steps, ${quantity.size} units, ${describeRange(statistics)}`
  );
}

/** `fₜ, unit 3, t 17 = 0.91, mean over 32 samples`; `reading` is what the engine told last. */
export function readValue(
  { quantity, content, computed, heatmap }: QuantityPicture,
  { unit, t }: HeatmapCell,
  reading: HeatmapReading | undefined,
  batchSize: number,
): string {
  const place = `${symbolOf(quantity.name, content)}, unit ${unit}, t ${t}`;
  if (!includesStep(computed, t)) return `${place}: not computed yet in this iteration`;
  const isOfThis =
    reading?.layer === heatmap?.layer &&
    reading?.quantity === quantity.name &&
    reading.content === content &&
    reading.t === t &&
    reading.unit === unit;
  if (!isOfThis) return `${place} = …`;
  const { sample, value } = reading;
  const whose = sample === undefined ? `mean over ${batchSize} samples` : `sample ${sample}`;
  return `${place} = ${formatNumber(value)}, ${whose}`;
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
