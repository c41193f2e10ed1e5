/** What formatting makes of a text, and what it must leave as it is. */
import assert from 'node:assert/strict';
import { format } from '../../../src/language/editor/format/format.ts';
import type { File } from '../../../src/language/generated/ast.ts';
import { parser } from './sources.ts';

const { Lexer, LangiumParser } = parser;

export function formatted(text: string): string {
  const edits = format(text, Lexer.tokenize(text), LangiumParser.parse<File>(text));
  return edits.reduceRight(
    (result, { from, to, text: put }) => result.slice(0, from) + put + result.slice(to),
    text,
  );
}

/** Tokens and comments in order. */
export function piecesOf(text: string): readonly string[] {
  const { tokens, hidden } = Lexer.tokenize(text);
  const comments = hidden.filter(({ tokenType }) => tokenType.name === 'COMMENT');
  return [...tokens, ...comments]
    .sort((one, other) => one.startOffset - other.startOffset)
    .map(({ image }) => image.trimEnd());
}

/** The syntax tree without its places. */
function treeOf(text: string): unknown {
  return JSON.parse(
    JSON.stringify(LangiumParser.parse<File>(text).value, (key, value) => {
      if (key.startsWith('$') && key !== '$type' && key !== '$refText') return undefined;
      return value && typeof value === 'object' && '$refText' in value ? value.$refText : value;
    }),
  );
}

/** Formatting changes white space alone, and nothing that it means; formatting again changes nothing. */
export function assertFormatsSafely(text: string): void {
  const once = formatted(text);
  assert.equal(once.replace(/\s/g, ''), text.replace(/\s/g, ''));
  assert.deepEqual(piecesOf(once), piecesOf(text));
  assert.deepEqual(treeOf(once), treeOf(text));
  assert.equal(formatted(once), once);
}
