import * as vscode from 'vscode';
import type { Sessions } from '../session/sessions.ts';
import type { RunDocuments } from './documents.ts';

/**
 * Keeps the context key `unroll.state` at the state of the run that the buttons in a title bar mean, which is
 * `stopped` where there is none.
 */
export function followState(sessions: Sessions, documents: RunDocuments): vscode.Disposable {
  let shown: string | undefined;
  const update = () => {
    const uri = documents.meant;
    const state = (uri && sessions.get(uri.toString())?.state) ?? 'stopped';
    if (state === shown) return;
    shown = state;
    void vscode.commands.executeCommand('setContext', 'unroll.state', state);
  };
  const visit = () => {
    if (documents.active) sessions.visit(documents.active.toString());
    update();
  };
  sessions.on('current', update);
  sessions.on('changed', update);
  visit();
  return vscode.window.onDidChangeActiveTextEditor(visit);
}
