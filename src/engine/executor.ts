/** The narrow door between programs and what executes them. */
import type { BackendDescription } from '../protocol/network.ts';
import type { Batch } from './data/batch.ts';
import type { TraceContent } from './trace.ts';

/**
 * Executes the programs of one network on one minibatch after the other. Between `begin` and the next `begin` every
 * time step is computed once forward, t = 1…T, and once backward, t = T…1.
 */
export interface Executor {
  readonly backend: BackendDescription;
  /** Takes over the parameters as they are now and forgets the previous minibatch. */
  begin(batch: Batch): void;
  /** Runs the forward programs of all layers, from data to loss, at time step t. */
  forward(t: number): void;
  /** Runs the adjoint programs of all layers, from loss to data, at time step t. */
  backward(t: number): void;
  /** After `backward(1)`: writes every parameter's gradient. */
  gradients(): void;
  /** Copies what is known of the steps from…to into the trace. */
  record(content: TraceContent, from: number, to: number): void;
  dispose(): void;
}
