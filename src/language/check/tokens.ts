/** Reading a file by its tokens alone, which works where its syntax tree has holes. */
import type { LexerResult } from 'langium';
import { blockNames } from '../vocabulary/blocks.ts';
import type { BlockName } from '../vocabulary/kinds.ts';

export type Token = LexerResult['tokens'][number];

export function isName(token: Token | undefined): boolean {
  return token !== undefined && /^[A-Za-z_]/.test(token.image);
}

export function isBlockWord(word: string | undefined): word is BlockName {
  return (blockNames as readonly (string | undefined)[]).includes(word);
}

/** Whether the token at `index` starts a block, as in `cell Name(` and `model {`; elsewhere such words are names. */
export function opensBlock(tokens: readonly Token[], index: number): boolean {
  if (!isBlockWord(tokens[index]?.image)) return false;
  const next = tokens[index + 1];
  const afterName = tokens[index + 2]?.image;
  return next?.image === '{' || (next?.tokenType.name === 'ID' && (afterName === '{' || afterName === '('));
}
