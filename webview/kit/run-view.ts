import type { Frame, HeatmapReading } from '../../src/protocol/frame.ts';
import { mostCurvePoints, thinMetrics } from '../../src/protocol/metrics.ts';
import type { PanelFrame, PanelReading, RunSnapshot, ToWebview } from '../../src/protocol/webview.ts';

/** What a panel knows of the run. */
export type RunView =
  /** The host has not answered yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'noRun' }
  | {
      readonly kind: 'run';
      readonly snapshot: RunSnapshot;
      /** Grows with every snapshot message: a new run, or the panel was hidden in between. */
      readonly generation: number;
    };

/** The view after a message. Progress without a run to belong to is old news and changes nothing. */
export function receive(view: RunView, message: ToWebview): RunView {
  switch (message.kind) {
    case 'noRun':
      return { kind: 'noRun' };
    case 'snapshot':
      return {
        kind: 'run',
        snapshot: { ...message.snapshot, frame: frameOf(message.snapshot.frame) },
        generation: view.kind === 'run' ? view.generation + 1 : 1,
      };
    case 'progress': {
      if (view.kind !== 'run') return view;
      const { state } = message;
      const frame = frameOf(message.frame);
      const { snapshot } = view;
      const metrics =
        message.metrics.length > 0
          ? thinMetrics([...snapshot.metrics, ...message.metrics], mostCurvePoints)
          : snapshot.metrics;
      return { ...view, snapshot: { ...snapshot, state, frame, metrics } };
    }
    case 'reading': {
      if (view.kind !== 'run') return view;
      const frame = { ...view.snapshot.frame, reading: readingOf(message.reading) };
      return { ...view, snapshot: { ...view.snapshot, frame } };
    }
  }
}

function frameOf(frame: PanelFrame): Frame {
  const loss = frame.loss === undefined ? undefined : Number(frame.loss);
  return { ...frame, loss, reading: readingOf(frame.reading) };
}

function readingOf(reading: PanelReading | undefined): HeatmapReading | undefined {
  return reading && { ...reading, value: Number(reading.value) };
}
