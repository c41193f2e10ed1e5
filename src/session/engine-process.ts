import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { EngineCommand, EngineEvent } from '../protocol/engine.ts';

export interface EngineLaunch {
  /** The engine's script. */
  readonly enginePath: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The Node that runs it; by default the one that runs us. */
  readonly execPath?: string;
}

/** How an engine process ended. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set when there never was a process. */
  readonly spawnError: Error | undefined;
  /** The last lines that it wrote to stderr, oldest first. */
  readonly lastWords: readonly string[];
}

interface EngineProcessEvents {
  event: [event: EngineEvent];
  /** A line of its stdout or stderr. */
  output: [line: string];
}

const linesKept = 4;
/** How long SIGTERM may take before SIGKILL follows; well within the five seconds that VS Code grants on closing. */
const graceMilliseconds = 1000;
/** How long after the exit we wait for messages and output that are still in the pipes. */
const drainMilliseconds = 500;

/** One engine process, from fork to exit. It is not started again: a new run takes a new one. */
export class EngineProcess extends EventEmitter<EngineProcessEvents> {
  /** Settles once the process is gone and what it sent last has been delivered. Never rejects. */
  readonly exited: Promise<EngineExit>;
  readonly #child: ChildProcess;
  readonly #lastWords: string[] = [];

  constructor(launch: EngineLaunch) {
    super();
    this.#child = fork(launch.enginePath, [], {
      serialization: 'advanced',
      execArgv: [],
      env: launch.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      ...(launch.execPath === undefined ? {} : { execPath: launch.execPath }),
    });
    this.#child.on('message', (event) => this.emit('event', event as EngineEvent));
    this.#forwardLines(this.#child.stdout, false);
    this.#forwardLines(this.#child.stderr, true);
    this.exited = this.#watchForExit();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(command: EngineCommand): void {
    this.#child.send(command, (error) => {
      // The exit, which follows, is what gets reported to the user.
      if (error) this.emit('output', `${command.kind} did not reach the engine: ${error.message}`);
    });
  }

  /** Ends the process and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGTERM');
    const escalation = setTimeout(() => this.#child.kill('SIGKILL'), graceMilliseconds);
    await this.exited;
    clearTimeout(escalation);
  }

  #watchForExit(): Promise<EngineExit> {
    return new Promise((resolve) => {
      const finish = (code: number | null, signal: NodeJS.Signals | null, spawnError: Error | undefined) =>
        resolve({ code, signal, spawnError, lastWords: this.#lastWords });
      this.#child.on('error', (error) => {
        if (this.#child.pid === undefined) finish(null, null, error);
        else this.emit('output', error.message);
      });
      this.#child.once('exit', (code, signal) => {
        // `exit` can overtake the last messages; `close` comes after them, unless a grandchild holds the pipes open.
        this.#child.once('close', () => finish(code, signal, undefined));
        setTimeout(() => finish(code, signal, undefined), drainMilliseconds).unref();
      });
    });
  }

  #forwardLines(stream: Readable | null, keep: boolean): void {
    if (!stream) return;
    createInterface({ input: stream }).on('line', (line) => {
      if (keep) {
        this.#lastWords.push(line);
        if (this.#lastWords.length > linesKept) this.#lastWords.shift();
      }
      this.emit('output', line);
    });
  }
}
