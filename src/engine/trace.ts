/**
 * The trace of one iteration: every named quantity and its adjoint, as flat float32 arrays, time first (`[T, B, n]`),
 * that stay where they are for the life of the run.
 */
import type { Network } from '../compile/network.ts';
import { type LayerProgram, namedValues } from '../compile/program.ts';

export type TraceContent = 'value' | 'adjoint';

export interface TraceArray {
  readonly layer: string;
  readonly quantity: string;
  readonly content: TraceContent;
  /** n */
  readonly size: number;
  /** [T, B, n] */
  readonly data: Float32Array;
}

export class Trace {
  /** T */
  readonly timeSteps: number;
  /** B */
  readonly batchSize: number;
  readonly arrays: readonly TraceArray[];
  private readonly byKey: ReadonlyMap<string, TraceArray>;

  constructor(network: Network) {
    this.timeSteps = network.timeSteps;
    this.batchSize = network.batchSize;
    this.arrays = traceArrays(network);
    this.byKey = new Map(
      this.arrays.map((array) => [traceKey(array.layer, array.quantity, array.content), array]),
    );
  }

  /** Undefined where no such thing is computed, as the adjoint of an input. */
  find(layer: string, quantity: string, content: TraceContent): TraceArray | undefined {
    return this.byKey.get(traceKey(layer, quantity, content));
  }
}

export function traceKey(layer: string, quantity: string, content: TraceContent): string {
  return `${content} ${layer} ${quantity}`;
}

/** A layer's `x` is the output of the layer that it reads. */
export function resolveQuantity(
  network: Network,
  layer: LayerProgram,
  name: string,
): { readonly layer: LayerProgram; readonly name: string } {
  if (name !== 'x' || layer.input === undefined) return { layer, name };
  const below = network.layers.find(({ id }) => id === layer.input);
  if (below === undefined) throw new Error(`Layer ${layer.id} reads ${layer.input}, which does not exist.`);
  return { layer: below, name: below.output };
}

function traceArrays(network: Network): TraceArray[] {
  const differentiated = new Set(
    network.layers.flatMap((layer) =>
      layer.adjoint.map(({ out }) => {
        const target = resolveQuantity(network, layer, out.name);
        return traceKey(target.layer.id, target.name, 'adjoint');
      }),
    ),
  );
  const steps = network.timeSteps * network.batchSize;
  return network.layers.flatMap((layer) =>
    namedValues(layer)
      .filter(({ role }) => role !== 'input')
      .flatMap(({ name, size }) => {
        const array = (content: TraceContent): TraceArray => ({
          layer: layer.id,
          quantity: name,
          content,
          size,
          data: new Float32Array(steps * size),
        });
        const hasAdjoint = differentiated.has(traceKey(layer.id, name, 'adjoint'));
        return hasAdjoint ? [array('value'), array('adjoint')] : [array('value')];
      }),
  );
}
