/** Diagnostics of open files: those of analyze(), and whether the data file is there. */
import {
  DefaultDocumentValidator,
  type FileSystemProvider,
  type LangiumDocument,
  type URI,
  UriUtils,
  type ValidationOptions,
} from 'langium';
import type { Diagnostic } from 'vscode-languageserver-types';
import type { FileCheck } from '../check/check-file.ts';
import type { Diagnostic as CheckDiagnostic, DataSpec } from '../checked-model.ts';
import type { File } from '../generated/ast.ts';
import { missingDataFile } from '../missing-data-file.ts';
import type { FileChecks } from './file-checks.ts';
import { isFile } from './files.ts';
import type { RnnServices } from './module.ts';

export class RnnDocumentValidator extends DefaultDocumentValidator {
  // The checks need the services that this validator is a part of: taken when first used.
  private readonly checks: () => FileChecks;
  private readonly files: FileSystemProvider;
  private readonly pages: DiagnosticPages;

  constructor(services: RnnServices) {
    super(services);
    this.checks = () => services.checks;
    this.files = services.shared.workspace.FileSystemProvider;
    this.pages = services.pages;
  }

  override async validateDocument(
    document: LangiumDocument,
    options: ValidationOptions = {},
  ): Promise<Diagnostic[]> {
    // All checks belong to one category, which an edit and the first opening ask for.
    if (options.categories && !options.categories.includes('built-in')) return [];
    const check = this.checks().of(document as LangiumDocument<File>);
    const missing = await this.missingDataFile(document, check);
    return [...check.diagnostics, ...missing].map((diagnostic) => toProtocol(diagnostic, this.pages));
  }

  private async missingDataFile(document: LangiumDocument, check: FileCheck): Promise<CheckDiagnostic[]> {
    const missing: CheckDiagnostic[] = [];
    for (const [file, { source, ranges }] of dataFilesOf(document, check)) {
      if (await isFile(file, this.files)) continue;
      const message = missingDataFile(source.path);
      missing.push({ severity: 'error', code: 'data-file-missing', message, source: ranges.path });
    }
    return missing;
  }
}

/** The data files that a file names; none where it has no folder to look in. */
export function dataFilesOf(
  document: LangiumDocument,
  check: FileCheck,
): readonly (readonly [URI, DataSpec])[] {
  if (document.uri.scheme !== 'file') return [];
  const folder = UriUtils.dirname(document.uri);
  return [...check.data.values()].map((spec) => [UriUtils.resolvePath(folder, spec.source.path), spec]);
}

const severities = { error: 1, warning: 2 } as const;
const unnecessary = 1;

/** Where the page of each code lies, `unknown-key.md`. */
export interface DiagnosticPages {
  readonly uri: string;
}

function toProtocol(
  { severity, code, message, source }: CheckDiagnostic,
  pages: DiagnosticPages,
): Diagnostic {
  const diagnostic: Diagnostic = {
    severity: severities[severity],
    code,
    codeDescription: { href: `${pages.uri}/${code}.md` },
    message,
    source: 'unroll',
    range: { start: source.start, end: source.end },
  };
  return /^(unused|unreachable)-/.test(code) ? { ...diagnostic, tags: [unnecessary] } : diagnostic;
}
