/** Formats a file: changes white space between tokens and comments, and nothing else. */
import type { LexerResult, ParseResult } from 'langium';
import type { File } from '../../generated/ast.ts';
import { spacesWithin } from './columns.ts';
import { type Line, layOut } from './lines.ts';
import { type Piece, piecesOf } from './pieces.ts';
import { type Structure, structureOf } from './structure.ts';

/** White space at offsets `from` up to `to` that is to be another. */
export interface WhiteSpaceEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** What a text needs to be in the language's one style. Blocks that do not parse, and what is beside them, stay as they are. */
export function format(
  text: string,
  lexed: LexerResult,
  parsed: ParseResult<File>,
): readonly WhiteSpaceEdit[] {
  const structure = structureOf(parsed, lexed.tokens);
  const pieces = piecesOf(text, lexed);
  const lines = layOut(pieces, structure);
  const wanted = whiteSpaceOf(lines, structure, lineBreakOf(text));
  const movable = movablePieces(pieces, structure);
  const edits: WhiteSpaceEdit[] = [];
  let from = 0;
  for (const piece of pieces) {
    if (movable.has(piece)) edits.push({ from, to: piece.offset, text: wanted.get(piece)! });
    from = piece.end;
  }
  const last = pieces.findLast(({ role }) => role !== 'comment');
  if (last === undefined || structure.sound.has(last.offset)) {
    edits.push({ from, to: text.length, text: pieces.length > 0 ? lineBreakOf(text) : '' });
  }
  return edits.filter((edit) => isChange(edit, text));
}

/** Whether there is something to change, and nothing but white space that it replaces. */
function isChange({ from, to, text: wanted }: WhiteSpaceEdit, text: string): boolean {
  const present = text.slice(from, to);
  return present !== wanted && present.trim() === '';
}

/** White space before each piece. */
function whiteSpaceOf(
  lines: readonly Line[],
  structure: Structure,
  lineBreak: string,
): ReadonlyMap<Piece, string> {
  const spaces = spacesWithin(lines, structure);
  const wanted = new Map<Piece, string>();
  for (const [index, { pieces, indent, blankBefore }] of lines.entries()) {
    const breaks = index === 0 ? '' : blankBefore ? lineBreak + lineBreak : lineBreak;
    for (const piece of pieces) wanted.set(piece, ' '.repeat(spaces.get(piece) ?? 0));
    wanted.set(pieces[0]!, breaks + ' '.repeat(indent));
  }
  return wanted;
}

/** Pieces between tokens of blocks that parse: the white space before them can change. */
function movablePieces(pieces: readonly Piece[], { sound }: Structure): ReadonlySet<Piece> {
  const isFree = (piece: Piece): boolean => sound.has(piece.offset);
  const movable = new Set<Piece>();
  let gap: Piece[] = [];
  let isFreeBefore = true;
  for (const piece of pieces) {
    gap.push(piece);
    if (piece.role === 'comment') continue;
    if (isFreeBefore && isFree(piece)) for (const each of gap) movable.add(each);
    isFreeBefore = isFree(piece);
    gap = [];
  }
  if (isFreeBefore) for (const each of gap) movable.add(each);
  return movable;
}

/** As the text's first line ends. */
function lineBreakOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}
