import { computed, effect } from '@preact/signals';
import type { GatesWatch } from '../../src/protocol/frame.ts';
import { runView } from '../kit/connection.ts';
import { post } from '../kit/host.ts';
import { oneOf, savedSignal } from '../kit/saved-signal.ts';
import { recurrentLayers } from './pictures.ts';

export const show = savedSignal<GatesWatch['show']>('show', 'value', oneOf(['value', 'adjoint']));
export const of = savedSignal<GatesWatch['of']>('of', 'batchMean', oneOf(['batchMean', 'sample']));
export const preActivations = savedSignal(
  'preActivations',
  false,
  (value): value is boolean => typeof value === 'boolean',
);
/** A layer's id; '' until one was chosen. */
export const layer = savedSignal('layer', '', (value): value is string => typeof value === 'string');

/** What is asked of the engine; absent while there is no recurrent layer to look at. */
export const watch = computed<GatesWatch | undefined>(() => {
  const view = runView.value;
  if (view.kind !== 'run') return undefined;
  const layers = recurrentLayers(view.snapshot.network);
  const chosen = layers.find(({ id }) => id === layer.value) ?? layers[0];
  return chosen && { layer: chosen.id, show: show.value, of: of.value };
});

/** Grows with every snapshot: a new run has to be told what is watched. */
const generation = computed(() => (runView.value.kind === 'run' ? runView.value.generation : 0));
/** As text, which is equal when the choice is: a signal of objects would change with every frame. */
const request = computed(() => watch.value && JSON.stringify(watch.value));

/** Tells the host what to watch, at first and whenever it changes. */
export function announceWatch(): void {
  effect(() => {
    if (generation.value === 0 || request.value === undefined) return;
    const gates = watch.peek();
    if (gates) post({ kind: 'watchGates', gates });
  });
}
