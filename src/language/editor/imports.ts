/** Files that open files import: loaded when they are first named, and told to their importers when they change. */
import { DefaultDocumentBuilder, DocumentState, type LangiumDocument, URI } from 'langium';
import type { LangiumSharedServices } from 'langium/lsp';
import { importedPaths } from '../check/imports.ts';
import type { File } from '../generated/ast.ts';
import { importedUri } from '../import-place.ts';

/** Where the files lie that a document imports. */
export function importsOf(document: LangiumDocument): readonly string[] {
  const { value } = (document as LangiumDocument<File>).parseResult;
  return importedPaths(value).map((path) => importedUri(document.uri.toString(), path));
}

export class RnnDocumentBuilder extends DefaultDocumentBuilder {
  /** A file hangs on those that it imports and on no other. */
  protected override shouldRelink(document: LangiumDocument, changedUris: Set<string>): boolean {
    return importsOf(document).some((uri) => changedUris.has(uri));
  }
}

/** Loads what open files import and is not loaded yet; that builds the importers once more. */
export function loadImports({ workspace, lsp }: LangiumSharedServices): void {
  const { DocumentBuilder, FileSystemProvider, LangiumDocuments, TextDocuments, WorkspaceLock } = workspace;

  async function load(documents: readonly LangiumDocument[]): Promise<void> {
    const named = new Set(documents.flatMap(importsOf));
    const missing = [...named]
      .map((uri) => URI.parse(uri))
      .filter((uri) => !LangiumDocuments.hasDocument(uri));
    const there = await Promise.all(missing.map((uri) => exists(uri)));
    const found = missing.filter((_, index) => there[index]);
    if (found.length > 0) await WorkspaceLock.write((token) => DocumentBuilder.update(found, [], token));
  }

  async function exists(uri: URI): Promise<boolean> {
    return TextDocuments?.get(uri) !== undefined || (await FileSystemProvider.exists(uri));
  }

  DocumentBuilder.onBuildPhase(DocumentState.IndexedContent, (documents) => {
    // Not awaited: the load is an update of its own, which waits for this one to end.
    void load(documents);
  });
  lsp.DocumentUpdateHandler.onWatchedFilesChange(() => load(LangiumDocuments.all.toArray()));
}
