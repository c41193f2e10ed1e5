/**
 * The trace of one iteration: every named quantity and its adjoint, as flat float32 arrays, time first (`[T, B, n]`),
 * that stay where they are for the life of the run.
 */
import type { Network } from '../compile/network.ts';
import type { LayerProgram } from '../compile/program.ts';

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

  constructor(network: Network, arrays: readonly TraceArray[]) {
    this.timeSteps = network.timeSteps;
    this.batchSize = network.batchSize;
    this.arrays = arrays;
    this.byKey = new Map(
      arrays.map((array) => [traceKey(array.layer, array.quantity, array.content), array]),
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

/** A layer's inputs are the outputs of the layers that it reads. */
export function resolveQuantity(
  network: Network,
  layer: LayerProgram,
  name: string,
): { readonly layer: LayerProgram; readonly name: string } {
  const id = layer.inputs.get(name);
  if (id === undefined) return { layer, name };
  const below = network.layers.find((each) => each.id === id);
  if (below === undefined) throw new Error(`Layer ${layer.id} reads ${id}, which does not exist.`);
  return { layer: below, name: below.output };
}
