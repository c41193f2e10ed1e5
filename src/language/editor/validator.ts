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
import type { Diagnostic as CheckDiagnostic } from '../checked-model.ts';
import type { File } from '../generated/ast.ts';
import { missingDataFile } from '../missing-data-file.ts';
import type { FileChecks } from './file-checks.ts';
import type { RnnServices } from './module.ts';

export class RnnDocumentValidator extends DefaultDocumentValidator {
  // The checks need the services that this validator is a part of: taken when first used.
  private readonly checks: () => FileChecks;
  private readonly files: FileSystemProvider;

  constructor(services: RnnServices) {
    super(services);
    this.checks = () => services.checks;
    this.files = services.shared.workspace.FileSystemProvider;
  }

  override async validateDocument(
    document: LangiumDocument,
    options: ValidationOptions = {},
  ): Promise<Diagnostic[]> {
    // All checks belong to one category, which an edit and the first opening ask for.
    if (options.categories && !options.categories.includes('built-in')) return [];
    const check = this.checks().of(document as LangiumDocument<File>);
    const missing = await this.missingDataFile(document, check);
    return [...check.diagnostics, ...missing].map(toProtocol);
  }

  private async missingDataFile(document: LangiumDocument, check: FileCheck): Promise<CheckDiagnostic[]> {
    const file = dataFileOf(document, check);
    if (file === undefined || check.data === undefined || (await this.files.exists(file))) return [];
    const message = missingDataFile(check.data.source.path);
    return [{ severity: 'error', code: 'data-file-missing', message, source: check.data.ranges.path }];
  }
}

/** The data file that a file names; undefined where it names none, or has no folder to look in. */
export function dataFileOf(document: LangiumDocument, check: FileCheck): URI | undefined {
  if (check.data === undefined || document.uri.scheme !== 'file') return undefined;
  return UriUtils.resolvePath(UriUtils.dirname(document.uri), check.data.source.path);
}

const severities = { error: 1, warning: 2 } as const;
const unnecessary = 1;

function toProtocol({ severity, code, message, source }: CheckDiagnostic): Diagnostic {
  const diagnostic: Diagnostic = {
    severity: severities[severity],
    code,
    message,
    source: 'unroll',
    range: { start: source.start, end: source.end },
  };
  return code.startsWith('unused-') ? { ...diagnostic, tags: [unnecessary] } : diagnostic;
}
