/** One contestant in one row: prepares the network, takes its turns, and is out once it fails or is far too slow. */
import { median } from '../statistics.ts';
import { type Contestant, ContestantError } from './contestant.ts';
import type { Field } from './field.ts';

export interface Timing {
  readonly contestant: string;
  /** Median milliseconds of an iteration in each round; undefined where it sat out. */
  readonly rounds: readonly (number | undefined)[];
  /** Iterations in all rounds together. */
  readonly iterations: number;
  /** Of the first iterations, by which contestants are held against each other. */
  readonly losses: readonly number[];
  /** Whether they are those of the others; absent where they need not be. */
  readonly lossesAgree: boolean | undefined;
  /** Which of our backends ran it. */
  readonly backend: string | undefined;
  /** Why there are no times, or how they are to be read. */
  readonly remark: string | undefined;
}

const firstIterations = 3;
/** A contestant that is slower than this is left out. */
const longestIterationMilliseconds = 10_000;
/** An iteration is measured this often in a turn, unless they take so long together. */
const iterationsInTurn = 100;
const turnMilliseconds = 100;
/** A contestant that has trained for so long sits out the other rounds. */
const allowanceMilliseconds = 2500;

export class Entrant {
  readonly name: string;
  /** Of the first iterations; fewer where one failed. */
  readonly losses: number[] = [];
  lossesAgree: boolean | undefined;
  remark: string | undefined;
  private readonly field: Field;
  private contestant: Contestant | undefined;
  private backend: string | undefined;
  private readonly rounds: (number | undefined)[] = [];
  private iterations = 0;
  private spentMilliseconds = 0;

  constructor(name: string, field: Field) {
    this.name = name;
    this.field = field;
  }

  /** @param isTwin computes something else than the other entrant of the same name */
  async prepare(folder: string, isTwin = false): Promise<void> {
    await this.attempt(async () => {
      this.contestant = await this.field.contestant(this.name, isTwin);
      const { backend } = await this.contestant.prepare(folder);
      this.backend = backend;
      while (this.losses.length < firstIterations) {
        const { losses } = await this.contestant.run(1, 0, longestIterationMilliseconds);
        this.losses.push(...losses);
      }
    });
  }

  async takeTurn(): Promise<void> {
    this.rounds.push(undefined);
    const { contestant } = this;
    if (contestant === undefined || this.spentMilliseconds >= allowanceMilliseconds) return;
    await this.attempt(async () => {
      const { milliseconds } = await contestant.run(iterationsInTurn, turnMilliseconds);
      this.rounds[this.rounds.length - 1] = median(milliseconds);
      this.iterations += milliseconds.length;
      this.spentMilliseconds += milliseconds.reduce((sum, each) => sum + each, 0);
    });
  }

  async release(): Promise<void> {
    await this.attempt(async () => this.contestant?.release());
  }

  get timing(): Timing {
    const { name, rounds, iterations, losses, lossesAgree, backend, remark } = this;
    return { contestant: name, rounds, iterations, losses, lossesAgree, backend, remark };
  }

  /** What fails is told in the table; the others go on. */
  private async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof ContestantError)) throw error;
      this.remark = error.message;
      if (this.contestant !== undefined) this.field.replace(this.contestant);
      this.contestant = undefined;
    }
  }
}
