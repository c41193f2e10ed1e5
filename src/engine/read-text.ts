/** Reads the files that a model imports. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The text of a file on disk; undefined where there is none. */
export async function readText(uri: string): Promise<string | undefined> {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return await readFile(fileURLToPath(uri), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
