import * as vscode from 'vscode';
import type { BackendName } from '../protocol/network.ts';
import type { RunState } from '../protocol/position.ts';
import type { RunSnapshot } from '../protocol/webview.ts';
import { describePosition } from '../session/describe.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import { documentOf } from './documents.ts';

const icons: Record<RunState, string> = {
  starting: 'loading~spin',
  paused: 'debug-pause',
  // Not one that turns: where no graphics card draws the window, each turn costs as much as the panels do.
  running: 'pulse',
  finished: 'check',
  failed: 'error',
  stopped: 'debug-stop',
};

const backends: Record<BackendName, string> = {
  compiled: 'WebAssembly',
  hybrid: 'WebAssembly + TensorFlow',
  tensorflow: 'TensorFlow',
};

/** In a free run, whose numbers nobody reads as fast as they come. */
const millisecondsBetweenUpdates = 250;

/** Where the current run stands, its loss and what computes it. */
export function createStatusBar(sessions: Sessions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('unroll.status', vscode.StatusBarAlignment.Left);
  item.name = vscode.l10n.t('Unroll: Position');
  item.command = 'unroll.showUnrolled';
  const update = () => {
    const { current } = sessions;
    const snapshot = current?.snapshot;
    // What is starting shows its own progress.
    if (!snapshot || snapshot.state === 'starting') {
      item.hide();
      return;
    }
    const isEdited = isEditedSince(current);
    item.text = statusText(snapshot) + (isEdited ? vscode.l10n.t(' · edited since the start') : '');
    item.tooltip = tooltip(snapshot, vscode.Uri.parse(current.uri), isEdited);
    item.backgroundColor =
      snapshot.state === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    item.show();
  };
  sessions.on('current', update);
  let waiting: NodeJS.Timeout | undefined;
  const updateSoon = () => {
    if (waiting) return;
    waiting = setTimeout(() => {
      waiting = undefined;
      update();
    }, millisecondsBetweenUpdates);
  };
  sessions.on('changed', (session) => {
    if (session !== sessions.current) return;
    if (session.state === 'running') updateSoon();
    else update();
  });
  const edits = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    if (document.uri.toString() === sessions.current?.uri) update();
  });
  return vscode.Disposable.from(item, edits, new vscode.Disposable(() => clearTimeout(waiting)));
}

/** Whether the run is of a text that is no longer the file's. */
function isEditedSince(session: Session): boolean {
  const document = documentOf(session);
  return document !== undefined && document.getText() !== session.text;
}

function statusText({ state, frame, backend, metrics }: RunSnapshot): string {
  // Between the start of an iteration and its loss, the last iteration's says more than nothing.
  const loss = frame.loss ?? metrics.at(-1)?.loss;
  const parts = [describePosition(frame.position, frame.timeSteps)];
  if (loss !== undefined) parts.push(vscode.l10n.t('loss {0}', loss.toPrecision(4)));
  parts.push(backends[backend.name]);
  return `$(${icons[state]}) ${parts.join(' · ')}`;
}

function tooltip(
  { network, backend }: RunSnapshot,
  uri: vscode.Uri,
  isEdited: boolean,
): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const { iterationsPerEpoch, epochs, parameterCount } = network;
  text.appendMarkdown(`**${vscode.workspace.asRelativePath(uri)}**\n\n`);
  text.appendText(
    vscode.l10n.t(
      '{0} parameters, {1} epochs of {2} iterations',
      parameterCount.toLocaleString(vscode.env.language),
      epochs,
      iterationsPerEpoch,
    ),
  );
  if (isEdited) {
    text.appendMarkdown('\n\n');
    text.appendText(
      vscode.l10n.t('This run is of the file as it was at the start: restart to run it as it is now.'),
    );
  }
  text.appendMarkdown('\n\n');
  text.appendText(`${backend.label}: ${backend.reason}`);
  return text;
}
