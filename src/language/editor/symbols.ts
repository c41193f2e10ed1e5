/** The outline: imports, constants and blocks, and what is defined in them. */
import { type AstNode, GrammarUtils, type LangiumDocument } from 'langium';
import type { DocumentSymbolProvider } from 'langium/lsp';
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { foldedText } from '../check/reporter.ts';
import type { Block, Constant, File, Import, Layer, Statement } from '../generated/ast.ts';

export class RnnDocumentSymbolProvider implements DocumentSymbolProvider {
  getSymbols(document: LangiumDocument): DocumentSymbol[] {
    const { imports, constants, blocks } = (document as LangiumDocument<File>).parseResult.value;
    return [
      ...imports.flatMap(importSymbol),
      ...constants.flatMap(constantSymbol),
      ...blocks.flatMap(blockSymbol),
    ];
  }
}

interface Naming {
  /** The property that holds the name. */
  readonly property: string;
  readonly kind: SymbolKind;
  readonly children?: readonly DocumentSymbol[];
  readonly detail?: string | undefined;
}

/** None where the name is missing, as while it is being typed. */
function symbol(node: AstNode, { property, kind, children = [], detail }: Naming): DocumentSymbol[] {
  const name = GrammarUtils.findNodeForProperty(node.$cstNode, property);
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

function importSymbol(node: Import): DocumentSymbol[] {
  return symbol(node, { property: 'path', kind: SymbolKind.Module });
}

function constantSymbol(constant: Constant): DocumentSymbol[] {
  const detail = constant.value?.$cstNode && foldedText(constant.value);
  return symbol(constant, { property: 'name', kind: SymbolKind.Constant, detail });
}

function blockSymbol(block: Block): DocumentSymbol[] {
  const common = { property: 'keyword', kind: SymbolKind.Namespace, detail: block.name };
  switch (block.$type) {
    case 'DataBlock':
    case 'TrainBlock':
      return symbol(block, {
        ...common,
        children: block.settings.flatMap((setting) =>
          symbol(setting, { property: 'key', kind: SymbolKind.Property }),
        ),
      });
    case 'ModelBlock':
      return symbol(block, { ...common, children: block.layers.flatMap(layerSymbol) });
    case 'Cell':
      return symbol(block, {
        property: 'name',
        kind: SymbolKind.Class,
        children: block.statements.flatMap(statementSymbols),
      });
    case 'UnknownBlock':
      return [];
  }
}

function layerSymbol(layer: Layer): DocumentSymbol[] {
  const given = layer.arguments.filter(({ $cstNode }) => $cstNode).map((argument) => foldedText(argument));
  return symbol(layer, {
    property: 'type',
    kind: SymbolKind.Object,
    children: layer.layers.flatMap(layerSymbol),
    detail: given.join(', '),
  });
}

function statementSymbols(statement: Statement): DocumentSymbol[] {
  switch (statement.$type) {
    case 'ParameterStatement':
      return statement.parameters.flatMap((parameter) =>
        symbol(parameter, { property: 'name', kind: SymbolKind.Field }),
      );
    case 'Equation':
      return symbol(statement, { property: 'name', kind: SymbolKind.Variable });
    case 'InitialStatement':
    case 'OutputStatement':
      return [];
  }
}
