/** What a quick fix is, and what it is made from. */
import { type AstNode, AstUtils, CstUtils, GrammarUtils, type LangiumDocument } from 'langium';
import type { TextEdit } from 'vscode-languageserver';
import type { FileCheck } from '../../check/check-file.ts';
import type { Diagnostic } from '../../checked-model.ts';
import type { File } from '../../generated/ast.ts';
import { SourceEdits } from './source-edits.ts';

export interface QuickFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Not the first thing that comes to mind. */
  readonly isAlternative?: true;
  /** Spells a name as the only one that is near. */
  readonly isOnlyName?: true;
}

/** Files beside the one that is being fixed, for what needs one; names that could be, where there is none. */
export interface DataFiles {
  readonly text: string;
  readonly csv: string;
  /** A column of the CSV file. */
  readonly column: string;
}

export class FixContext {
  readonly document: LangiumDocument<File>;
  readonly diagnostic: Diagnostic;
  readonly check: FileCheck;
  readonly edits: SourceEdits;
  readonly dataFiles: DataFiles;
  /** The innermost node where the diagnostic starts. */
  readonly node: AstNode | undefined;

  constructor(
    document: LangiumDocument<File>,
    diagnostic: Diagnostic,
    check: FileCheck,
    dataFiles: DataFiles,
  ) {
    this.document = document;
    this.dataFiles = dataFiles;
    this.diagnostic = diagnostic;
    this.check = check;
    this.edits = new SourceEdits(document);
    const root = document.parseResult.value.$cstNode;
    const offset = document.textDocument.offsetAt(diagnostic.source.start);
    this.node = root && CstUtils.findLeafNodeAtOffset(root, offset)?.astNode;
  }

  get file(): File {
    return this.document.parseResult.value;
  }

  /** The innermost node of a kind around the diagnostic's place. */
  around<Kind extends AstNode>(isKind: (node: unknown) => node is Kind): Kind | undefined {
    return AstUtils.getContainerOfType(this.node, isKind);
  }

  /** Exactly what the diagnostic marks; undefined where it marks a part of a node. */
  marked<Kind extends AstNode>(isKind: (node: unknown) => node is Kind): Kind | undefined {
    const { start, end } = this.diagnostic.source;
    for (let node = this.node; node; node = node.$container) {
      const range = node.$cstNode?.range;
      const isMarked =
        range?.start.line === start.line &&
        range.start.character === start.character &&
        range.end.line === end.line &&
        range.end.character === end.character;
      if (isMarked && isKind(node)) return node;
    }
    return undefined;
  }

  part(node: AstNode, property: string) {
    return GrammarUtils.findNodeForProperty(node.$cstNode, property);
  }

  keyword(node: AstNode, keyword: string) {
    return GrammarUtils.findNodeForKeyword(node.$cstNode, keyword);
  }
}

/** `removed`, with the title that all removals have. */
export function removal(what: string, ...edits: readonly TextEdit[]): QuickFix {
  return { title: `Remove ${what}`, edits };
}

/** A name that none of the others is: `data2`. */
export function freeName(base: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  for (let index = 2; ; index++) if (!names.has(`${base}${index}`)) return `${base}${index}`;
}
