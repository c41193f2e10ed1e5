/** The loss as the layer on top: what it measures is the prediction, or the logits below it. */
import type { SourceRange, TrainSpec } from '../../language/checked-model.ts';
import type { LayerProgram } from '../program.ts';
import { LayerBuilder } from './layer-builder.ts';

export function lossLayer(
  loss: TrainSpec['loss'],
  source: SourceRange,
  layers: readonly LayerProgram[],
): LayerProgram {
  const layer = new LayerBuilder({ id: 'loss', label: loss, kind: 'loss', source });
  switch (loss) {
    case 'cross_entropy': {
      // The logits below `softmax`: the two are differentiated as one.
      const logits = layer.input('x', layers.at(-2)!);
      return layer.build(layer.define('loss = −log softmax(x)[target]', 1, { kind: 'crossEntropy', logits }));
    }
    case 'mse': {
      const prediction = layer.input('x', layers.at(-1)!);
      return layer.build(layer.define('loss = mean((x − target)²)', 1, { kind: 'squaredError', prediction }));
    }
  }
}
