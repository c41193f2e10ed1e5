import * as vscode from 'vscode';
import { type AdjointView, placeOf } from './adjoint-view.ts';
import type { GradientChecks } from './gradient-checks.ts';
import type { Panels } from './panels.ts';
import type { RunControl } from './run-control.ts';
import { lensTarget } from './run-target.ts';

interface CommandRooms {
  readonly control: RunControl;
  readonly panels: Panels;
  readonly gradients: GradientChecks;
  readonly adjoint: AdjointView;
}

/** Every command that the extension contributes, and what it does. Code lenses say what to run, the others do not. */
export function registerCommands({ control, panels, gradients, adjoint }: CommandRooms): vscode.Disposable {
  const table: Record<string, (argument: unknown) => unknown> = {
    'unroll.step': (argument) =>
      control.obey({ kind: 'step', granularity: 'timeStep' }, lensTarget(argument)),
    'unroll.stepPhase': () => control.obey({ kind: 'step', granularity: 'phase' }),
    'unroll.stepIteration': () => control.obey({ kind: 'step', granularity: 'iteration' }),
    'unroll.train': (argument) => control.obey({ kind: 'train' }, lensTarget(argument)),
    'unroll.checkGradients': (argument) => gradients.check(lensTarget(argument) ?? control.meant),
    'unroll.pause': () => control.obey({ kind: 'pause' }),
    'unroll.restart': () => control.obey({ kind: 'restart' }),
    'unroll.stop': () => control.obey({ kind: 'stop' }),
    'unroll.showUnrolled': () => panels.showUnrolled(),
    'unroll.showAdjointEquations': (argument) => adjoint.show(placeOf(argument)),
  };
  const commands = Object.entries(table).map(([id, run]) => vscode.commands.registerCommand(id, run));
  return vscode.Disposable.from(...commands);
}
