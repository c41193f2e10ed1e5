/** A file that a command writes to. */
import { openSync } from 'node:fs';
import { RunError } from '../engine/run.ts';

/**
 * Opened before anything is computed, so that nothing is computed in vain. What the file held is gone.
 * @returns the file's descriptor
 * @throws {RunError} where the file cannot be written
 */
export function openOutputFile(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'its folder does not exist' : message;
    throw new RunError({ kind: 'source', message: `${path} cannot be written: ${why}.`, problems: [] });
  }
}
