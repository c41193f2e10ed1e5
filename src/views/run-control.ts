import * as vscode from 'vscode';
import type { Granularity } from '../protocol/position.ts';
import type { RunCommand } from '../protocol/webview.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import type { RunDocuments } from './documents.ts';
import { type RunTarget, runnableText } from './run-target.ts';
import { backendChoice, engineLaunch } from './settings.ts';
import { trainBlockOf } from './train-block.ts';

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
  async obey(command: RunCommand, target = this.meant): Promise<void> {
    if (!target) {
      void vscode.window.showErrorMessage(vscode.l10n.t('Open a .rnn file to run it.'));
      return;
    }
    const { uri, block } = target;
    const session = this.#options.sessions.get(uri.toString());
    const runs = session && !session.needsStart && (!block || block.name === session.trainBlock);
    switch (command.kind) {
      case 'step':
        // The first press only starts: it shows the network before its first time step.
        if (runs) this.#step(session, command.granularity);
        else await this.start(target);
        break;
      case 'train':
        if (!runs) await this.start(target);
        this.#train(uri);
        break;
      case 'pause':
        session?.pause();
        break;
      case 'restart':
        await this.start(target);
        break;
      case 'stop':
        await session?.stop();
        break;
    }
  }

  /** The document that a command means that names none. */
  get meant(): RunTarget | undefined {
    const uri = this.#options.documents.meant;
    return uri && { uri };
  }

  /** Starts a run with the document's text as it stands in the editor, ending the run that there may be. */
  async start({ uri, block }: RunTarget): Promise<void> {
    const text = await runnableText(uri);
    if (text === undefined) return;
    const { extensionUri, sessions } = this.#options;
    const session = sessions.open(uri.toString());
    const starting = session.start({
      text,
      train: trainBlockOf(block, session.trainBlock, text),
      backend: backendChoice(),
      launch: engineLaunch(extensionUri),
    });
    const title = vscode.l10n.t('Unroll: starting the engine…');
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => starting);
  }

  #step(session: Session, granularity: Granularity): void {
    if (!session.step(granularity))
      explainRefusal(session, () => this.start({ uri: vscode.Uri.parse(session.uri) }));
  }

  #train(uri: vscode.Uri): void {
    const session = this.#options.sessions.get(uri.toString());
    // A start that failed has said so.
    if (!session || session.needsStart) return;
    if (!session.train()) explainRefusal(session, () => this.start({ uri }));
  }
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
