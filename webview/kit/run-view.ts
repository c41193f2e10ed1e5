import type { Frame } from '../../src/protocol/frame.ts';
import type { PanelFrame, RunSnapshot, ToWebview } from '../../src/protocol/webview.ts';

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
        message.metrics.length > 0 ? [...snapshot.metrics, ...message.metrics] : snapshot.metrics;
      return { ...view, snapshot: { ...snapshot, state, frame, metrics } };
    }
  }
}

function frameOf(frame: PanelFrame): Frame {
  return { ...frame, loss: frame.loss === undefined ? undefined : Number(frame.loss) };
}
