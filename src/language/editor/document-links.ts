/** Document links: from the names of data files and imported files to these files. */
import type { CstNode, FileSystemProvider, LangiumDocument } from 'langium';
import { AstUtils, GrammarUtils, URI } from 'langium';
import type { DocumentLinkProvider } from 'langium/lsp';
import type { DocumentLink } from 'vscode-languageserver';
import { type Call, type File, isCall, isImport, isTextLiteral } from '../generated/ast.ts';
import { importedUri } from '../import-place.ts';
import { isFile } from './files.ts';
import type { RnnServices } from './module.ts';

export class RnnDocumentLinkProvider implements DocumentLinkProvider {
  private readonly files: FileSystemProvider;

  constructor(services: RnnServices) {
    this.files = services.shared.workspace.FileSystemProvider;
  }

  async getDocumentLinks(document: LangiumDocument): Promise<DocumentLink[]> {
    const names = fileNames((document as LangiumDocument<File>).parseResult.value);
    return Promise.all(names.map((name) => this.link(document, name)));
  }

  private async link({ uri, textDocument }: LangiumDocument, name: CstNode): Promise<DocumentLink> {
    const path = contentOf(name);
    const target = importedUri(uri.toString(), path);
    const isThere = await isFile(URI.parse(target), this.files);
    return {
      range: {
        start: textDocument.positionAt(name.offset + 1),
        end: textDocument.positionAt(name.offset + 1 + path.length),
      },
      target,
      tooltip: isThere ? `Open ${path}` : `${path} is not there yet`,
    };
  }
}

/** The texts in quotes that name files. */
function fileNames(file: File): readonly CstNode[] {
  return AstUtils.streamAst(file)
    .map((node) => {
      if (isImport(node)) return GrammarUtils.findNodeForProperty(node.$cstNode, 'path');
      return isCall(node) ? dataFile(node) : undefined;
    })
    .nonNullable()
    .filter((name) => contentOf(name) !== '')
    .toArray();
}

/** The first argument of `text("…")` and `csv("…")`. */
function dataFile(call: Call): CstNode | undefined {
  const name = call.arguments[0]?.value;
  const called = call.function?.$refText;
  const isFile = called === 'text' || called === 'csv';
  return isFile && isTextLiteral(name) ? name.$cstNode : undefined;
}

/** Without the quotes, of which the last may be missing. */
function contentOf({ text }: CstNode): string {
  return text.replace(/^"|"$/g, '');
}
