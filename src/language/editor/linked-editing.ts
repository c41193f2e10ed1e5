/** Linked editing: a parameter or quantity is renamed as it is typed over, everywhere in its cell. */
import { type CstNode, CstUtils, type LangiumCoreServices, type LangiumDocument } from 'langium';
import type { LinkedEditingRanges, Position } from 'vscode-languageserver';
import { isEquation, isParameter } from '../generated/ast.ts';

/** Undefined where the file does not parse: half a name must not change other places. */
export function linkedRanges(
  document: LangiumDocument,
  position: Position,
  { references: { References } }: Pick<LangiumCoreServices, 'references'>,
): LinkedEditingRanges | undefined {
  const { parserErrors, lexerErrors, value } = document.parseResult;
  if (parserErrors.length > 0 || lexerErrors.length > 0) return undefined;
  const leaf = CstUtils.findDeclarationNodeAtOffset(value.$cstNode, document.textDocument.offsetAt(position));
  const declared = leaf && declarationAt(leaf, References);
  if (declared === undefined) return undefined;
  const found = References.findReferences(declared, { documentUri: document.uri, includeDeclaration: true });
  const ranges = found.map(({ segment }) => segment.range).toArray();
  return { ranges, wordPattern: '[A-Za-z_]\\w*' };
}

/** What else is declared, as a cell and its arguments, is used outside of the cell. */
function declarationAt(leaf: CstNode, references: LangiumCoreServices['references']['References']) {
  return references.findDeclarations(leaf).find((node) => isEquation(node) || isParameter(node));
}
