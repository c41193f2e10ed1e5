/** Checks of open files, each done once for every version: diagnostics, hover and completion share them. */
import { DocumentCache, type LangiumDocument, URI } from 'langium';
import type { CellDefinition } from '../check/cells.ts';
import { cellsOf, checkFile, type FileCheck, type ParsedFile } from '../check/check-file.ts';
import type { File } from '../generated/ast.ts';
import type { RnnServices } from './module.ts';

export class FileChecks {
  private readonly services: RnnServices;
  private readonly checks: DocumentCache<'check', FileCheck>;
  private readonly cells: DocumentCache<'cells', ReadonlyMap<string, CellDefinition>>;

  constructor(services: RnnServices) {
    this.services = services;
    this.checks = new DocumentCache(services.shared);
    this.cells = new DocumentCache(services.shared);
  }

  of(document: LangiumDocument<File>): FileCheck {
    return this.checks.get(document.uri, 'check', () =>
      checkFile(this.parsed(document), this.preludeCells()),
    );
  }

  preludeCells(): ReadonlyMap<string, CellDefinition> {
    const uri = URI.parse(this.services.prelude.uri);
    return this.cells.get(uri, 'cells', () => {
      const document = this.services.shared.workspace.LangiumDocuments.getDocument(uri);
      return document ? cellsOf(this.parsed(document as LangiumDocument<File>)) : new Map();
    });
  }

  private parsed(document: LangiumDocument<File>): ParsedFile {
    const { tokens } = this.services.parser.Lexer.tokenize(document.textDocument.getText());
    return { uri: document.uri.toString(), parsed: document.parseResult, tokens };
  }
}
