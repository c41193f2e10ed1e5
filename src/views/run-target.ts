import * as vscode from 'vscode';

/** What a command is to run. */
export interface RunTarget {
  readonly uri: vscode.Uri;
  /** The `train` block, which may have no name; absent: the one that ran last, else the first. */
  readonly block?: { readonly name: string | undefined };
}

/** What a code lens means, by the argument that the language server gave it; title bars and keys give others or none. */
export function lensTarget(argument: unknown): RunTarget | undefined {
  if (typeof argument !== 'object' || argument === null || !('uri' in argument)) return undefined;
  const { uri } = argument;
  if (typeof uri !== 'string') return undefined;
  const name = 'name' in argument && typeof argument.name === 'string' ? argument.name : undefined;
  return { uri: vscode.Uri.parse(uri), block: { name } };
}

/** The text to run as it stands in the editor; where it may not run, tells why. */
export async function runnableText(uri: vscode.Uri): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted) {
    await askForTrust();
    return undefined;
  }
  if (uri.scheme !== 'file') {
    const message = vscode.l10n.t('Save this file to disk to run it: its data is looked for beside it.');
    void vscode.window.showErrorMessage(message);
    return undefined;
  }
  return (await vscode.workspace.openTextDocument(uri)).getText();
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
