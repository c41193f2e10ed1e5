/** The outline: blocks, and what is defined in them. */
import { type AstNode, type CstNode, GrammarUtils, type LangiumDocument } from 'langium';
import type { DocumentSymbolProvider } from 'langium/lsp';
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import type { Block, File, Statement } from '../generated/ast.ts';

export class RnnDocumentSymbolProvider implements DocumentSymbolProvider {
  getSymbols(document: LangiumDocument): DocumentSymbol[] {
    const file = document.parseResult.value as File;
    return file.blocks.flatMap((block) => blockSymbol(block));
  }
}

/** None where the name is missing, as while it is being typed. */
function symbol(
  node: AstNode,
  nameProperty: string,
  kind: SymbolKind,
  children: readonly DocumentSymbol[] = [],
  detail?: string,
): DocumentSymbol[] {
  const name: CstNode | undefined = GrammarUtils.findNodeForProperty(node.$cstNode, nameProperty);
  if (!node.$cstNode || !name) return [];
  const { range } = node.$cstNode;
  return [
    {
      name: name.text,
      kind,
      range,
      selectionRange: name.range,
      children: [...children],
      ...(detail && { detail }),
    },
  ];
}

function blockSymbol(block: Block): DocumentSymbol[] {
  switch (block.$type) {
    case 'DataBlock':
    case 'TrainBlock': {
      const settings = block.settings.flatMap((setting) => symbol(setting, 'key', SymbolKind.Property));
      return symbol(block, 'keyword', SymbolKind.Namespace, settings, block.name);
    }
    case 'ModelBlock': {
      const layers = block.layers.flatMap((layer) => symbol(layer, 'type', SymbolKind.Object));
      return symbol(block, 'keyword', SymbolKind.Namespace, layers, block.name);
    }
    case 'Cell':
      return symbol(block, 'name', SymbolKind.Class, block.statements.flatMap(statementSymbols));
    case 'UnknownBlock':
      return [];
  }
}

function statementSymbols(statement: Statement): DocumentSymbol[] {
  switch (statement.$type) {
    case 'ParameterStatement':
      return statement.parameters.flatMap((parameter) => symbol(parameter, 'name', SymbolKind.Field));
    case 'Equation':
      return symbol(statement, 'name', SymbolKind.Variable);
    case 'InitialStatement':
    case 'OutputStatement':
      return [];
  }
}
