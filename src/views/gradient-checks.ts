import * as vscode from 'vscode';
import {
  type GradientReport,
  gradientSummary,
  gradientTable,
  verdictOf,
} from '../protocol/gradient-check.ts';
import { checkGradients } from '../session/gradient-check.ts';
import type { Sessions } from '../session/sessions.ts';
import { type RunTarget, runnableText } from './run-target.ts';
import { backendChoice, engineLaunch } from './settings.ts';
import { trainBlockOf } from './train-block.ts';

interface GradientChecksOptions {
  readonly extensionUri: vscode.Uri;
  readonly sessions: Sessions;
  readonly log: vscode.LogOutputChannel;
}

/** Checks gradients on demand and tells what came of it: in a message, and as a table in the log. */
export class GradientChecks {
  readonly #options: GradientChecksOptions;

  constructor(options: GradientChecksOptions) {
    this.#options = options;
  }

  async check(target: RunTarget | undefined): Promise<void> {
    if (!target) {
      void vscode.window.showErrorMessage(vscode.l10n.t('Open a .rnn file to run it.'));
      return;
    }
    const text = await runnableText(target.uri);
    if (text === undefined) return;
    const uri = target.uri.toString();
    const train = trainBlockOf(target.block, this.#options.sessions.get(uri)?.trainBlock, text);
    const task = { uri, text, train, backend: backendChoice() };
    const title = vscode.l10n.t('Unroll: checking gradients…');
    const outcome = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (_, cancellation) => {
        const abort = new AbortController();
        cancellation.onCancellationRequested(() => abort.abort());
        return checkGradients(task, engineLaunch(this.#options.extensionUri), abort.signal);
      },
    );
    if (outcome.kind === 'checked') await this.#tell(outcome.report);
    if (outcome.kind === 'failed') void vscode.window.showErrorMessage(outcome.failure.message);
  }

  async #tell(report: GradientReport): Promise<void> {
    const { log } = this.#options;
    const summary = gradientSummary(report);
    for (const line of [...gradientTable(report), `${summary} ${report.backend.label}.`]) log.info(line);
    const isWrong = report.parameters.some((parameter) => verdictOf(parameter) === 'wrong');
    const show = vscode.l10n.t('Show Log');
    const { showInformationMessage, showWarningMessage } = vscode.window;
    const choice = await (isWrong
      ? showWarningMessage(summary, show)
      : showInformationMessage(summary, show));
    if (choice === show) log.show();
  }
}
