/** `unroll check`: diagnostics of the files and of the data that they name. */
import type { Installation } from '../engine/installation.ts';
import { loadDataset, RunError } from '../engine/run.ts';
import type { CheckedModel, SourceRange } from '../language/checked-model.ts';
import { openSourceFile, placeOf, type SourceFile } from './source-file.ts';

interface Finding {
  readonly severity: string;
  readonly message: string;
  readonly source: SourceRange;
}

/** @returns the exit code: 1 where a file has errors */
export async function check(paths: readonly string[], installation: Installation): Promise<number> {
  let errors = 0;
  for (const path of paths) {
    const file = await openSourceFile(path, installation);
    const findings = [...file.analysis.diagnostics, ...dataFindings(file)];
    for (const { severity, message, source } of findings) {
      console.log(`${placeOf(source)}: ${severity}: ${message}`);
      if (severity === 'error') errors += 1;
    }
  }
  return errors > 0 ? 1 : 0;
}

/** Of each data block that is trained on, once. */
function dataFindings({ analysis }: SourceFile): Finding[] {
  const blocks = new Map(analysis.models.map((model) => [placeOf(model.data.ranges.block), model]));
  return [...blocks.values()].flatMap(findingsOf);
}

function findingsOf(model: CheckedModel): Finding[] {
  try {
    loadDataset(model);
    return [];
  } catch (error) {
    if (!(error instanceof RunError) || error.failure.kind !== 'data') throw error;
    return error.failure.problems.map((problem) => ({ severity: 'error', ...problem }));
  }
}
