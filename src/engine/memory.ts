/** Whether a network fits into this machine, told before anything is allocated. */
import { totalmem } from 'node:os';
import type { Network } from '../compile/network.ts';
import type { LayerProgram } from '../compile/program.ts';
import type { SourceRange } from '../language/checked-model.ts';

const bytesPerNumber = 4;

/** The values and their gradient, and while an iteration runs the tensor of each matrix and its transpose. */
const copiesOfParameters = 4;

/** The network needs more memory than there is; `source` is the layer that needs most of it. */
export class MemoryError extends Error {
  override readonly name = 'MemoryError';
  readonly source: SourceRange;

  constructor(message: string, source: SourceRange) {
    super(message);
    this.source = source;
  }
}

/**
 * @param available bytes
 * @throws {MemoryError} where parameters and quantities alone need more
 */
export function requireMemory(network: Network, available = totalmem()): void {
  const needs = network.layers.map((layer) => ({ layer, bytes: bytesOf(layer, network) }));
  const total = needs.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= available) return;
  const largest = needs.reduce((most, each) => (each.bytes > most.bytes ? each : most));
  throw new MemoryError(
    `This run needs ${gigabytes(total)} of memory and this machine has ${gigabytes(available)}: ` +
      `\`${largest.layer.label}\` alone takes ${gigabytes(largest.bytes)}. Use fewer units, a shorter window or a smaller batch.`,
    largest.layer.source,
  );
}

function bytesOf(
  { parameters, values, temporaries }: LayerProgram,
  { timeSteps, batchSize }: Network,
): number {
  const entries = parameters.map(({ shape }) => shape.reduce((product, size) => product * size, 1));
  const units = [...[...values.values()].map(({ size }) => size), ...temporaries.values()];
  return bytesPerNumber * (copiesOfParameters * sum(entries) + timeSteps * batchSize * sum(units));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toLocaleString('en', { maximumSignificantDigits: 3 })} GB`;
}
