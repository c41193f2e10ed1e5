/** Edits that keep to the lines of a file: what is inserted gets a line of its own where its neighbours have one. */
import type { AstNode, CstNode, LangiumDocument } from 'langium';
import type { Position, Range, TextEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

export class SourceEdits {
  private readonly document: TextDocument;

  constructor({ textDocument }: LangiumDocument) {
    this.document = textDocument;
  }

  text(node: AstNode): string {
    return node.$cstNode?.text ?? '';
  }

  replace(range: Range, newText: string): TextEdit {
    return { range, newText };
  }

  insert(position: Position, newText: string): TextEdit {
    return { range: { start: position, end: position }, newText };
  }

  /** Lines after a node: below it where nothing but a comment follows it in its line. */
  after(node: AstNode, lines: string): TextEdit {
    const { end, start } = rangeOf(node);
    const rest = this.line(end.line).slice(end.character);
    if (!/^\s*(#.*)?$/.test(rest)) return this.insert(end, ` ${joined(lines)}`);
    const lineEnd = { line: end.line, character: this.line(end.line).length };
    return this.insert(lineEnd, `\n${indented(lines, this.indentation(start.line))}`);
  }

  /** Lines before a node: above it where it starts its line. */
  before(node: AstNode, lines: string): TextEdit {
    const { start } = rangeOf(node);
    const indentation = this.indentation(start.line);
    const startsLine = this.line(start.line).slice(0, start.character).trim() === '';
    const text = startsLine
      ? `${indented(lines, indentation).trimStart()}\n${indentation}`
      : `${joined(lines)} `;
    return this.insert(start, text);
  }

  /** Lines after a brace that opens a block; `isEmpty` where the brace that closes it follows at once. */
  intoBlock(brace: CstNode, lines: string, isEmpty: boolean): TextEdit {
    const { end } = brace.range;
    const indentation = this.indentation(end.line);
    const closing =
      isEmpty && this.line(end.line).slice(end.character).trim().startsWith('}') ? `\n${indentation}` : '';
    return this.insert(end, `\n${indented(lines, `${indentation}  `)}${closing}`);
  }

  /** A node, with its line and the comment behind it where it has one to itself. */
  remove(node: AstNode): TextEdit {
    return this.removeRange(rangeOf(node));
  }

  removeRange({ start, end }: Range): TextEdit {
    const before = this.line(start.line).slice(0, start.character);
    const after = this.line(end.line).slice(end.character);
    if (before.trim() === '' && /^\s*(#.*)?$/.test(after)) {
      const isLast = end.line + 1 >= this.document.lineCount;
      const to = isLast
        ? { line: end.line, character: this.line(end.line).length }
        : { line: end.line + 1, character: 0 };
      return this.replace({ start: { line: start.line, character: 0 }, end: to }, '');
    }
    const spaces = /^[ \t]*/.exec(after)![0].length;
    return this.replace({ start, end: { ...end, character: end.character + spaces } }, '');
  }

  /** One of several that commas separate. */
  removeItem(node: AstNode, siblings: readonly AstNode[]): TextEdit {
    const index = siblings.indexOf(node);
    const { start, end } = rangeOf(node);
    const next = siblings[index + 1];
    const previous = siblings[index - 1];
    if (next) return this.replace({ start, end: rangeOf(next).start }, '');
    return this.replace({ start: previous ? rangeOf(previous).end : start, end }, '');
  }

  /** A paragraph at the end of the file. */
  atEnd(lines: string): TextEdit {
    const text = this.document.getText();
    const position = this.document.positionAt(text.trimEnd().length);
    return this.replace({ start: position, end: this.document.positionAt(text.length) }, `\n\n${lines}\n`);
  }

  indentation(line: number): string {
    return /^[ \t]*/.exec(this.line(line))![0];
  }

  private line(line: number): string {
    const start = { line, character: 0 };
    return this.document.getText({ start, end: { line: line + 1, character: 0 } }).replace(/\r?\n$/, '');
  }
}

export function rangeOf(node: AstNode): Range {
  return node.$cstNode!.range;
}

function indented(lines: string, indentation: string): string {
  return lines
    .split('\n')
    .map((line) => (line === '' ? line : indentation + line))
    .join('\n');
}

function joined(lines: string): string {
  return lines.split('\n').join(' ');
}
