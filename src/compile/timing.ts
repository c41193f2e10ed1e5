/**
 * When a layer can run while a walk goes through time, one step after the other or all of them. Most layers go along. What
 * stands above pooling runs once, and what reads a sequence from its end waits until all of it has been gone through, as do
 * the layers that read on from there: forward those above, backward those below.
 */
import type { LayerProgram } from './program.ts';

/**
 * `eachStep`: at the time steps of the walk; `lastStep`: at t = T alone; `atEnd`: at all time steps, as soon as the walk has
 * reached its last one, T forward and 1 backward.
 */
export type Timing = 'eachStep' | 'lastStep' | 'atEnd';

export interface LayerTiming {
  /** Of its values. */
  readonly forward: Timing;
  /** Of its adjoint program. */
  readonly backward: Timing;
  /** Of the adjoint of its output, which the layers that read it compute. */
  readonly received: Timing;
}

export interface Steps {
  readonly from: number;
  readonly to: number;
}

/** By the layer's id. */
export function timingsOf(layers: readonly LayerProgram[]): Map<string, LayerTiming> {
  const forward = new Map<string, Timing>();
  for (const layer of layers) forward.set(layer.id, forwardTiming(layer, forward));
  const timings = new Map<string, LayerTiming>();
  for (const layer of layers.toReversed()) {
    const readers = layers.filter(({ inputs }) => [...inputs.values()].includes(layer.id));
    const received = receivedTiming(
      layer,
      readers.map(({ id }) => timings.get(id)!.backward),
    );
    const backward = backwardTiming(layer, received);
    timings.set(layer.id, { forward: forward.get(layer.id)!, backward, received });
  }
  return timings;
}

function forwardTiming({ kind, steps, inputs }: LayerProgram, below: ReadonlyMap<string, Timing>): Timing {
  if (steps === 'last') return 'lastStep';
  const waits = kind === 'reversal' || [...inputs.values()].some((id) => below.get(id) === 'atEnd');
  return waits ? 'atEnd' : 'eachStep';
}

function receivedTiming({ steps }: LayerProgram, readers: readonly Timing[]): Timing {
  if (readers.length === 0) return steps === 'last' ? 'lastStep' : 'eachStep';
  if (readers.every((timing) => timing === 'lastStep')) return 'lastStep';
  return readers.includes('atEnd') ? 'atEnd' : 'eachStep';
}

function backwardTiming({ kind, steps }: LayerProgram, received: Timing): Timing {
  if (steps === 'last') return 'lastStep';
  return kind === 'reversal' || received === 'atEnd' ? 'atEnd' : 'eachStep';
}

/** Of a quantity of a layer. */
export function timingOf(
  { output }: LayerProgram,
  { forward, backward, received }: LayerTiming,
  quantity: string,
  content: 'value' | 'adjoint',
): Timing {
  if (content === 'value') return forward;
  return quantity === output ? received : backward;
}

/**
 * Which time steps, the earliest first, run in a walk over from…to: none where `to` comes before `from`.
 * @param direction of the walk, in which `from` lies after `to` where it descends
 */
export function stepsOf(timing: Timing, walk: Steps, direction: Direction, timeSteps: number): Steps {
  const [earliest, latest] = direction === 'ascending' ? [walk.from, walk.to] : [walk.to, walk.from];
  switch (timing) {
    case 'eachStep':
      return { from: earliest, to: latest };
    case 'lastStep':
      return latest === timeSteps ? { from: timeSteps, to: timeSteps } : none;
    case 'atEnd': {
      const isReached = direction === 'ascending' ? latest === timeSteps : earliest === 1;
      return isReached ? { from: 1, to: timeSteps } : none;
    }
  }
}

export type Direction = 'ascending' | 'descending';

const none: Steps = { from: 1, to: 0 };
