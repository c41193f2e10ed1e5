import * as vscode from 'vscode';
import type { Granularity } from '../protocol/position.ts';
import type { RunCommand } from '../protocol/webview.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import type { RunDocuments } from './documents.ts';
import { backendChoice, engineLaunch } from './settings.ts';

interface RunControlOptions {
  readonly extensionUri: vscode.Uri;
  readonly sessions: Sessions;
  readonly documents: RunDocuments;
}

/** What the buttons do, wherever they are. */
export class RunControl {
  readonly #options: RunControlOptions;

  constructor(options: RunControlOptions) {
    this.#options = options;
  }

  /** Obeys a button; those in a panel mean the run that it shows, others the document that is being looked at. */
  async obey(command: RunCommand, uri = this.#options.documents.meant): Promise<void> {
    if (!uri) {
      void vscode.window.showErrorMessage(vscode.l10n.t('Open a .rnn file to run it.'));
      return;
    }
    const session = this.#options.sessions.get(uri.toString());
    switch (command.kind) {
      case 'step':
        // The first press only starts: it shows the network before its first time step.
        if (!session || session.needsStart) await this.start(uri);
        else this.#step(session, command.granularity);
        break;
      case 'train':
        if (!session || session.needsStart) await this.start(uri);
        this.#train(uri);
        break;
      case 'pause':
        session?.pause();
        break;
      case 'restart':
        await this.start(uri);
        break;
      case 'stop':
        await session?.stop();
        break;
    }
  }

  /** Starts a run with the document's text as it stands in the editor, ending the run that there may be. */
  async start(uri: vscode.Uri): Promise<void> {
    if (!vscode.workspace.isTrusted) return askForTrust();
    if (uri.scheme !== 'file') {
      const message = vscode.l10n.t('Save this file to disk to run it: its data is looked for beside it.');
      void vscode.window.showErrorMessage(message);
      return;
    }
    const { extensionUri, sessions } = this.#options;
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    const starting = sessions.open(uri.toString()).start({
      text,
      backend: backendChoice(),
      launch: engineLaunch(extensionUri),
    });
    const title = vscode.l10n.t('Unroll: starting the engine…');
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => starting);
  }

  #step(session: Session, granularity: Granularity): void {
    if (!session.step(granularity)) explainRefusal(session, () => this.start(vscode.Uri.parse(session.uri)));
  }

  #train(uri: vscode.Uri): void {
    const session = this.#options.sessions.get(uri.toString());
    // A start that failed has said so.
    if (!session || session.needsStart) return;
    if (!session.train()) explainRefusal(session, () => this.start(uri));
  }
}

async function askForTrust(): Promise<void> {
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const choice = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'Training reads the data files that the model names, so it needs a workspace that you trust.',
    ),
    manage,
  );
  if (choice === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}

async function explainRefusal(session: Session, restart: () => Promise<void>): Promise<void> {
  if (session.state === 'paused' || session.state === 'starting') {
    const message = vscode.l10n.t('Unroll: too many steps are waiting; this press was not taken.');
    vscode.window.setStatusBarMessage(message, 3000);
    return;
  }
  const again = vscode.l10n.t('Restart');
  const message =
    session.state === 'finished'
      ? vscode.l10n.t('This run has finished all of its epochs.')
      : vscode.l10n.t('This run diverged and cannot go on; its last values can still be looked at.');
  if ((await vscode.window.showInformationMessage(message, again)) === again) await restart();
}
