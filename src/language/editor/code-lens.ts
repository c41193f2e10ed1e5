/** Code lenses: what can be done with a `train` block, how much a model learns, and a cell's adjoint equations. */
import type { CstNode, LangiumDocument } from 'langium';
import type { CodeLensProvider } from 'langium/lsp';
import type { CodeLens, Command } from 'vscode-languageserver';
import type { FileCheck } from '../check/check-file.ts';
import { countParameters, showCount } from '../check/parameter-counts.ts';
import {
  type Cell,
  type File,
  isCell,
  isModelBlock,
  isTrainBlock,
  type ModelBlock,
  type TrainBlock,
} from '../generated/ast.ts';
import type { FileChecks } from './file-checks.ts';
import { completeSpecs } from './model-layers.ts';
import type { RnnServices } from './module.ts';

/** Commands of the client; each takes the file and the name of a `train` block. */
const trainCommands = [
  { title: '▶ train', command: 'unroll.train' },
  { title: '⏯ step', command: 'unroll.step' },
  { title: '✓ check gradients', command: 'unroll.checkGradients' },
] as const;

export class RnnCodeLensProvider implements CodeLensProvider {
  private readonly checks: FileChecks;

  constructor(services: RnnServices) {
    this.checks = services.checks;
  }

  provideCodeLens(document: LangiumDocument): CodeLens[] {
    const { uri, parseResult } = document as LangiumDocument<File>;
    const check = this.checks.of(document as LangiumDocument<File>);
    return parseResult.value.blocks.flatMap((block) => {
      if (isTrainBlock(block)) return trainLenses(block, uri.toString());
      if (isCell(block)) return cellLenses(block, check, uri.toString());
      return isModelBlock(block) ? modelLenses(block, check) : [];
    });
  }
}

function trainLenses({ name, $cstNode }: TrainBlock, uri: string): CodeLens[] {
  return trainCommands.map((command) => lens($cstNode!, { ...command, arguments: [{ uri, name }] }));
}

function cellLenses(cell: Cell, { cells }: FileCheck, uri: string): CodeLens[] {
  if (!cells.has(cell)) return [];
  const { line } = cell.$cstNode!.range.start;
  const command = 'unroll.showAdjointEquations';
  return [lens(cell.$cstNode!, { title: 'δ adjoint equations', command, arguments: [{ uri, line }] })];
}

function modelLenses(block: ModelBlock, check: FileCheck): CodeLens[] {
  const specs = completeSpecs(block, check);
  if (specs === undefined) return [];
  // Without a command the client shows text.
  return [lens(block.$cstNode!, { title: `${showCount(countParameters(specs))} parameters`, command: '' })];
}

function lens({ range: { start } }: CstNode, command: Command): CodeLens {
  return { range: { start, end: start }, command };
}
