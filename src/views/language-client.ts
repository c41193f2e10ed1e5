import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { Sessions } from '../session/sessions.ts';
import { hoverWithMeasures } from './measured-hover.ts';
import { provideCodeLenses } from './training-lenses.ts';

/** The client of the language server, which runs in a process of its own. */
export function createLanguageClient(
  extensionUri: vscode.Uri,
  sessions: Sessions,
  log: vscode.LogOutputChannel,
): LanguageClient {
  const middleware = { provideCodeLenses, provideHover: hoverWithMeasures(sessions) };
  const path = (name: string) => vscode.Uri.joinPath(extensionUri, name).fsPath;
  const server = {
    module: path('dist/server.cjs'),
    args: [path('dist/prelude.rnn'), path('docs/diagnostics')],
    transport: TransportKind.ipc,
  };
  return new LanguageClient(
    'unroll',
    vscode.l10n.t('Unroll Language Server'),
    { run: server, debug: { ...server, options: { execArgv: ['--nolazy', '--inspect=6009'] } } },
    { documentSelector: [{ language: 'rnn' }], outputChannel: log, middleware },
  );
}
