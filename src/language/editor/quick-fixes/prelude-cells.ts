/** Exchanges a cell that is written out with the prelude's that says the same, and the other way round. */
import { AstUtils, CstUtils, GrammarUtils, type LangiumDocument } from 'langium';
import type { Range } from 'vscode-languageserver';
import type { CellDefinition } from '../../check/cells.ts';
import {
  type Call,
  type Cell,
  type File,
  isCall,
  isCell,
  isLayer,
  isModelBlock,
  type Layer,
} from '../../generated/ast.ts';
import { nodesOf } from '../../walk.ts';
import type { FileChecks } from '../file-checks.ts';
import { freeName, type QuickFix } from './quick-fix.ts';
import { type Renaming, sameCell } from './same-cell.ts';
import { rangeOf, SourceEdits } from './source-edits.ts';

export function cellRefactorings(
  document: LangiumDocument<File>,
  range: Range,
  checks: FileChecks,
): readonly QuickFix[] {
  const root = document.parseResult.value.$cstNode;
  const leaf =
    root && CstUtils.findDeclarationNodeAtOffset(root, document.textDocument.offsetAt(range.start));
  if (!leaf) return [];
  const cell = AstUtils.getContainerOfType(leaf.astNode, isCell);
  if (cell) return convertToPrelude(cell, document, checks);
  const use = leaf.astNode;
  return isLayer(use) || isCall(use) ? copyFromPrelude(use, document, checks) : [];
}

function convertToPrelude(
  cell: Cell,
  document: LangiumDocument<File>,
  checks: FileChecks,
): readonly QuickFix[] {
  const definition = checks.of(document).cells.get(cell);
  if (!definition) return [];
  const edits = new SourceEdits(document);
  return [...checks.preludeCells()].flatMap(([name, other]) => {
    const names = sameCell(definition, other);
    if (!names || isHidden(name, document, checks, cell)) return [];
    const uses = usesOf(cell.name, document.parseResult.value).flatMap((use) =>
      renameUse(use, name, names, edits),
    );
    return [{ title: `Use the prelude's \`${name}\``, edits: [...uses, edits.remove(cell)] }];
  });
}

/** Whether a cell of the file, other than the one that goes, or an imported one has the name of the prelude's. */
function isHidden(
  name: string,
  document: LangiumDocument<File>,
  checks: FileChecks,
  removed?: Cell,
): boolean {
  const { blocks } = document.parseResult.value;
  const isOwn = blocks.some((block) => isCell(block) && block !== removed && block.name === name);
  return isOwn || [...checks.importedCells(document).values()].some((cells) => cells?.has(name));
}

function usesOf(name: string, file: File): readonly (Layer | Call)[] {
  const layers = nodesOf(file, isLayer).filter((layer) => layer.type?.$refText === name);
  const models = file.blocks.filter(isModelBlock);
  const calls = models
    .flatMap((model) => nodesOf(model, isCall))
    .filter((call) => call.function.$refText === name);
  return [...layers, ...calls];
}

/** The name of the cell, and those of its arguments. */
function renameUse(use: Layer | Call, name: string, names: Renaming, edits: SourceEdits) {
  const place = GrammarUtils.findNodeForProperty(use.$cstNode, isLayer(use) ? 'type' : 'function');
  const renamed = use.arguments.flatMap((argument) => {
    const argumentName = GrammarUtils.findNodeForProperty(argument.$cstNode, 'name');
    const other = names.get(argument.name ?? '');
    return argumentName && other && other !== argument.name ? [edits.replace(argumentName.range, other)] : [];
  });
  return place ? [edits.replace(place.range, name), ...renamed] : [];
}

/** The copy has a name of its own, so that the prelude's stays what it is. */
function copyFromPrelude(
  use: Layer | Call,
  document: LangiumDocument<File>,
  checks: FileChecks,
): readonly QuickFix[] {
  const place = GrammarUtils.findNodeForProperty(use.$cstNode, isLayer(use) ? 'type' : 'function');
  const model = AstUtils.getContainerOfType(use, isModelBlock);
  const name = place?.text;
  const definition = name === undefined ? undefined : checks.preludeCells().get(name);
  if (!place || !model || !definition || isHidden(definition.node.name, document, checks)) return [];
  const file = document.parseResult.value;
  const taken = file.blocks.flatMap((block) => block.name ?? []);
  const copy = taken.includes(`My${name}`) ? freeName(`My${name}`, taken) : `My${name}`;
  const edits = new SourceEdits(document);
  const text = renamed(definition, copy);
  return [
    {
      title: `Copy the prelude's \`${name}\` into this file, as \`${copy}\``,
      edits: [edits.insert(rangeOf(model).start, `${text}\n\n`), edits.replace(place.range, copy)],
    },
  ];
}

function renamed({ node }: CellDefinition, name: string): string {
  const { text, offset } = node.$cstNode!;
  const place = GrammarUtils.findNodeForProperty(node.$cstNode, 'name')!;
  return text.slice(0, place.offset - offset) + name + text.slice(place.end - offset);
}
