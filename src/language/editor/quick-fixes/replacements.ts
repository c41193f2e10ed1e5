/** Quick fixes that the check itself names: another text, or a bracket or quote that is missing. */
import type { DiagnosticCode } from '../../diagnostic-codes.ts';
import type { FixContext, QuickFix } from './quick-fix.ts';

/** Codes whose replacements come with other edits, or behind others. */
const elsewhere: ReadonlySet<DiagnosticCode> = new Set(['loss-does-not-fit-data', 'unknown-quantity']);

export function replacements(context: FixContext): readonly QuickFix[] {
  return elsewhere.has(context.diagnostic.code) ? [] : replacementsOf(context);
}

export function replacementsOf({ diagnostic, edits }: FixContext): readonly QuickFix[] {
  const { fix, source } = diagnostic;
  switch (fix?.kind) {
    case 'insert':
      return [{ title: `Add the missing \`${fix.text.trim()}\``, edits: [edits.insert(fix.at, fix.text)] }];
    case 'replace':
      return fix.texts.map((text) => ({
        title: `Change to \`${text}\``,
        edits: [edits.replace(source, text)],
        ...(fix.texts.length === 1 && { isOnlyName: true as const }),
      }));
    case 'add':
    case undefined:
      return [];
  }
}
