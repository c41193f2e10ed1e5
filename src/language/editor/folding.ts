/** Folding: what is in brackets over several lines, comments and imports that follow each other. Told from tokens. */
import type { LangiumDocument, Lexer, LexerResult } from 'langium';
import type { FoldingRangeProvider } from 'langium/lsp';
import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import { opensBlock, type Token } from '../check/tokens.ts';
import type { RnnServices } from './module.ts';

export class RnnFoldingRangeProvider implements FoldingRangeProvider {
  private readonly lexer: Lexer;

  constructor(services: RnnServices) {
    this.lexer = services.parser.Lexer;
  }

  getFoldingRanges({ textDocument }: LangiumDocument): FoldingRange[] {
    const lexed = this.lexer.tokenize(textDocument.getText());
    return [
      ...bracketFolds(lexed.tokens),
      ...runsOf(commentLines(lexed)).map((run) => fold(run, FoldingRangeKind.Comment)),
      ...runsOf(importLines(lexed.tokens)).map((run) => fold(run, FoldingRangeKind.Imports)),
    ];
  }
}

/** The line of the closing bracket stays. */
function bracketFolds(tokens: readonly Token[]): FoldingRange[] {
  const folds: FoldingRange[] = [];
  let open: number[] = [];
  for (const [index, token] of tokens.entries()) {
    const line = lineOf(token);
    // Brackets that are not closed end where the next block opens.
    if (opensBlock(tokens, index)) open = [];
    if (/^[[({]$/.test(token.image)) open.push(line);
    if (!/^[\])}]$/.test(token.image)) continue;
    const startLine = open.pop();
    if (startLine !== undefined && line > startLine + 1) folds.push({ startLine, endLine: line - 1 });
  }
  return folds;
}

/** Lines with nothing but a comment. */
function commentLines({ tokens, hidden }: LexerResult): readonly number[] {
  const ends = new Set(tokens.map(({ endLine }) => endLine! - 1));
  return hidden
    .filter(({ tokenType }) => tokenType.name === 'COMMENT')
    .map(lineOf)
    .filter((line) => !ends.has(line));
}

function importLines(tokens: readonly Token[]): readonly number[] {
  return tokens
    .filter((token, index) => token.image === 'import' && tokens[index + 1]?.tokenType.name === 'STRING')
    .map(lineOf);
}

function lineOf({ startLine }: Token): number {
  return startLine! - 1;
}

/** Two or more lines that follow each other. */
function runsOf(lines: readonly number[]): readonly (readonly number[])[] {
  const runs: number[][] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run?.at(-1) === line - 1) run.push(line);
    else runs.push([line]);
  }
  return runs.filter((run) => run.length > 1);
}

function fold(lines: readonly number[], kind: FoldingRangeKind): FoldingRange {
  return { startLine: lines[0]!, endLine: lines.at(-1)!, kind };
}
