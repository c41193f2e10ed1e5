/** What a person asks the bench for on the command line. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { cells } from './iteration/cells.ts';
import type { Selection } from './iteration/rows.ts';
import { type SizeName, sizeNames } from './iteration/sizes.ts';

export const partNames = [
  'package',
  'diagnostics',
  'typing',
  'engine-start',
  'press-to-paint',
  'iteration',
  'growth',
  'panels',
  'probes',
] as const;

export type PartName = (typeof partNames)[number];

export interface Options {
  readonly parts: readonly PartName[];
  /** Of iterations, and with them of targets. */
  readonly selection: Selection;
  /** File to write all results into. */
  readonly json: string | undefined;
}

/** @throws where an option or a name is unknown */
export function readOptions(given: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...given],
    options: {
      only: { type: 'string' },
      sizes: { type: 'string' },
      cells: { type: 'string' },
      threads: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const cellNames = cells.map(({ name }) => name);
  return {
    parts: choose('--only', values.only, partNames),
    selection: {
      sizes: choose<SizeName>('--sizes', values.sizes, sizeNames),
      cells: choose('--cells', values.cells, cellNames),
      threads: choose(
        '--threads',
        values.threads,
        ['1', '2'],
        availableParallelism() > 1 ? ['1', '2'] : ['1'],
      ).map(Number),
    },
    json: values.json,
  };
}

function choose<Name extends string>(
  option: string,
  given: string | undefined,
  names: readonly Name[],
  otherwise = names,
): Name[] {
  if (given === undefined) return [...otherwise];
  return given.split(',').map((wanted) => {
    const name = names.find((each) => each === wanted);
    if (name === undefined) throw new Error(`${option} knows no "${wanted}"; it knows ${names.join(', ')}.`);
    return name;
  });
}
