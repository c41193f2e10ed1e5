/** Checks of open files, each done once for every version: diagnostics, hover and completion share them. */
import { type LangiumDocument, URI, WorkspaceCache } from 'langium';
import {
  type Cells,
  cellsOf,
  checkFile,
  type FileCheck,
  type ParsedFile,
  wholeCells,
} from '../check/check-file.ts';
import { type FileCells, type ImportedCells, importedPaths } from '../check/imports.ts';
import type { File } from '../generated/ast.ts';
import { importedUri } from '../import-place.ts';
import type { RnnServices } from './module.ts';

export class FileChecks {
  private readonly services: RnnServices;
  /** A change of one file can change what is wrong with those that import it: any change empties the caches. */
  private readonly checks: WorkspaceCache<string, FileCheck>;
  private readonly cells: WorkspaceCache<string, FileCells>;

  constructor(services: RnnServices) {
    this.services = services;
    this.checks = new WorkspaceCache(services.shared);
    this.cells = new WorkspaceCache(services.shared);
  }

  of(document: LangiumDocument<File>): FileCheck {
    const uri = document.uri.toString();
    return this.checks.get(uri, () => {
      return checkFile(this.parsed(document), this.preludeCells(), this.importedCells(document));
    });
  }

  /** The cells of each file that a document imports, by the path as written. */
  importedCells(document: LangiumDocument<File>): ImportedCells {
    const uri = document.uri.toString();
    const paths = importedPaths(document.parseResult.value);
    return new Map(paths.map((path) => [path, this.cellsOf(importedUri(uri, path))]));
  }

  preludeCells(): Cells {
    return wholeCells(this.cellsOf(this.services.prelude.uri) ?? new Map());
  }

  /** The cells of a file that is loaded. */
  private cellsOf(uri: string): FileCells | undefined {
    const document = this.services.shared.workspace.LangiumDocuments.getDocument(URI.parse(uri));
    if (document === undefined) return undefined;
    return this.cells.get(uri, () => cellsOf(this.parsed(document as LangiumDocument<File>)));
  }

  private parsed(document: LangiumDocument<File>): ParsedFile {
    const { tokens } = this.services.parser.Lexer.tokenize(document.textDocument.getText());
    return { uri: document.uri.toString(), parsed: document.parseResult, tokens };
  }
}
