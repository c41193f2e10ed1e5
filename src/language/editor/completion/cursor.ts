/** What the cursor touches, told from tokens: that works while the line is half written and the syntax tree has holes. */
import type { LexerResult } from 'langium';
import { isUnclosedText } from '../../check/syntax-errors.ts';
import { isName, type Token } from '../../check/tokens.ts';

export interface Cursor {
  readonly tokens: readonly Token[];
  readonly offset: number;
  /** Of the first token at or after the word that is being typed: the tokens before it are complete. */
  readonly index: number;
  /** The name that the cursor is in or at the end of, which gets replaced. */
  readonly word: Token | undefined;
  /** The text in quotes that the cursor is in. */
  readonly text: Token | undefined;
}

/** @returns undefined where nothing can be completed: in comments and numbers, and at the end of a closed text */
export function cursorAt({ tokens, hidden }: LexerResult, offset: number): Cursor | undefined {
  if (hidden.some((token) => token.tokenType.name === 'COMMENT' && touches(token, offset))) return undefined;
  const next = firstEndingAt(tokens, offset);
  const touched = tokens[next];
  const nothing = { tokens, offset, word: undefined, text: undefined };
  if (touched === undefined || !touches(touched, offset)) return { ...nothing, index: next };
  if (isName(touched)) return { ...nothing, index: next, word: touched };
  const isInside = offset < endOf(touched);
  switch (touched.tokenType.name) {
    case 'NUMBER':
      return undefined;
    case 'STRING':
      return isInside || isUnclosedText(touched) ? { ...nothing, index: next, text: touched } : undefined;
    default:
      return { ...nothing, index: next + 1 };
  }
}

/** Tokens are in order, so that a search in halves finds the place. */
function firstEndingAt(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endOf(tokens[middle]!) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function endOf(token: Token): number {
  return token.startOffset + token.image.length;
}

function touches(token: Token, offset: number): boolean {
  return token.startOffset < offset && offset <= endOf(token);
}
