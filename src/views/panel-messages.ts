import * as v from 'valibot';
import type { Frame, HeatmapReading } from '../protocol/frame.ts';
import type {
  FromWebview,
  NumberOrName,
  PanelFrame,
  PanelName,
  PanelReading,
  RunSnapshot,
} from '../protocol/webview.ts';

const granularity = v.picklist(['timeStep', 'phase', 'iteration']);

const runCommand = v.variant('kind', [
  v.object({ kind: v.literal('step'), granularity }),
  v.object({ kind: v.picklist(['train', 'pause', 'restart', 'stop']) }),
]);

/** More than any screen has. */
const pixels = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000));

const gatesWatch = v.object({
  layer: v.string(),
  show: v.picklist(['value', 'adjoint']),
  of: v.picklist(['batchMean', 'sample']),
  preActivations: v.boolean(),
  pixels: v.object({ across: pixels, down: pixels }),
});

const index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const cell = v.object({ quantity: v.string(), t: v.pipe(index, v.minValue(1)), unit: index });

const read = v.pipe(
  v.object({ kind: v.literal('read'), cell: v.optional(cell) }),
  v.transform(({ kind, cell }) => ({ kind, cell })),
);

const reveal = v.pipe(
  v.object({ kind: v.literal('reveal'), layer: v.string(), quantity: v.optional(v.string()) }),
  // What is undefined gets lost on the way here.
  v.transform(({ quantity, ...rest }) => ({ ...rest, quantity })),
);

const fromWebview: v.GenericSchema<unknown, FromWebview> = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('painted'), milliseconds: v.pipe(v.number(), v.finite(), v.minValue(0)) }),
  v.object({ kind: v.literal('run'), command: runCommand }),
  v.object({ kind: v.literal('watchGates'), gates: gatesWatch }),
  read,
  v.object({ kind: v.literal('watchSample'), sample: index }),
  reveal,
]);

/** The message that a webview sent, or what is wrong with it. */
export function parseFromWebview(message: unknown): { message: FromWebview } | { problem: string } {
  const result = v.safeParse(fromWebview, message);
  if (result.success) return { message: result.output };
  return { problem: v.summarize(result.issues) };
}

/** What a panel draws of a frame; the rest would be copied for nothing. */
export function frameFor(panel: PanelName, frame: Frame): PanelFrame {
  const reading = frame.reading && panelReading(frame.reading);
  const loss = frame.loss === undefined ? undefined : numberOrName(frame.loss);
  const nothing = { norms: [], heatmaps: [], reading: undefined, sample: undefined };
  switch (panel) {
    case 'unrolled':
      return { ...frame, ...nothing, loss, norms: frame.norms, sample: frame.sample };
    case 'gates':
      return { ...frame, ...nothing, loss, heatmaps: frame.heatmaps, reading };
    case 'gradientFlow':
      return {
        ...frame,
        ...nothing,
        loss,
        norms: frame.norms.filter((series) => series.content === 'adjoint'),
      };
    case 'training':
      return { ...frame, ...nothing, loss };
  }
}

export function panelReading(reading: HeatmapReading): PanelReading {
  return { ...reading, value: numberOrName(reading.value) };
}

function numberOrName(value: number): NumberOrName {
  return Number.isFinite(value) ? value : (String(value) as NumberOrName);
}

/** Curves have no place for a point that is not a number; that a run diverged is told by its failure. */
export function plottable(metrics: RunSnapshot['metrics']): RunSnapshot['metrics'] {
  return metrics.filter(
    ({ loss, gradientNorm, clippedGradientNorm }) =>
      Number.isFinite(loss) && Number.isFinite(gradientNorm) && Number.isFinite(clippedGradientNorm),
  );
}
