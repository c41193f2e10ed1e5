/** `import "cells.rnn"`: the cells of another file. */

import type { File, Import } from '../generated/ast.ts';
import { namesReferredTo } from '../walk.ts';
import type { CellDefinition } from './cells.ts';
import type { Reporter } from './reporter.ts';

/** Cells of a file by name; undefined for one that does not parse. */
export type FileCells = ReadonlyMap<string, CellDefinition | undefined>;

/** The cells of imported files, by the path as written; undefined for a file that is not there. */
export type ImportedCells = ReadonlyMap<string, FileCells | undefined>;

/** The imported cells by name. Files that are missing, cells that clash or do not parse, and imports of no use are reported. */
export function checkImports(file: File, imported: ImportedCells, reporter: Reporter): FileCells {
  const cells = new Map<string, CellDefinition | undefined>();
  const used = file.imports.length > 0 ? namesReferredTo(file) : new Set<string>();
  const seen = new Set<string>();
  for (const node of file.imports) {
    const path = pathOf(node);
    if (path === undefined) continue;
    const place = reporter.part(node, 'path');
    const found = imported.get(path);
    if (seen.has(path)) {
      reporter.error('duplicate-import', `"${path}" is imported already.`, place);
    } else if (found === undefined) {
      const message = `There is no file "${path}": imports are looked for from the folder of this file.`;
      reporter.error('import-missing', message, place);
    } else {
      for (const [name, cell] of found) {
        const problem = problemOf(name, cell, cells.has(name), used.has(name));
        if (problem) reporter.error(problem.code, `"${path}" ${problem.message}`, place);
        cells.set(name, cell);
      }
      if (![...found.keys()].some((name) => used.has(name))) {
        reporter.warning('unused-import', `Nothing of "${path}" is used.`, place);
      }
    }
    seen.add(path);
  }
  return cells;
}

/** What is wrong with an imported cell, to be said of its file. */
function problemOf(name: string, cell: CellDefinition | undefined, isTaken: boolean, isUsed: boolean) {
  if (isTaken) {
    const message = `has a cell \`${name}\`, and so has another import; give one of them another name.`;
    return { code: 'duplicate-definition', message } as const;
  }
  if (cell !== undefined || !isUsed) return undefined;
  const message = `has a cell \`${name}\` that does not parse; open that file to see what is wrong.`;
  return { code: 'imported-cell', message } as const;
}

/** The paths that a file imports; without those that are still empty. */
export function importedPaths(file: File): readonly string[] {
  return file.imports.flatMap((node) => pathOf(node) ?? []);
}

function pathOf({ path }: Import): string | undefined {
  return path === undefined || path.trim() === '' ? undefined : path;
}
