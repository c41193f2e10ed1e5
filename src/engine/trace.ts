/**
 * The trace of one iteration: every named quantity and its adjoint, as flat float32 arrays, time first (`[T, B, n]`),
 * that stay where they are for the life of the run.
 */
import type { Network } from '../compile/network.ts';
import type { LayerProgram } from '../compile/program.ts';
import type { Timing } from '../compile/timing.ts';

export type TraceContent = 'value' | 'adjoint';

export interface TraceArray {
  readonly layer: string;
  readonly quantity: string;
  readonly content: TraceContent;
  /** n */
  readonly size: number;
  /** Which of the time steps that have been gone through it is computed at. */
  readonly timing: Timing;
  /** It is there in the time of its layer, which runs backward: what belongs to t stands at T + 1 − t. */
  readonly reversed: boolean;
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

/** What an array holds of time step t, [B, n]. */
export function entriesAt(
  { data, size, reversed }: Pick<TraceArray, 'data' | 'size' | 'reversed'>,
  { timeSteps, batchSize }: Pick<Trace, 'timeSteps' | 'batchSize'>,
  t: number,
): Float32Array {
  const step = reversed ? timeSteps - t : t - 1;
  return data.subarray(step * batchSize * size, (step + 1) * batchSize * size);
}

/** The loss of every sample at the time steps that it is taken at, the last ones: `[lossSteps, B]`. */
export function lossesOf({ lossSteps, batchSize }: Network, trace: Trace): Float32Array {
  return trace.find('loss', 'loss', 'value')!.data.subarray(-lossSteps * batchSize);
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
