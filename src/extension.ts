import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { Sessions } from './session/sessions.ts';
import { createLanguageClient } from './views/language-client.ts';
import { refreshWhenTrusted } from './views/training-lenses.ts';
import { createViews } from './views/views.ts';

let client: LanguageClient | undefined;
const sessions = new Sessions();

export function activate({ extensionUri, subscriptions }: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Unroll', { log: true });
  client = createLanguageClient(extensionUri, sessions, log);
  subscriptions.push(log, createViews(extensionUri, sessions, client, log), refreshWhenTrusted(client));
  // Without its language server, which tells of its failure itself, a file can still be stepped through.
  client.start().catch((error: unknown) => log.error(String(error)));
}

/** Leaves no process behind. */
export async function deactivate(): Promise<void> {
  await Promise.all([sessions.stopAll(), client?.stop()]);
}
