/** What an editor asks of the language server, and what it needs of an answer that it can show or apply. */
import assert from 'node:assert/strict';
import type {
  CodeAction,
  CodeLens,
  CompletionList,
  Diagnostic,
  DocumentHighlight,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  LinkedEditingRanges,
  Location,
  LocationLink,
  Position,
  Range,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  TextEdit,
  WorkspaceSymbol,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type CellName, cellAtRequest } from '../../../src/protocol/adjoint-view.ts';

/** A file as it stands in the editor, and where the cursor is. */
export interface Scene {
  readonly document: TextDocument;
  readonly position: Position;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Question {
  readonly method: string;
  readonly params: object;
  /** @throws where an editor could do nothing with the answer */
  readonly check: (answer: never) => void;
}

/** At the cursor. */
export function questionsAt({ document, position, diagnostics }: Scene): readonly Question[] {
  const textDocument = { uri: document.uri };
  const at = { textDocument, position };
  const cursor = { start: position, end: position };
  const options = { tabSize: 2, insertSpaces: true };
  const laws = new Laws(document);
  return [
    question<CompletionList>('completion', { ...at, context: { triggerKind: 1 } }, (list) => {
      for (const { textEdit } of list?.items ?? []) {
        assert.ok(textEdit && 'range' in textEdit);
        laws.range(textEdit.range);
        // VS Code refuses completions that replace more than what is left and right of the cursor in its line.
        assert.equal(textEdit.range.start.line, position.line);
        assert.equal(textEdit.range.end.line, position.line);
        laws.contains(textEdit.range, cursor);
      }
    }),
    question<Hover>('hover', at, (hover) => {
      if (!hover) return;
      assert.ok(hover.range);
      laws.range(hover.range);
      laws.contains(hover.range, cursor);
    }),
    question<SignatureHelp>('signatureHelp', at, (help) => {
      if (!help) return;
      const signature = help.signatures[help.activeSignature ?? 0];
      assert.ok(signature);
      for (const { label } of signature.parameters ?? []) {
        if (typeof label === 'string') assert.ok(signature.label.includes(label));
        else assert.ok(label[0] <= label[1] && label[1] <= signature.label.length);
      }
    }),
    question<LocationLink[]>('definition', at, (links) => {
      for (const link of links ?? []) {
        if (link.originSelectionRange) laws.range(link.originSelectionRange);
        if (link.targetUri !== document.uri) continue;
        laws.range(link.targetRange);
        laws.range(link.targetSelectionRange);
      }
    }),
    question<Location[]>('references', { ...at, context: { includeDeclaration: true } }, (places) => {
      laws.apart((places ?? []).filter(({ uri }) => uri === document.uri).map(({ range }) => range));
    }),
    question<DocumentHighlight[]>('documentHighlight', at, (places) => {
      laws.apart((places ?? []).map(({ range }) => range));
    }),
    question<LinkedEditingRanges>('linkedEditingRange', at, (linked) => {
      if (!linked) return;
      laws.apart(linked.ranges);
      assert.equal(new Set(linked.ranges.map((range) => document.getText(range))).size, 1);
      assert.ok(linked.ranges.some((range) => isWithin(range, cursor)));
    }),
    question<SelectionRange[]>('selectionRange', { textDocument, positions: [position] }, (selections) => {
      assert.equal(selections?.length, 1);
      let inner = cursor;
      for (let next: SelectionRange | undefined = selections[0]; next; next = next.parent) {
        laws.range(next.range);
        laws.contains(next.range, inner);
        inner = next.range;
      }
    }),
    question<TextEdit[]>('onTypeFormatting', { ...at, options, ch: '}' }, (edits) => laws.whiteSpace(edits)),
    question<TextEdit[]>('onTypeFormatting', { ...at, options, ch: '\n' }, (edits) => laws.whiteSpace(edits)),
    question<CodeAction[]>(
      'codeAction',
      { textDocument, range: cursor, context: { diagnostics } },
      (actions) => laws.actions(actions),
    ),
    { method: cellAtRequest, params: { uri: document.uri, position }, check: (_: CellName | null) => {} },
  ];
}

/** About the whole file. */
export function questionsAbout({ document, position, diagnostics }: Scene): readonly Question[] {
  const textDocument = { uri: document.uri };
  const whole = { start: document.positionAt(0), end: document.positionAt(document.getText().length) };
  const above = { start: whole.start, end: position };
  const options = { tabSize: 2, insertSpaces: true };
  const laws = new Laws(document);
  return [
    question<DocumentSymbol[]>('documentSymbol', { textDocument }, (symbols) => laws.symbols(symbols ?? [])),
    question<FoldingRange[]>('foldingRange', { textDocument }, (folds) => {
      for (const { startLine, endLine } of folds ?? []) {
        assert.ok(0 <= startLine && startLine < endLine && endLine < document.lineCount);
      }
    }),
    question<SemanticTokens>('semanticTokens/full', { textDocument }, (tokens) => laws.tokens(tokens)),
    question<SemanticTokens>('semanticTokens/range', { textDocument, range: above }, (tokens) => {
      laws.tokens(tokens);
    }),
    question<TextEdit[]>('formatting', { textDocument, options }, (edits) => laws.whiteSpace(edits)),
    question<TextEdit[]>('rangeFormatting', { textDocument, range: above, options }, (edits) => {
      laws.whiteSpace(edits);
    }),
    question<InlayHint[]>('inlayHint', { textDocument, range: whole }, (hints) => {
      for (const hint of hints ?? []) laws.position(hint.position);
    }),
    question<CodeLens[]>('codeLens', { textDocument }, (lenses) => {
      for (const { range } of lenses ?? []) laws.range(range);
    }),
    question<CodeAction[]>(
      'codeAction',
      { textDocument, range: whole, context: { diagnostics } },
      (actions) => laws.actions(actions),
    ),
    question<DocumentLink[]>('documentLink', { textDocument }, (links) => {
      for (const { range } of links ?? []) laws.range(range);
    }),
    {
      method: 'workspace/symbol',
      params: { query: '' },
      check: (symbols: WorkspaceSymbol[] | null) => {
        for (const { location } of symbols ?? []) {
          if (location.uri === document.uri && 'range' in location) laws.range(location.range);
        }
      },
    },
  ];
}

function question<Answer>(method: string, params: object, check: (answer: Answer | null) => void): Question {
  return { method: `textDocument/${method}`, params, check };
}

/** What holds for every answer about a file. */
export class Laws {
  private readonly document: TextDocument;

