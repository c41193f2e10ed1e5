/** What the visible panels need of the iteration in hand. */
import { type LayerProgram, namedValues } from '../compile/program.ts';
import type { Frame, GatesWatch, Heatmap, NormSeries, SampleSteps, Watch } from '../protocol/frame.ts';
import type { Dataset } from './data/dataset.ts';
import { Reductions } from './reductions.ts';
import { resolveQuantity, type TraceContent } from './trace.ts';
import type { Training } from './training.ts';

export class Observer {
  private readonly training: Training;
  private readonly dataset: Dataset;
  private readonly reductions: Reductions;

  constructor(training: Training, dataset: Dataset) {
    this.training = training;
    this.dataset = dataset;
    this.reductions = new Reductions(training);
  }

  observe(watch: Watch): Frame {
    const { training } = this;
    const sample = Math.min(Math.max(0, watch.sample), training.network.batchSize - 1);
    return {
      position: training.position,
      timeSteps: training.network.timeSteps,
      forwardThrough: training.forwardThrough,
      backwardFrom: training.backwardFrom,
      loss: training.loss,
      norms: this.norms(watch),
      heatmaps: watch.gates === undefined ? [] : this.heatmaps(watch.gates, sample),
      sample: watch.unrolled ? this.sampleSteps(sample) : undefined,
    };
  }

  private norms(watch: Watch): NormSeries[] {
    return this.training.network.layers.flatMap((layer) => {
      const states = statesOf(layer);
      const shown = watch.unrolled && layer.kind !== 'loss' ? [...new Set([layer.output, ...states])] : [];
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
    return [{ layer, quantity, content, norms: this.reductions.read(array, { kind: 'norm' }) }];
  }

  private heatmaps({ layer: id, show, of }: GatesWatch, sample: number): Heatmap[] {
    const { network, trace } = this.training;
    const layer = network.layers.find((each) => each.id === id);
    if (layer === undefined) return [];
    return namedValues(layer).flatMap(({ name, size }) => {
      const target = resolveQuantity(network, layer, name);
      const array = trace.find(target.layer.id, target.name, show);
      if (array === undefined) return [];
      const values = this.reductions.read(array, of === 'sample' ? { kind: of, sample } : { kind: of });
      return [{ layer: id, quantity: name, content: show, units: size, values }];
    });
  }

  private sampleSteps(index: number): SampleSteps {
    const { training, dataset } = this;
    const { batch, network, trace, forwardThrough } = training;
    const { id, output } = network.prediction;
    const predicted = trace.find(id, output, 'value')!;
    const steps = Array.from({ length: network.timeSteps }, (_, step) => step + 1);
    return {
      index,
      inputs: steps.map((t) => dataset.inputText(batch, t, index)),
      targets: steps.map((t) => dataset.targetText(batch, t, index)),
      predictions: steps.slice(0, forwardThrough).map((t) => {
        const from = ((t - 1) * network.batchSize + index) * predicted.size;
        return dataset.predictionText(predicted.data.subarray(from, from + predicted.size));
      }),
    };
  }
}

function statesOf(layer: LayerProgram): string[] {
  return namedValues(layer).flatMap(({ name, role }) => (role === 'state' ? [name] : []));
}
