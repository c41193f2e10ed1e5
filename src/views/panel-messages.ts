import * as v from 'valibot';
import type { Frame } from '../protocol/frame.ts';
import type { FromWebview, NumberOrName, PanelFrame, PanelName, RunSnapshot } from '../protocol/webview.ts';

const granularity = v.picklist(['timeStep', 'phase', 'iteration']);

const runCommand = v.variant('kind', [
  v.object({ kind: v.literal('step'), granularity }),
  v.object({ kind: v.picklist(['train', 'pause', 'restart', 'stop']) }),
]);

const gatesWatch = v.object({
  layer: v.string(),
  show: v.picklist(['value', 'adjoint']),
  of: v.picklist(['batchMean', 'sample']),
});

const reveal = v.pipe(
  v.object({ kind: v.literal('reveal'), layer: v.string(), quantity: v.optional(v.string()) }),
  // What is undefined gets lost on the way here.
  v.transform(({ quantity, ...rest }) => ({ ...rest, quantity })),
);

const fromWebview: v.GenericSchema<unknown, FromWebview> = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('run'), command: runCommand }),
  v.object({ kind: v.literal('watchGates'), gates: gatesWatch }),
  v.object({ kind: v.literal('watchSample'), sample: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
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
  const loss = frame.loss === undefined ? undefined : numberOrName(frame.loss);
  switch (panel) {
    case 'unrolled':
      return { ...frame, loss, heatmaps: [] };
    case 'gates':
      return { ...frame, loss, norms: [] };
    case 'gradientFlow': {
      const norms = frame.norms.filter((series) => series.content === 'adjoint');
      return { ...frame, loss, norms, heatmaps: [], sample: undefined };
    }
    case 'training':
      return { ...frame, loss, norms: [], heatmaps: [], sample: undefined };
  }
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
