/** A text as what formatting must keep: its tokens and comments, in order. */
import type { LexerResult } from 'langium';
import type { Token } from '../../check/tokens.ts';

export interface Piece {
  /** A comment is without the spaces at its end. */
  readonly image: string;
  readonly offset: number;
  readonly end: number;
  readonly role: PieceRole;
  /** Line breaks before it in the text. */
  readonly breaks: number;
}

export type PieceRole =
  | 'comment'
  /** `(` and `[` after a name: of a call, and of `h[t-1]`. */
  | 'attachedBracket'
  | 'openBracket'
  | 'closeBracket'
  /** Between the brackets of `h[t-1]`. */
  | 'delay'
  | 'comma'
  | 'percent'
  | 'sign'
  | 'binaryOperator'
  | 'other';

export function piecesOf(text: string, { tokens, hidden }: LexerResult): readonly Piece[] {
  const comments = hidden.filter(({ tokenType }) => tokenType.name === 'COMMENT');
  const sorted = [...tokens, ...comments].sort((one, other) => one.startOffset - other.startOffset);
  const pieces: Piece[] = [];
  let previous: Piece | undefined;
  let end = 0;
  for (const token of sorted) {
    const image = token.image.trimEnd();
    const offset = token.startOffset;
    const role = roleOf(token, previous);
    const breaks = text.slice(end, offset).match(/\r\n|\n|\r/g)?.length ?? 0;
    end = offset + image.length;
    const piece: Piece = { image, offset, end, role, breaks };
    pieces.push(piece);
    if (role !== 'comment') previous = piece;
  }
  return pieces;
}

/** @param previous the token before, comments aside */
function roleOf(token: Token, previous: Piece | undefined): PieceRole {
  if (token.tokenType.name === 'COMMENT') return 'comment';
  const { image } = token;
  const isAfterName = previous !== undefined && isNameText(previous.image) && previous.role !== 'delay';
  switch (image) {
    case '(':
    case '[':
      return isAfterName ? 'attachedBracket' : 'openBracket';
    case ')':
    case ']':
      return 'closeBracket';
    case ',':
      return 'comma';
    case '%':
      return 'percent';
  }
  if (isInDelay(image, previous)) return 'delay';
  if (/^[-+*/@]$/.test(image)) return endsValue(previous) ? 'binaryOperator' : 'sign';
  return 'other';
}

/** `t`, a sign, and a number. */
function isInDelay(image: string, previous: Piece | undefined): boolean {
  if (previous?.role === 'attachedBracket') return previous.image === '[' && isNameText(image);
  if (previous?.role !== 'delay') return false;
  return isNameText(previous.image)
    ? image === '-' || image === '+'
    : /^[-+]/.test(previous.image) && /^[.\d]/.test(image);
}

function isNameText(image: string): boolean {
  return /^[A-Za-z_]/.test(image);
}

function endsValue(previous: Piece | undefined): boolean {
  if (previous === undefined) return false;
  return previous.role === 'closeBracket' || previous.role === 'percent' || /^[\w".]/.test(previous.image);
}

/** What stands between two pieces of one line. */
export function spaceBetween(left: Piece, right: Piece): '' | ' ' {
  switch (right.role) {
    case 'attachedBracket':
    case 'closeBracket':
    case 'delay':
    case 'comma':
    case 'percent':
      return '';
  }
  switch (left.role) {
    case 'attachedBracket':
    case 'openBracket':
    case 'sign':
      return '';
  }
  return left.image === '{' && right.image === '}' ? '' : ' ';
}

/** Whether a break that the writer made between two tokens of a statement stays: beside operators and in brackets. */
export function mayBreakBetween(left: Piece, right: Piece): boolean {
  if (right.role === 'comma' || right.role === 'delay' || right.role === 'attachedBracket') return false;
  const isOpen = left.role === 'openBracket' || left.role === 'attachedBracket';
  if (right.role === 'closeBracket') return !isOpen && left.role !== 'delay';
  const isSide = right.role === 'binaryOperator' || left.role === 'binaryOperator' || left.role === 'comma';
  return isOpen || isSide || left.image === '=' || left.image === '~';
}
