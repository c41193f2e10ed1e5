import * as vscode from 'vscode';
import type { Panels } from './panels.ts';
import type { RunControl } from './run-control.ts';

/** Every command that the extension contributes, and what it does. */
export function registerCommands(control: RunControl, panels: Panels): vscode.Disposable {
  const table: Record<string, () => unknown> = {
    'unroll.step': () => control.obey({ kind: 'step', granularity: 'timeStep' }),
    'unroll.stepPhase': () => control.obey({ kind: 'step', granularity: 'phase' }),
    'unroll.stepIteration': () => control.obey({ kind: 'step', granularity: 'iteration' }),
    'unroll.train': () => control.obey({ kind: 'train' }),
    'unroll.pause': () => control.obey({ kind: 'pause' }),
    'unroll.restart': () => control.obey({ kind: 'restart' }),
    'unroll.stop': () => control.obey({ kind: 'stop' }),
    'unroll.showUnrolled': () => panels.showUnrolled(),
  };
  const commands = Object.entries(table).map(([id, run]) => vscode.commands.registerCommand(id, run));
  return vscode.Disposable.from(...commands);
}
