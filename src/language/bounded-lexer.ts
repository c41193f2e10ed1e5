/** Keeps brackets that are nested without end from the parser, which recurses: its stack overflows, and it never recovers. */
import { DefaultLexer, type LexerResult, type TokenizeOptions } from 'langium';
import { opensBlock, type Token } from './check/tokens.ts';

/** How many parentheses and square brackets can be open at once; the parser's stack is good for twice as many. */
const deepest = 32;

export const tooDeepMessage = `Brackets are nested more than ${deepest} deep here; give a part of this a name of its own.`;

/** Leaves out the tokens that lie too deep, and reports where they start. */
export class BoundedLexer extends DefaultLexer {
  override tokenize(text: string, options?: TokenizeOptions): LexerResult {
    const result = super.tokenize(text, options);
    const depths = depthsOf(result.tokens);
    if (depths.every((depth) => depth <= deepest)) return result;
    const tokens = result.tokens.filter((_, index) => depths[index]! <= deepest);
    const first = result.tokens.filter(
      (_, index) => depths[index]! > deepest && depths[index - 1]! <= deepest,
    );
    return { ...result, tokens, errors: [...result.errors, ...first.map(tooDeep)] };
  }
}

/** Brackets that are open at each token, its own included; an unclosed one ends where the next block opens. */
function depthsOf(tokens: readonly Token[]): readonly number[] {
  let open = 0;
  return tokens.map(({ image }, index) => {
    if (opensBlock(tokens, index)) open = 0;
    if (image === '(' || image === '[') open++;
    const depth = open;
    if ((image === ')' || image === ']') && open > 0) open--;
    return depth;
  });
}

function tooDeep({ startOffset, startLine, startColumn, image }: Token): LexerResult['errors'][number] {
  return {
    offset: startOffset,
    line: startLine,
    column: startColumn,
    length: image.length,
    message: tooDeepMessage,
  };
}
