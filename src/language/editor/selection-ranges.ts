/** Selection ranges: from the word at the cursor over expression, statement and block to the file. */
import { type CstNode, CstUtils, type LangiumDocument } from 'langium';
import type { Position, Range, SelectionRange } from 'vscode-languageserver';

export function selectionRanges(document: LangiumDocument, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position) => selectionRange(document, position));
}

function selectionRange({ textDocument, parseResult }: LangiumDocument, position: Position): SelectionRange {
  const start = { line: 0, character: 0 };
  const file: SelectionRange = {
    range: { start, end: textDocument.positionAt(textDocument.getText().length) },
  };
  const offset = textDocument.offsetAt(position);
  const leaf = CstUtils.findDeclarationNodeAtOffset(parseResult.value.$cstNode, offset);
  const around: CstNode[] = [];
  for (let node: CstNode | undefined = leaf; node; node = node.container) {
    // A comment before the first word of a node is a part of it, but outside of its range.
    const inner = around.at(-1) ?? node;
    if (node.offset <= inner.offset && inner.end <= node.end) around.push(node);
  }
  return around.reduceRight(
    (parent, { range }) => (isSame(range, parent.range) ? parent : { range, parent }),
    file,
  );
}

function isSame(one: Range, other: Range): boolean {
  return isSamePosition(one.start, other.start) && isSamePosition(one.end, other.end);
}

function isSamePosition(one: Position, other: Position): boolean {
  return one.line === other.line && one.character === other.character;
}
