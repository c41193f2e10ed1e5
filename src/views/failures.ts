import * as vscode from 'vscode';
import type { Problem } from '../protocol/failure.ts';
import type { Sessions } from '../session/sessions.ts';
import { revealSource, toRange } from './documents.ts';

interface FailuresOptions {
  readonly sessions: Sessions;
  readonly log: vscode.LogOutputChannel;
  readonly restart: (uri: vscode.Uri) => void;
}

/** Tells why a run failed: once, at its place where it has one, and with the way out. */
export function reportFailures({ sessions, log, restart }: FailuresOptions): vscode.Disposable {
  const diagnostics = vscode.languages.createDiagnosticCollection('unroll run');
  sessions.on('changed', (session) => {
    if (session.state === 'starting') diagnostics.delete(vscode.Uri.parse(session.uri));
  });
  sessions.on('failed', (session, failure) => {
    log.error(`${session.uri}: ${failure.message}`);
    const again = { [vscode.l10n.t('Restart')]: () => restart(vscode.Uri.parse(session.uri)) };
    const showLog = { [vscode.l10n.t('Show Log')]: () => log.show() };
    switch (failure.kind) {
      case 'source':
      case 'data': {
        underline(diagnostics, failure.problems);
        const [problem] = failure.problems;
        const show = () => problem && revealSource(problem.source);
        void offer(failure.message, problem ? { [vscode.l10n.t('Show')]: show } : {});
        break;
      }
      case 'backend':
        void offer(failure.message, { [vscode.l10n.t('Open Settings')]: openSettings, ...showLog });
        break;
      case 'diverged':
      case 'engineDied':
      case 'internal':
        void offer(failure.message, { ...again, ...showLog });
        break;
    }
  });

  const edits = vscode.workspace.onDidChangeTextDocument(({ document }) => diagnostics.delete(document.uri));
  return vscode.Disposable.from(diagnostics, edits);
}

/** Shows an error with a button for each way out, by its label. */
async function offer(message: string, waysOut: Readonly<Record<string, () => unknown>>): Promise<void> {
  const choice = await vscode.window.showErrorMessage(message, ...Object.keys(waysOut));
  if (choice !== undefined) await waysOut[choice]?.();
}

function openSettings(): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.action.openSettings', '@ext:unroll.unroll');
}

/** Underlines the problems of places where the language server, which knows less of the data, has found none. */
function underline(collection: vscode.DiagnosticCollection, problems: readonly Problem[]): void {
  for (const { source, message } of problems) {
    const uri = vscode.Uri.parse(source.uri);
    const diagnostic = new vscode.Diagnostic(toRange(source), message);
    diagnostic.source = 'unroll';
    const isKnown = vscode.languages
      .getDiagnostics(uri)
      .some(({ severity, range }) => severity === diagnostic.severity && range.isEqual(diagnostic.range));
    if (!isKnown) collection.set(uri, [...(collection.get(uri) ?? []), diagnostic]);
  }
}
