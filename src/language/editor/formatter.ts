/** Formatting: of a file, of a stretch of it, and of what has just been typed. */
import { AstUtils, type LangiumDocument, type Lexer } from 'langium';
import type { Formatter } from 'langium/lsp';
import type {
  DocumentFormattingParams,
  DocumentOnTypeFormattingOptions,
  DocumentOnTypeFormattingParams,
  DocumentRangeFormattingParams,
  Position,
  TextEdit,
} from 'vscode-languageserver';
import type { File } from '../generated/ast.ts';
import { format, type WhiteSpaceEdit } from './format/format.ts';
import type { RnnServices } from './module.ts';

/** The style is one: an editor's own tab size and the like do not matter. */
export class RnnFormatter implements Formatter {
  private readonly lexer: Lexer;

  constructor(services: RnnServices) {
    this.lexer = services.parser.Lexer;
  }

  readonly formatOnTypeOptions: DocumentOnTypeFormattingOptions = {
    firstTriggerCharacter: '}',
    moreTriggerCharacter: ['\n'],
  };

  formatDocument(document: LangiumDocument, _: DocumentFormattingParams): TextEdit[] {
    return this.edits(document, () => true);
  }

  /** White space belongs to what follows it. */
  formatDocumentRange(document: LangiumDocument, { range }: DocumentRangeFormattingParams): TextEdit[] {
    const start = document.textDocument.offsetAt(range.start);
    const end = document.textDocument.offsetAt(range.end);
    return this.edits(document, ({ to }) => start <= to && to <= end);
  }

  /** The block in hand, up to its brace or to the line that was left. */
  formatDocumentOnType(
    document: LangiumDocument,
    { ch, position }: DocumentOnTypeFormattingParams,
  ): TextEdit[] {
    const end = document.textDocument.offsetAt(ch === '\n' ? { ...position, character: 0 } : position);
    const start = startOfBlock(document as LangiumDocument<File>, end);
    if (start === undefined) return [];
    return this.edits(document, ({ to }) => start < to && (ch === '\n' ? to < end : to <= end));
  }

  private edits(document: LangiumDocument, isMeant: (edit: WhiteSpaceEdit) => boolean): TextEdit[] {
    const { textDocument, parseResult } = document as LangiumDocument<File>;
    const text = textDocument.getText();
    const position = (offset: number): Position => textDocument.positionAt(offset);
    return format(text, this.lexer.tokenize(text), parseResult)
      .filter(isMeant)
      .map((edit) => ({ range: { start: position(edit.from), end: position(edit.to) }, newText: edit.text }));
  }
}

/** Offset of the last block, import or constant that starts before an offset. */
function startOfBlock(document: LangiumDocument<File>, offset: number): number | undefined {
  const starts = AstUtils.streamContents(document.parseResult.value).map(
    (item) => item.$cstNode?.offset ?? -1,
  );
  const before = starts.filter((start) => start >= 0 && start < offset).toArray();
  return before.length > 0 ? Math.max(...before) : undefined;
}
