import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { PanelName } from '../protocol/webview.ts';

const bundles: Record<PanelName, string> = {
  unrolled: 'unrolled',
  gates: 'gates',
  gradientFlow: 'gradient-flow',
  training: 'training',
};

export function resourceRoots(extensionUri: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extensionUri, 'dist', 'webview'), vscode.Uri.joinPath(extensionUri, 'media')];
}

/** A panel's page: its own script and style sheet, and nothing from anywhere else. */
export function panelHtml(panel: PanelName, webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64url');
  const resource = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', name));
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${resource(`${bundles[panel]}.css`)}">
</head>
<body>
  <div id="app"></div>
  <script type="module" nonce="${nonce}" src="${resource(`${bundles[panel]}.js`)}"></script>
</body>
</html>`;
}
