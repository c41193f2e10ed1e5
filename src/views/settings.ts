import * as vscode from 'vscode';
import type { BackendChoice } from '../protocol/network.ts';
import type { EngineLaunch } from '../session/engine-process.ts';

export function backendChoice(): BackendChoice {
  return vscode.workspace.getConfiguration('unroll').get<BackendChoice>('backend', 'auto');
}

export function engineLaunch(extensionUri: vscode.Uri): EngineLaunch {
  const folder = vscode.workspace.getConfiguration('unroll').get<string>('tfjsNodeFolder', '').trim();
  return {
    enginePath: vscode.Uri.joinPath(extensionUri, 'dist', 'engine.cjs').fsPath,
    environment: {
      ...process.env,
      // On the desktop the extension host is Electron, which has to be told to be plain Node.
      ELECTRON_RUN_AS_NODE: '1',
      ...(folder === '' ? {} : { UNROLL_TFJS_NODE_FOLDER: folder }),
    },
  };
}
