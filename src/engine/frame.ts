/** What the visible panels need of the iteration in hand. */
import { type LayerProgram, namedValues, type Value } from '../compile/program.ts';
import type {
  Frame,
  GatesWatch,
  Heatmap,
  HeatmapCell,
  HeatmapReading,
  NormSeries,
  SampleSteps,
  Watch,
} from '../protocol/frame.ts';
import { largestMagnitude } from '../protocol/statistics.ts';
import { heatmapScale } from '../protocol/value-scale.ts';
import type { Dataset } from './data/dataset.ts';
import { type PictureSource, pictureOf } from './picture.ts';
import { Reductions } from './reductions.ts';
import { resolveQuantity, type TraceContent } from './trace.ts';
import type { Training } from './training.ts';

/** The numbers behind a heatmap. */
interface Pictured extends PictureSource {
  readonly layer: string;
  readonly quantity: Value;
  readonly content: TraceContent;
  /** Absent: the mean over the batch. */
  readonly sample: number | undefined;
}

export class Observer {
  /** The cell that is being read, of which frames tell the value. */
  cell: HeatmapCell | undefined;
  private readonly training: Training;
  private readonly dataset: Dataset;
  private readonly reductions: Reductions;
  /** Of the last frame. */
  private pictured: readonly Pictured[] = [];

  constructor(training: Training, dataset: Dataset) {
    this.training = training;
    this.dataset = dataset;
    this.reductions = new Reductions(training);
  }

  observe(watch: Watch): Frame {
    const { training } = this;
    const sample = Math.min(Math.max(0, watch.sample), training.network.batchSize - 1);
    const norms = this.norms(watch);
    this.pictured = watch.gates === undefined ? [] : this.reduce(watch.gates, sample);
    return {
      position: training.position,
      timeSteps: training.network.timeSteps,
      forwardThrough: training.forwardThrough,
      backwardFrom: training.backwardFrom,
      loss: training.loss,
      norms,
      heatmaps: this.pictured.map((pictured) => heatmapOf(pictured, watch.gates!.pixels)),
      reading: this.reading(),
      sample: watch.unrolled ? this.sampleSteps(sample) : undefined,
    };
  }

  /** The value of the cell in the heatmaps that were observed last, whatever has been computed since. */
  reading(): HeatmapReading | undefined {
    const { cell } = this;
    const pictured = this.pictured.find(({ quantity }) => quantity.name === cell?.quantity);
    if (cell === undefined || pictured === undefined) return undefined;
    const { layer, content, sample, values, units, from, to } = pictured;
    const { t, unit } = cell;
    if (t < from || t > to || unit >= units) return undefined;
    return { ...cell, layer, content, sample, value: values[(t - 1) * units + unit]! };
  }

  private norms(watch: Watch): NormSeries[] {
    return this.training.network.layers.flatMap((layer) => {
      const states = statesOf(layer);
      const isShown = layer.kind !== 'loss' && layer.kind !== 'reversal';
      const shown = watch.unrolled && isShown ? [...new Set([layer.output, ...states])] : [];
      const differentiated = new Set([...shown, ...(watch.gradientFlow ? states : [])]);
      return [
        ...shown.flatMap((quantity) => this.normSeries(layer.id, quantity, 'value')),
        ...[...differentiated].flatMap((quantity) => this.normSeries(layer.id, quantity, 'adjoint')),
      ];
    });
  }

  private normSeries(layer: string, quantity: string, content: TraceContent): NormSeries[] {
    const array = this.training.trace.find(layer, quantity, content);
    if (array === undefined) return [];
    const norms = this.reductions.read(array, { kind: 'norm' }).slice();
    const series = { layer, quantity, content, norms };
    const goesAlong = array.timing === 'eachStep';
    return [goesAlong ? series : { ...series, computed: this.training.knownSteps(array) }];
  }

  private reduce({ layer: id, show, of, preActivations }: GatesWatch, index: number): Pictured[] {
    const { network, trace } = this.training;
    const layer = network.layers.find((each) => each.id === id);
    if (layer === undefined) return [];
    const { timeSteps } = network;
    const sample = of === 'sample' ? index : undefined;
    const reduction =
      sample === undefined ? ({ kind: 'batchMean' } as const) : { kind: 'sample' as const, sample };
    return namedValues(layer)
      .filter(({ role }) => role !== 'input' && (preActivations || role !== 'preActivation'))
      .flatMap((quantity) => {
        const target = resolveQuantity(network, layer, quantity.name);
        const array = trace.find(target.layer.id, target.name, show);
        if (array === undefined) return [];
        const values = this.reductions.read(array, reduction);
        const known = this.training.knownSteps(array);
        return [
          { layer: id, quantity, content: show, sample, values, timeSteps, units: quantity.size, ...known },
        ];
      });
  }

  private sampleSteps(index: number): SampleSteps {
    const { training, dataset } = this;
    const { batch, network, trace } = training;
    const { id, output } = network.prediction;
    const predicted = trace.find(id, output, 'value')!;
    const { from, to } = training.knownSteps(predicted);
    const { timeSteps, batchSize, lossSteps } = network;
    const steps = Array.from({ length: timeSteps }, (_, step) => step + 1);
    return {
      index,
      inputs: steps.map((t) => dataset.inputText(batch, t, index)),
      targets: steps.map((t) =>
        t > timeSteps - lossSteps ? dataset.targetText(batch, t, index) : undefined,
      ),
      predictions: steps.slice(0, to).map((t) => {
        const start = ((t - 1) * batchSize + index) * predicted.size;
        const prediction = predicted.data.subarray(start, start + predicted.size);
        return t < from ? undefined : dataset.predictionText(prediction);
      }),
    };
  }
}

function heatmapOf(pictured: Pictured, pixels: GatesWatch['pixels']): Heatmap {
  const { layer, quantity, content, units } = pictured;
  const picture = pictureOf(pictured, pixels, (statistics) =>
    heatmapScale(quantity.role, content, largestMagnitude(statistics)),
  );
  return { layer, quantity: quantity.name, content, units, ...picture };
}

function statesOf(layer: LayerProgram): string[] {
  return namedValues(layer).flatMap(({ name, role }) => (role === 'state' ? [name] : []));
}
