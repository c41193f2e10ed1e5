/** Files that others import: loaded together with these, and told to them when they change. */
import {
  type Cancellation,
  DefaultDocumentBuilder,
  type LangiumDocument,
  URI,
  ValueConverter,
} from 'langium';
import { importedPaths } from '../check/imports.ts';
import type { File } from '../generated/ast.ts';
import { importedUri } from '../import-place.ts';
import { isFile } from './files.ts';

/** Where the files lie that a document imports. */
export function importsOf(document: LangiumDocument): readonly string[] {
  const { value } = (document as LangiumDocument<File>).parseResult;
  return importedPaths(value).map((path) => importedUri(document.uri.toString(), path));
}

export class RnnDocumentBuilder extends DefaultDocumentBuilder {
  override async update(
    changed: URI[],
    deleted: URI[],
    cancelToken?: Cancellation.CancellationToken,
  ): Promise<void> {
    return super.update(await this.withImports(changed), deleted, cancelToken);
  }

  /** A file hangs on those that it imports and on no other. */
  protected override shouldRelink(document: LangiumDocument, changedUris: Set<string>): boolean {
    return importsOf(document).some((uri) => changedUris.has(uri));
  }

  /** Files, and those that they import, and so on, as far as these are there and not loaded yet. */
  private async withImports(changed: readonly URI[]): Promise<URI[]> {
    const all = new Map(changed.map((uri) => [uri.toString(), uri]));
    for (const uri of all.values()) {
      for (const address of await this.importedBy(uri)) {
        const imported = URI.parse(address);
        const isNew = !all.has(address) && !this.langiumDocuments.hasDocument(imported);
        if (isNew && (await isFile(imported, this.fileSystemProvider))) all.set(address, imported);
      }
    }
    return [...all.values()];
  }

  /** Told from the text, which is parsed only when the file is built. */
  private async importedBy(uri: URI): Promise<readonly string[]> {
    const open = this.textDocuments?.get(uri)?.getText();
    // A file that cannot be read is told when it is built.
    const text = open ?? (await this.fileSystemProvider.readFile(uri).catch(() => ''));
    const imports = text.matchAll(/\bimport\s*("(?:\\.|[^"\\\n\r])*")/g);
    return [...imports].map(([, path]) => importedUri(uri.toString(), ValueConverter.convertString(path!)));
  }
}
