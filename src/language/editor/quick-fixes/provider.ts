/** Code actions: quick fixes of what is wrong, all misspelt names at once, and cells exchanged with the prelude's. */
import { type LangiumDocument, UriUtils } from 'langium';
import type { CodeActionProvider } from 'langium/lsp';
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic as ProtocolDiagnostic,
  type Range,
  type TextEdit,
} from 'vscode-languageserver';
import type { FileCheck } from '../../check/check-file.ts';
import type { Diagnostic, SourceRange } from '../../checked-model.ts';
import type { File } from '../../generated/ast.ts';
import { columnsOf, filesIn } from '../completion/data-files.ts';
import type { RnnServices } from '../module.ts';
import { fixesOf } from './fix-table.ts';
import { cellRefactorings } from './prelude-cells.ts';
import { type DataFiles, FixContext, type QuickFix } from './quick-fix.ts';

const fixAllKind = `${CodeActionKind.SourceFixAll}.unroll`;

export class RnnCodeActionProvider implements CodeActionProvider {
  private readonly services: RnnServices;

  constructor(services: RnnServices) {
    this.services = services;
  }

  async getCodeActions(
    document: LangiumDocument,
    { range, context: { diagnostics: shown, only } }: CodeActionParams,
  ): Promise<CodeAction[]> {
    const file = document as LangiumDocument<File>;
    const { uri } = file.textDocument;
    const check = this.services.checks.of(file);
    const isAsked = (kind: string) =>
      !only || only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));
    const actions: CodeAction[] = [];
    if (isAsked(CodeActionKind.QuickFix)) {
      const here = check.diagnostics.filter(({ source }) => touches(source, range));
      for (const diagnostic of here) actions.push(...(await this.quickFixes(file, diagnostic, shown)));
    }
    const names = { title: 'Correct all misspelt names', edits: fixAll(file, check) };
    // Beside the quick fix of one name, that of all is of use only where there are several.
    if (isAsked(CodeActionKind.QuickFix) && actions.length > 0 && names.edits.length > 1)
      actions.push(toAction(names, CodeActionKind.QuickFix, uri));
    if (isAsked(fixAllKind) && names.edits.length > 0) actions.push(toAction(names, fixAllKind, uri));
    if (isAsked(CodeActionKind.RefactorRewrite)) {
      const refactorings = cellRefactorings(file, range, this.services.checks);
      actions.push(...refactorings.map((fix) => toAction(fix, CodeActionKind.RefactorRewrite, uri)));
    }
    return actions;
  }

  private async quickFixes(
    document: LangiumDocument<File>,
    diagnostic: Diagnostic,
    shown: readonly ProtocolDiagnostic[],
  ): Promise<readonly CodeAction[]> {
    const check = this.services.checks.of(document);
    const files = diagnostic.fix?.kind === 'add' ? await this.dataFiles(document) : usualFiles;
    const fixes = fixesOf(new FixContext(document, diagnostic, check, files));
    const fixed = shown.filter((other) => isSame(other, diagnostic));
    const [first] = fixes.filter(({ isAlternative }) => !isAlternative);
    return fixes.map((fix) => ({
      ...toAction(fix, CodeActionKind.QuickFix, document.textDocument.uri),
      ...(fixed.length > 0 && { diagnostics: fixed }),
      ...(fix === first && { isPreferred: true }),
    }));
  }

  /** The first text and the first table beside a file. */
  private async dataFiles({ uri }: LangiumDocument): Promise<DataFiles> {
    if (uri.scheme !== 'file') return usualFiles;
    const { FileSystemProvider } = this.services.shared.workspace;
    const folder = UriUtils.dirname(uri);
    const [text] = await filesIn(folder, 'text', FileSystemProvider);
    const [csv] = await filesIn(folder, 'csv', FileSystemProvider);
    const [column] = csv ? await columnsOf(UriUtils.resolvePath(folder, csv), FileSystemProvider) : [];
    return {
      text: text ?? usualFiles.text,
      csv: csv ?? usualFiles.csv,
      column: column ?? usualFiles.column,
    };
  }
}

const usualFiles: DataFiles = { text: 'file.txt', csv: 'file.csv', column: 'value' };

function toAction({ title, edits }: QuickFix, kind: CodeActionKind, uri: string): CodeAction {
  return { title, kind, edit: { changes: { [uri]: [...edits] } } };
}

/** Every misspelt name for which one name alone comes into question. */
function fixAll(document: LangiumDocument<File>, check: FileCheck): readonly TextEdit[] {
  return check.diagnostics
    .filter(({ code, fix }) => fix?.kind === 'replace' && code.startsWith('unknown-'))
    .flatMap((diagnostic) => {
      const [first] = fixesOf(new FixContext(document, diagnostic, check, usualFiles));
      return first?.isOnlyName ? first.edits : [];
    });
}

function touches({ start, end }: SourceRange, range: Range): boolean {
  return !isBefore(end, range.start) && !isBefore(range.end, start);
}

function isBefore(one: Range['start'], other: Range['start']): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}

function isSame(shown: ProtocolDiagnostic, { code, source: { start } }: Diagnostic): boolean {
  const place = shown.range.start;
  return shown.code === code && place.line === start.line && place.character === start.character;
}
