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
    layers: network.layers.flatMap((layer) => describeLayer(layer)),
    timeSteps: network.timeSteps,
    batchSize: network.batchSize,
    parameterCount: parameters.reduce((count, { values }) => count + values.length, 0),
    ...length,
    loss: network.loss,
  };
}

/** The loss is no layer to a person. */
function describeLayer(layer: LayerProgram): LayerDescription[] {
  const { id, label, kind, output, source } = layer;
  if (kind === 'loss') return [];
  const quantities = namedValues(layer).map(describeQuantity);
  return [{ id, label, kind, output, source, quantities }];
}

function describeQuantity({ name, role, size, equation, source }: Value): QuantityDescription {
  if (role === 'intermediate') throw new Error(`${name} has no name of its own.`);
  return { name, role, size, equation, source };
}
