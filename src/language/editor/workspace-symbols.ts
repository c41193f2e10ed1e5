/** Workspace symbols: cells, and blocks by their names, of the files that are loaded. */
import { GrammarUtils, type LangiumDocument, UriUtils } from 'langium';
import type { LangiumSharedServices, WorkspaceSymbolProvider } from 'langium/lsp';
import { SymbolKind, type WorkspaceSymbol, type WorkspaceSymbolParams } from 'vscode-languageserver';
import { type Block, type File, isCell } from '../generated/ast.ts';

export class RnnWorkspaceSymbolProvider implements WorkspaceSymbolProvider {
  private readonly services: LangiumSharedServices;

  constructor(services: LangiumSharedServices) {
    this.services = services;
  }

  getSymbols({ query }: WorkspaceSymbolParams): WorkspaceSymbol[] {
    const { FuzzyMatcher } = this.services.lsp;
    return this.services.workspace.LangiumDocuments.all
      .flatMap((document) => symbolsOf(document as LangiumDocument<File>))
      .filter(({ name }) => FuzzyMatcher.match(query, name))
      .toArray();
  }
}

function symbolsOf({ uri, parseResult }: LangiumDocument<File>): WorkspaceSymbol[] {
  return parseResult.value.blocks.flatMap((block) => {
    const name = nameOf(block);
    if (name === undefined) return [];
    return [
      {
        name: name.text,
        kind: isCell(block) ? SymbolKind.Class : SymbolKind.Namespace,
        location: { uri: uri.toString(), range: name.range },
        containerName: UriUtils.basename(uri),
      },
    ];
  });
}

/** A block without a name goes by its kind, as `model` does. */
function nameOf(block: Block) {
  if (block.$type === 'UnknownBlock') return undefined;
  const named = GrammarUtils.findNodeForProperty(block.$cstNode, 'name');
  return named ?? (isCell(block) ? undefined : GrammarUtils.findNodeForProperty(block.$cstNode, 'keyword'));
}
