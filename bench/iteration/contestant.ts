/** A contestant, as the bench sees it: a process that prepares a workload and trains on it when it is told to. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { ContestantAnswer, ContestantCommand, Prepared, Ran } from './protocol.ts';

export interface ContestantProgram {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
}

type AnswerTo = { ready: 'ready'; prepare: 'prepared'; run: 'ran'; release: 'released' };

/** The contestant did not answer in time, ended, or said that it failed. */
export class ContestantError extends Error {
  override readonly name = 'ContestantError';
}

/** Loading a library, or making a network ready, takes a few seconds where the machine is busy. */
const patienceMilliseconds = 60_000;

/** Ends by itself when the bench does, since its standard input closes. */
export class Contestant {
  readonly name: string;
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly answers: AsyncIterator<string>;
  private lastWords = '';

  private constructor({ name, command, arguments: given }: ContestantProgram) {
    this.name = name;
    this.child = spawn(command, given, { stdio: ['pipe', 'pipe', 'pipe'] });
    // What becomes of a broken pipe is told by the answer that does not come.
    this.child.stdin.on('error', () => {});
    this.child.on('error', (error) => this.child.stdout.destroy(error));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-500);
    });
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws {ContestantError} where it does not load */
  static async start(program: ContestantProgram): Promise<Contestant> {
    const contestant = new Contestant(program);
    await contestant.answer<'ready'>(patienceMilliseconds);
    return contestant;
  }

  /** @throws {ContestantError} */
  prepare(folder: string): Promise<Prepared> {
    return this.ask({ kind: 'prepare', folder }, patienceMilliseconds);
  }

  /**
   * Trains for so many iterations or until so much time has passed, but for one iteration at least.
   * @throws {ContestantError} also where that takes longer than `patience`
   */
  run(iterations: number, milliseconds: number, patience = patienceMilliseconds): Promise<Ran> {
    return this.ask({ kind: 'run', iterations, milliseconds }, patience);
  }

  /** @throws {ContestantError} */
  async release(): Promise<void> {
    await this.ask({ kind: 'release' }, patienceMilliseconds);
  }

  /** Ends the process, also in the middle of an iteration. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private ask<Kind extends ContestantCommand['kind']>(
    command: Extract<ContestantCommand, { kind: Kind }>,
    patience: number,
  ): Promise<Extract<ContestantAnswer, { kind: AnswerTo[Kind] }>> {
    this.child.stdin.write(`${JSON.stringify(command)}\n`);
    return this.answer<Kind>(patience);
  }

  private async answer<Kind extends keyof AnswerTo>(
    patience: number,
  ): Promise<Extract<ContestantAnswer, { kind: AnswerTo[Kind] }>> {
    const line = await this.nextLine(patience);
    const answer = JSON.parse(line) as ContestantAnswer;
    if (answer.kind === 'failed') throw new ContestantError(answer.message);
    return answer as Extract<ContestantAnswer, { kind: AnswerTo[Kind] }>;
  }

  private async nextLine(patience: number): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const message = `no answer within ${Math.round(patience / 1000)} s`;
      timer = setTimeout(() => reject(new ContestantError(message)), patience);
    });
    try {
      const { value, done } = await Promise.race([this.answers.next(), late]);
      if (done) throw new ContestantError(`its process ended: ${this.lastWords.trim()}`);
      return value;
    } finally {
      clearTimeout(timer);
    }
  }
}
