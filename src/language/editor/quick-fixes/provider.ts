/** Code actions: quick fixes of what is wrong, all misspelt names at once, and cells exchanged with the prelude's. */
import { type LangiumDocument, UriUtils } from 'langium';
import type { CodeActionProvider } from 'langium/lsp';
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic as ProtocolDiagnostic,
  type Range,
} from 'vscode-languageserver';
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
    const { diagnostics } = this.services.checks.of(file);
    const isAsked = (kind: string) =>
      !only || only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));
    const actions: CodeAction[] = [];
    if (isAsked(CodeActionKind.QuickFix)) {
      const here = diagnostics.filter(({ source }) => touches(source, range));
      for (const diagnostic of here) actions.push(...(await this.quickFixes(file, diagnostic, shown)));
    }
    if (isAsked(fixAllKind)) actions.push(...fixAll(diagnostics, uri, only !== undefined));
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

/**
 * Every misspelt name for which one name alone comes into question; offered among quick fixes where there are several.
 */
function fixAll(diagnostics: readonly Diagnostic[], uri: string, isSource: boolean): readonly CodeAction[] {
  const edits = diagnostics.flatMap(({ fix, source, code }) =>
    fix?.kind === 'replace' && fix.texts.length === 1 && /^unknown-/.test(code)
      ? [{ range: rangeOf(source), newText: fix.texts[0]! }]
      : [],
  );
  if (edits.length < (isSource ? 1 : 2)) return [];
  const fix = { title: 'Correct all misspelt names', edits };
  return [toAction(fix, fixAllKind, uri), ...(isSource ? [] : [toAction(fix, CodeActionKind.QuickFix, uri)])];
}

function rangeOf({ start, end }: SourceRange): Range {
  return { start, end };
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