  constructor(document: TextDocument) {
    this.document = document;
  }

  position(position: Position): void {
    const { document } = this;
    assert.deepEqual(document.positionAt(document.offsetAt(position)), position, 'is no place of the text');
  }

  range(range: Range): void {
    this.position(range.start);
    this.position(range.end);
    assert.ok(isWithin(range, { start: range.start, end: range.start }), 'ends before it starts');
  }

  contains(outer: Range, inner: Range): void {
    assert.ok(isWithin(outer, inner), `${show(outer)} is not around ${show(inner)}`);
  }

  /** Ranges that do not overlap. */
  apart(ranges: readonly Range[]): void {
    for (const range of ranges) this.range(range);
    const stretches = ranges.map(({ start, end }) => [
      this.document.offsetAt(start),
      this.document.offsetAt(end),
    ]);
    stretches.sort(([one], [other]) => one! - other!);
    for (const [index, [start]] of stretches.entries()) {
      if (index > 0) assert.ok(stretches[index - 1]![1]! <= start!, 'places overlap');
    }
  }

  edits(edits: readonly TextEdit[]): void {
    this.apart(edits.map(({ range }) => range));
  }

  /** Edits that change white space alone. */
  whiteSpace(edits: readonly TextEdit[] | null): void {
    if (!edits) return;
    this.edits(edits);
    const text = TextDocument.applyEdits(this.document, [...edits]);
    assert.equal(
      text.replace(/\s/g, ''),
      this.document.getText().replace(/\s/g, ''),
      'formatting loses text',
    );
  }

  actions(actions: readonly CodeAction[] | null): void {
    for (const { title, edit } of actions ?? []) {
      const edits = edit?.changes?.[this.document.uri];
      assert.ok(title !== '' && edits && edits.length > 0, title);
      this.edits(edits);
    }
  }

  /** VS Code refuses symbols whose name lies outside of them. */
  symbols(symbols: readonly DocumentSymbol[]): void {
    for (const { name, range, selectionRange, children } of symbols) {
      assert.notEqual(name, '');
      this.range(range);
      this.range(selectionRange);
      this.contains(range, selectionRange);
      for (const child of children ?? []) this.contains(range, child.range);
      this.symbols(children ?? []);
    }
  }

  /** One after the other, none over the end of its line. */
  tokens(tokens: SemanticTokens | null): void {
    const data = tokens?.data ?? [];
    assert.equal(data.length % 5, 0);
    let line = 0;
    let character = 0;
    let end = 0;
    for (let index = 0; index < data.length; index += 5) {
      const [lines, characters, length] = data.slice(index, index + 3) as [number, number, number];
      if (lines > 0) character = end = 0;
      line += lines;
      character += characters;
      assert.ok(character >= end && length > 0, 'tokens overlap');
      end = character + length;
      this.range({ start: { line, character }, end: { line, character: end } });
    }
  }
}

function isWithin(outer: Range, inner: Range): boolean {
  return !isBefore(inner.start, outer.start) && !isBefore(outer.end, inner.end);
}

function isBefore(one: Position, other: Position): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}

function show({ start, end }: Range): string {
  return `${start.line}:${start.character}–${end.line}:${end.character}`;
}
