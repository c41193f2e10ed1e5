import { computed, effect, signal } from '@preact/signals';
import type { GatesWatch, HeatmapCell } from '../../src/protocol/frame.ts';
import { runView } from '../kit/connection.ts';
import { post } from '../kit/host.ts';
import { oneOf, savedSignal } from '../kit/saved-signal.ts';
import { mostHeight } from './grid.ts';
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

/** The value that is being read. */
export const cursor = signal<HeatmapCell | undefined>(undefined);

/** Of a heatmap, in CSS pixels; a guess until the first is laid out. */
const width = signal(512);
const millisecondsUntilSettled = 150;
let resizing: ReturnType<typeof setTimeout> | undefined;

/** A heatmap has been laid out so wide; while its panel is being dragged it changes with every pixel. */
export function setWidth(pixels: number): void {
  clearTimeout(resizing);
  resizing = setTimeout(() => {
    width.value = pixels;
  }, millisecondsUntilSettled);
}

/** What is asked of the engine; absent while there is no recurrent layer to look at. */
export const watch = computed<GatesWatch | undefined>(() => {
  const view = runView.value;
  if (view.kind !== 'run') return undefined;
  const layers = recurrentLayers(view.snapshot.network);
  const chosen = layers.find(({ id }) => id === layer.value) ?? layers[0];
  if (!chosen) return undefined;
  const units = Math.max(...chosen.quantities.map(({ size }) => size));
  // No more than there are values, so that a picture that fits is not asked for again when its panel is resized.
  const pixels = {
    across: Math.min(view.snapshot.frame.timeSteps, Math.floor(width.value * devicePixelRatio)),
    down: Math.min(units, Math.floor(mostHeight * devicePixelRatio)),
  };
  return {
    layer: chosen.id,
    show: show.value,
    of: of.value,
    preActivations: preActivations.value,
    pixels,
  };
});

/** Grows with every snapshot: a new run has to be told what is watched. */
const generation = computed(() => (runView.value.kind === 'run' ? runView.value.generation : 0));
/** As text, which is equal when the choice is: a signal of objects would change with every frame. */
const request = computed(() => watch.value && JSON.stringify(watch.value));
const cell = computed(() => cursor.value && JSON.stringify(cursor.value));

/** Tells the host what is watched and which value is being read, at first and whenever it changes. */
export function announceChoices(): void {
  effect(() => {
    if (generation.value === 0 || request.value === undefined) return;
    const gates = watch.peek();
    if (gates) post({ kind: 'watchGates', gates });
  });
  let isReading = false;
  effect(() => {
    if (generation.value === 0 || (cell.value === undefined && !isReading)) return;
    isReading = cell.value !== undefined;
    post({ kind: 'read', cell: cursor.peek() });
  });
}
