import * as vscode from 'vscode';
import type { Failure, Problem } from '../protocol/failure.ts';
import type { Session } from '../session/session.ts';
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
    if (failure.kind === 'source' || failure.kind === 'data') {
      underline(diagnostics, failure.problems);
      void offerPlace(failure.message, failure.problems[0]);
    } else void offerRestart(session, failure);
  });

  async function offerPlace(message: string, problem: Problem | undefined): Promise<void> {
    const show = vscode.l10n.t('Show');
    const choice = await vscode.window.showErrorMessage(message, ...(problem ? [show] : []));
    if (choice === show && problem) await revealSource(problem.source);
  }

  async function offerRestart(session: Session, { message }: Failure): Promise<void> {
    const again = vscode.l10n.t('Restart');
    const showLog = vscode.l10n.t('Show Log');
    const choice = await vscode.window.showErrorMessage(message, again, showLog);
    if (choice === again) restart(vscode.Uri.parse(session.uri));
    if (choice === showLog) log.show();
  }

  const edits = vscode.workspace.onDidChangeTextDocument(({ document }) => diagnostics.delete(document.uri));
  return vscode.Disposable.from(diagnostics, edits);
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
