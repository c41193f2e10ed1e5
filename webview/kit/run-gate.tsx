import type { ComponentChild } from 'preact';
import type { RunState } from '../../src/protocol/position.ts';
import type { RunSnapshot } from '../../src/protocol/webview.ts';
import { runView } from './connection.ts';

interface RunGateProps {
  /** What the panel will show, one sentence. */
  readonly promise: string;
  readonly children: (snapshot: RunSnapshot) => ComponentChild;
}

/** Shows a panel's content while there is a run, and what to do next while there is none. */
export function RunGate({ promise, children }: RunGateProps) {
  const view = runView.value;
  switch (view.kind) {
    case 'waiting':
      return <main class="panel" aria-busy="true" />;
    case 'noRun':
      return (
        <main class="panel empty-state" data-testid="empty-state">
          <p>No run yet. Press the step button in the title bar of a .rnn file to start.</p>
          <p class="muted">{promise}</p>
        </main>
      );
    case 'run':
      return (
        <main class="panel" data-testid="panel" data-run-state={view.snapshot.state}>
          <RunNotice state={view.snapshot.state} />
          {children(view.snapshot)}
        </main>
      );
  }
}

function RunNotice({ state }: { readonly state: RunState }) {
  const text = noticeOf(state);
  return text === undefined ? null : (
    <p class="notice" role="status" data-testid="run-notice">
      {text}
    </p>
  );
}

function noticeOf(state: RunState): string | undefined {
  switch (state) {
    case 'failed':
      return 'The run failed. The last values are still shown; restart to try again.';
    case 'stopped':
      return 'The run was stopped. Its last values are still shown; step or train to start anew.';
    case 'starting':
      return 'The engine is starting…';
    case 'finished':
      return 'All epochs are done. Restart to train anew.';
    case 'paused':
    case 'running':
      return undefined;
  }
}
