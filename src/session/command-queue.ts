import type { EngineCommand } from '../protocol/engine.ts';

/** What moves a run. */
export type MoveCommand = Extract<EngineCommand, { kind: 'step' | 'train' }>;

/** More presses than anyone makes while one step computes; a key held down reaches it in some ten seconds. */
export const queueBound = 256;

/**
 * The moves that were asked for, in order, of which at most one is with the engine. Every accepted move is handed
 * out exactly once, unless `clear` drops it before; a move beyond the bound is refused rather than dropped later.
 */
export class CommandQueue {
  #waiting: MoveCommand[] = [];
  #underWay = false;

  get hasTrain(): boolean {
    return this.#waiting.some((command) => command.kind === 'train');
  }

  /** False when the queue is full. */
  push(command: MoveCommand): boolean {
    if (this.#waiting.length >= queueBound) return false;
    this.#waiting.push(command);
    return true;
  }

  /** The next move to send, or undefined while one is under way or none waits. */
  take(): MoveCommand | undefined {
    if (this.#underWay) return undefined;
    const command = this.#waiting.shift();
    this.#underWay = command !== undefined;
    return command;
  }

  /** The engine has answered the move under way. */
  answered(): void {
    this.#underWay = false;
  }

  /** Forgets what waits; what is under way stays so. */
  clear(): void {
    this.#waiting = [];
  }

  /** For a new engine, which knows nothing of what was under way. */
  reset(): void {
    this.#waiting = [];
    this.#underWay = false;
  }
}
