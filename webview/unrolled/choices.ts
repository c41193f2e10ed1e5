import { computed, effect, signal } from '@preact/signals';
import { runView } from '../kit/connection.ts';
import { post } from '../kit/host.ts';
import { oneOf, savedSignal } from '../kit/saved-signal.ts';
import type { NodeColour } from './node-fill.ts';

export const nodeColour = savedSignal<NodeColour>('nodeColour', 'auto', oneOf(['auto', 'value', 'adjoint']));

/** Index of the shown sample of the batch, from 0. */
export const sample = savedSignal('sample', 0, (value): value is number => Number.isInteger(value));

/** First step of a focus window that was moved by hand; `undefined` while it follows the position. */
export const pannedTo = signal<number | undefined>(undefined);

/** Grows with every snapshot: a new run has to be told which sample is watched. */
const generation = computed(() => (runView.value.kind === 'run' ? runView.value.generation : 0));

/** Tells the host which sample to watch, at first and whenever it changes. */
export function announceSample(): void {
  effect(() => {
    const view = runView.peek();
    if (generation.value === 0 || view.kind !== 'run') return;
    post({ kind: 'watchSample', sample: Math.min(sample.value, view.snapshot.network.batchSize - 1) });
  });
}
