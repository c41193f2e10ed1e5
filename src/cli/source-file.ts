/** A `.rnn` file on disk, checked. */
import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Installation } from '../engine/installation.ts';
import { readText } from '../engine/read-text.ts';
import { RunError } from '../engine/run.ts';
import { createAnalyzer } from '../language/analyze.ts';
import type { Analysis, SourceRange } from '../language/checked-model.ts';

export interface SourceFile {
  readonly uri: string;
  readonly analysis: Analysis;
}

/** @throws {RunError} where the file cannot be read */
export async function openSourceFile(path: string, installation: Installation): Promise<SourceFile> {
  const uri = pathToFileURL(resolve(path)).href;
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'it does not exist' : error.message;
    throw new RunError({ kind: 'source', message: `${path} cannot be read: ${why}.`, problems: [] });
  });
  return { uri, analysis: await createAnalyzer(installation.prelude, readText).analyze(uri, text) };
}

/** `file:line:col`, both from 1, as compilers print it. */
export function placeOf({ uri, start }: SourceRange): string {
  const path = relative(process.cwd(), fileURLToPath(uri));
  return `${path}:${start.line + 1}:${start.character + 1}`;
}
