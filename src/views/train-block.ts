import type { RunTarget } from './run-target.ts';

/**
 * Name of the `train` block to run, undefined for the first: the one that is meant, else the one that ran last if the
 * text still has it. Whether the text makes sense is for the engine to say.
 */
export function trainBlockOf(
  block: RunTarget['block'],
  ranLast: string | undefined,
  text: string,
): string | undefined {
  if (block) return block.name;
  const isThere = ranLast !== undefined && new RegExp(`\\btrain\\s+${ranLast}\\b`).test(text);
  return isThere ? ranLast : undefined;
}
