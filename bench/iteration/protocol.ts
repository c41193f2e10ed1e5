/**
 * How the bench talks to a contestant, a process of its own: one JSON object a line, commands on its standard input,
 * answers on its standard output. `ready` comes once by itself; after that every command has one answer.
 */

export type ContestantCommand =
  /** Makes the network of a workload's folder ready, from its initial parameters; forgets the one before. */
  | { readonly kind: 'prepare'; readonly folder: string }
  | RunCommand
  /** Gives back the memory of the network. */
  | { readonly kind: 'release' };

/** Trains on for so many iterations or until so much time has passed, but for one iteration at least. */
export interface RunCommand {
  readonly kind: 'run';
  readonly iterations: number;
  readonly milliseconds: number;
}

export type ContestantAnswer =
  /** Its library is loaded. */
  | { readonly kind: 'ready' }
  | Prepared
  | Ran
  | { readonly kind: 'released' }
  | { readonly kind: 'failed'; readonly message: string };

export interface Prepared {
  readonly kind: 'prepared';
  /** Which backend runs it, where the contestant had a choice. */
  readonly backend?: string;
  /** Size of the arrays that record an iteration; absent for those that record none. */
  readonly traceBytes?: number;
  /** Memory of the process before the network was made. */
  readonly residentBytes?: number;
}

export interface Ran {
  readonly kind: 'ran';
  /** Time of each iteration, by the contestant's own clock. */
  readonly milliseconds: readonly number[];
  /** Mean loss of each iteration, before its update. */
  readonly losses: readonly number[];
  /** Memory of the process now. */
  readonly residentBytes?: number;
}
