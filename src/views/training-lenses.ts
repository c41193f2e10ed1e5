import * as vscode from 'vscode';
import type { LanguageClient, Middleware } from 'vscode-languageclient/node';

const trainingCommands: ReadonlySet<string> = new Set([
  'unroll.train',
  'unroll.step',
  'unroll.checkGradients',
]);

/** Leaves out the lenses that run something while the workspace is not trusted. */
export const provideCodeLenses: NonNullable<Middleware['provideCodeLenses']> = async (
  document,
  token,
  next,
) => {
  const lenses = await next(document, token);
  if (vscode.workspace.isTrusted) return lenses;
  return lenses?.filter(({ command }) => command === undefined || !trainingCommands.has(command.command));
};

/** They appear when the workspace becomes trusted. */
export function refreshWhenTrusted(client: LanguageClient): vscode.Disposable {
  return vscode.workspace.onDidGrantWorkspaceTrust(() => {
    const lenses = client.getFeature('textDocument/codeLens');
    for (const document of vscode.workspace.textDocuments) {
      lenses.getProvider(document)?.onDidChangeCodeLensEmitter.fire();
    }
  });
}
