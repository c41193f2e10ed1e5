import type { RunState } from '../../src/protocol/position.ts';
import type { RunCommand } from '../../src/protocol/webview.ts';

export interface RunButton {
  readonly id: 'step' | 'stepPhase' | 'stepIteration' | 'train' | 'pause' | 'restart' | 'stop';
  /** Class of its codicon. */
  readonly icon: string;
  readonly label: string;
  readonly command: RunCommand;
  readonly enabledIn: readonly RunState[];
}

/** Where a run has ended, these two start the next one. */
const mayStart: readonly RunState[] = ['paused', 'failed', 'stopped'];

export const runButtons: readonly RunButton[] = [
  {
    id: 'step',
    icon: 'debug-step-over',
    label: 'Step one time step',
    command: { kind: 'step', granularity: 'timeStep' },
    enabledIn: mayStart,
  },
  {
    id: 'stepPhase',
    icon: 'debug-step-into',
    label: 'Step to the end of the phase',
    command: { kind: 'step', granularity: 'phase' },
    enabledIn: ['paused'],
  },
  {
    id: 'stepIteration',
    icon: 'debug-step-out',
    label: 'Step to the end of the iteration',
    command: { kind: 'step', granularity: 'iteration' },
    enabledIn: ['paused'],
  },
  {
    id: 'train',
    icon: 'debug-continue',
    label: 'Train (run freely)',
    command: { kind: 'train' },
    enabledIn: mayStart,
  },
  {
    id: 'pause',
    icon: 'debug-pause',
    label: 'Pause',
    command: { kind: 'pause' },
    enabledIn: ['running'],
  },
  {
    id: 'restart',
    icon: 'debug-restart',
    label: 'Restart from the first iteration',
    command: { kind: 'restart' },
    enabledIn: ['paused', 'running', 'finished', 'failed', 'stopped'],
  },
  {
    id: 'stop',
    icon: 'debug-stop',
    label: 'Stop',
    command: { kind: 'stop' },
    enabledIn: ['starting', 'paused', 'running', 'finished'],
  },
];
