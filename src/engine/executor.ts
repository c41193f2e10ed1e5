/** The narrow door between programs and what executes them. */
import type { Batch } from './data/batch.ts';

/**
 * Executes the programs of one network on one minibatch after the other. Between `begin` and the next `begin` every
 * time step is computed once forward, t = 1…T, and once backward, t = T…1, in ranges of any length. When a call
 * returns, what it computed lies in the trace.
 */
export interface Executor {
  /** Takes over the parameters as they are now and forgets the previous minibatch. */
  begin(batch: Batch): void;
  /** Runs the forward programs of all layers, from data to loss, at t = from…to, from ≤ to. */
  forward(from: number, to: number): void;
  /** Runs the adjoint programs of all layers, from loss to data, at t = from…to, from ≥ to. */
  backward(from: number, to: number): void;
  /** After `backward` has reached t = 1: writes every parameter's gradient. */
  gradients(): void;
  dispose(): void;
}
