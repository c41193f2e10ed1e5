/** Answers the adjoint view. */
import { AstUtils, CstUtils, type LangiumDocument, URI } from 'langium';
import type { LangiumSharedServices } from 'langium/lsp';
import type { Connection } from 'vscode-languageserver';
import { standInCell } from '../language/check/stand-in.ts';
import type { RnnServices } from '../language/editor/module.ts';
import { type Cell, type File, isCall, isCell, isLayer } from '../language/generated/ast.ts';
import { nodesOf } from '../language/walk.ts';
import {
  type AdjointDocument,
  adjointEquationsRequest,
  type CellName,
  type CellQuestion,
  cellAtRequest,
} from '../protocol/adjoint-view.ts';
import { adjointDocument } from './adjoint-document.ts';

export function answerAdjointRequests(
  connection: Connection,
  shared: LangiumSharedServices,
  { checks, equations }: RnnServices,
): void {
  const documentOf = (uri: string) =>
    shared.workspace.LangiumDocuments.getDocument(URI.parse(uri)) as LangiumDocument<File> | undefined;
  /** Once all edits that have arrived are built in. */
  const whenBuilt = <Answer>(answer: () => Answer) => shared.workspace.WorkspaceLock.read(answer);

  connection.onRequest(cellAtRequest, ({ uri, position }: CellQuestion) =>
    whenBuilt((): CellName | null => {
      const document = documentOf(uri);
      const cell = document && (cellAt(document, position) ?? anyCell(document.parseResult.value));
      if (cell?.name === undefined) return null;
      return { uri: AstUtils.getDocument(cell).uri.toString(), name: cell.name };
    }),
  );

  connection.onRequest(adjointEquationsRequest, ({ uri, name }: CellName) =>
    whenBuilt((): AdjointDocument | null => {
      const document = documentOf(uri);
      const cells = document && [...checks.of(document).cells.values()];
      const definition = cells?.find(({ node }) => node.name === name);
      const standIn = definition && standInCell(definition);
      return standIn ? adjointDocument(standIn, equations.of(standIn, 'language')) : null;
    }),
  );
}

/** The cell around a place, or that of the layer there. */
function cellAt(
  { parseResult, textDocument }: LangiumDocument<File>,
  position: CellQuestion['position'],
): Cell | undefined {
  const root = parseResult.value.$cstNode;
  const offset = textDocument.offsetAt(position);
  const leaf = root && CstUtils.findLeafNodeBeforeOffset(root, offset + 1);
  const call = AstUtils.getContainerOfType(leaf?.astNode, isCall)?.function.ref;
  return (
    call ??
    AstUtils.getContainerOfType(leaf?.astNode, isLayer)?.type?.ref ??
    AstUtils.getContainerOfType(leaf?.astNode, isCell)
  );
}

/** The file's own first cell, else the first that its models are made of. */
function anyCell(file: File): Cell | undefined {
  const used = nodesOf(file, isLayer).map(({ type }) => type?.ref);
  return file.blocks.find(isCell) ?? used.find((cell) => cell !== undefined);
}
