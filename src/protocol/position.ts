/** Where a run stands. */

/** Within an iteration: forward through t = 1…T, the loss, backward through t = T…1, the update. */
export type Phase = 'forward' | 'loss' | 'backward' | 'update';

/**
 * The step that was executed last. Before the first step of a run: iteration 1, `forward`, t = 0.
 * `t` is 1…T in `forward` and `backward` and 0 in `loss` and `update`, which have no time.
 */
export interface Position {
  readonly iteration: number;
  readonly phase: Phase;
  readonly t: number;
}

/** How far one press goes: one time step, to the end of the phase, to the end of the iteration. */
export type Granularity = 'timeStep' | 'phase' | 'iteration';

export type RunState = 'starting' | 'paused' | 'running' | 'finished' | 'failed' | 'stopped';
