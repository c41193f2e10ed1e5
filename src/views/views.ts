import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { Sessions } from '../session/sessions.ts';
import { AdjointView } from './adjoint-view.ts';
import { registerCommands } from './commands.ts';
import { RunDocuments } from './documents.ts';
import { reportFailures } from './failures.ts';
import { GradientChecks } from './gradient-checks.ts';
import { Panels } from './panels.ts';
import { RunControl } from './run-control.ts';
import { followState } from './state-context.ts';
import { createStatusBar } from './status-bar.ts';

/** Everything that a window shows of the sessions, and the buttons that drive them. */
export function createViews(
  extensionUri: vscode.Uri,
  sessions: Sessions,
  client: LanguageClient,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const documents = new RunDocuments(sessions, extensionUri);
  const control = new RunControl({ extensionUri, sessions, documents });
  const panels = new Panels({
    extensionUri,
    sessions,
    log,
    run: (command) =>
      control.obey(command, sessions.current && { uri: vscode.Uri.parse(sessions.current.uri) }),
  });
  const adjoint = new AdjointView(client);
  const gradients = new GradientChecks({ extensionUri, sessions, log });
  sessions.on('output', (_, line) => log.info(line));
  return vscode.Disposable.from(
    panels.register(),
    adjoint.register(),
    registerCommands({ control, panels, gradients, adjoint }),
    createStatusBar(sessions),
    followState(sessions, documents),
    reportFailures({ sessions, log, restart: (uri) => control.start({ uri }) }),
  );
}
