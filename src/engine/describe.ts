/** A compiled network as views need to know it. */
import type { Network } from '../compile/network.ts';
import { type LayerProgram, namedValues, type Value } from '../compile/program.ts';
import type { LayerDescription, NetworkDescription, QuantityDescription } from '../protocol/network.ts';
import type { ParameterArray } from './parameters.ts';

export function describeNetwork(
  network: Network,
  parameters: readonly ParameterArray[],
  length: { readonly epochs: number; readonly iterationsPerEpoch: number },
): NetworkDescription {
  return {
    layers: inReadingOrder(network.layers).flatMap(describeLayer),
    timeSteps: network.timeSteps,
    batchSize: network.batchSize,
    parameterCount: parameters.reduce((count, { values }) => count + values.length, 0),
    ...length,
    loss: network.loss,
  };
}

/** Of two cells that read a sequence from both sides, the one that reads from its beginning comes first to a person. */
function inReadingOrder(layers: readonly LayerProgram[]): LayerProgram[] {
  const ordered: LayerProgram[] = [];
  const fromEnd: LayerProgram[] = [];
  for (const layer of layers) {
    if (layer.reversed) fromEnd.push(layer);
    else ordered.push(layer, ...(layer.kind === 'cell' ? fromEnd.splice(0) : []));
  }
  return ordered;
}

/** Neither the loss nor a reversal is a layer to a person. */
function describeLayer(layer: LayerProgram): LayerDescription[] {
  const { id, label, kind, output, source } = layer;
  if (kind === 'loss' || kind === 'reversal') return [];
  const quantities = namedValues(layer).map(describeQuantity);
  return [{ id, label, kind, output, source, quantities }];
}

function describeQuantity({ name, role, size, equation, source }: Value): QuantityDescription {
  if (role === 'intermediate') throw new Error(`${name} has no name of its own.`);
  return { name, role, size, equation, source };
}
