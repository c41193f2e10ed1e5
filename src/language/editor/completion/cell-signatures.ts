/** Cells as completion offers them: with their arguments and the comment that explains them. */
import type { LexerResult } from 'langium';
import type { Cells } from '../../check/check-file.ts';
import { commentOf } from '../comments.ts';
import type { CellSignature } from './place.ts';
import type { TokenReader } from './token-reader.ts';

/** Of cells whose file is not being typed. */
export function signaturesOf(cells: Cells, origin: string): readonly CellSignature[] {
  return [...cells].map(([name, { node, arguments: declared }]) => ({
    name,
    origin,
    documentation: commentOf(node),
    parameters: [...declared.values()].map((argument) => ({
      name: argument.name,
      documentation: 'Argument of the cell.',
      example: argument.default?.$cstNode?.text ?? '64',
    })),
  }));
}

/** Of the file that is being typed: told from its tokens, for its tree may have holes. */
export function ownSignatures(reader: TokenReader, hidden: LexerResult['hidden']): readonly CellSignature[] {
  const comments = new Map(
    hidden
      .filter(({ tokenType }) => tokenType.name === 'COMMENT')
      .map((token) => [token.startLine!, token.image]),
  );
  return reader.headsOf('cell').flatMap((head) => {
    const name = reader.nameOf(head);
    const line = reader.tokens[head]!.startLine!;
    if (name === undefined) return [];
    const documentation = commentAbove(line, comments);
    return [{ name, origin: 'this file', documentation, parameters: reader.headArguments(head) }];
  });
}

function commentAbove(line: number, comments: ReadonlyMap<number, string>): string | undefined {
  const lines: string[] = [];
  for (let above = line - 1; comments.has(above); above--) lines.unshift(comments.get(above)!);
  return lines.length > 0 ? lines.map((comment) => comment.replace(/^#\s?/, '')).join('\n') : undefined;
}
