/** Keeps expressions without end from the parser, which recurses: its stack overflows, and it never recovers. */
import { DefaultLexer, type LexerResult, type TokenizeOptions } from 'langium';
import { opensBlock, type Token } from './check/tokens.ts';

/** How many brackets, and how many braces, can be open at once; the parser's stack is good for twice as many. */
const deepest = 32;
/** How many operators one equation can have; the parser's stack is good for twice as many. */
const longest = 256;

export const boundMessages = {
  deep: `Brackets are nested more than ${deepest} deep here; give a part of this a name of its own.`,
  nested: `Braces are nested more than ${deepest} deep here.`,
  long: `This equation has more than ${longest} operators; give a part of it a name of its own.`,
} as const;

type Bound = keyof typeof boundMessages;

/** How many texts are remembered: a file, and the part of it that completion parses, in two ways. */
const remembered = 3;

/**
 * Leaves out the tokens that lie beyond a bound, and reports where they start. A file is read by the parser, by its
 * checks and by completion: its tokens are made once.
 */
export class BoundedLexer extends DefaultLexer {
  private readonly recent = new Map<string, LexerResult>();

  override tokenize(text: string, options?: TokenizeOptions): LexerResult {
    const result = this.recent.get(text) ?? this.tokenizeAnew(text, options);
    this.recent.delete(text);
    this.recent.set(text, result);
    if (this.recent.size > remembered) this.recent.delete(this.recent.keys().next().value!);
    // The parser takes the hidden tokens out of the list that it gets.
    return { ...result, hidden: [...result.hidden] };
  }

  private tokenizeAnew(text: string, options?: TokenizeOptions): LexerResult {
    const result = super.tokenize(text, options);
    const exceeded = exceededBounds(result.tokens);
    if (exceeded.every((bound) => bound === undefined)) return result;
    const tokens = result.tokens.filter((_, index) => exceeded[index] === undefined);
    const errors = result.tokens.flatMap((token, index) => {
      const bound = exceeded[index];
      return bound === undefined || bound === exceeded[index - 1] ? [] : [errorAt(token, bound)];
    });
    return { ...result, tokens, errors: [...result.errors, ...errors] };
  }
}

/** What is open, and how many operators the equation has so far. */
interface Counts {
  brackets: number;
  braces: number;
  operators: number;
}

/** For each token the bound that it exceeds. Unclosed brackets end where the next block opens, equations at the next `=`. */
function exceededBounds(tokens: readonly Token[]): readonly (Bound | undefined)[] {
  let counts: Counts = { brackets: 0, braces: 0, operators: 0 };
  return tokens.map(({ image }, index) => {
    if (opensBlock(tokens, index)) counts = { brackets: 0, braces: 0, operators: 0 };
    // The name before the next `=` belongs to the next equation.
    if (tokens[index + 1]?.image === '=' && counts.brackets === 0) counts.operators = 0;
    open(counts, image);
    const bound = exceededBound(counts);
    close(counts, image);
    return bound;
  });
}

function open(counts: Counts, image: string): void {
  if (/^[-+*/@]$/.test(image)) counts.operators++;
  if (image === '(' || image === '[') counts.brackets++;
  if (image === '{') counts.braces++;
  if (image === '}') counts.operators = 0;
}

function close(counts: Counts, image: string): void {
  if (image === ')' || image === ']') counts.brackets = Math.max(0, counts.brackets - 1);
  if (image === '}') counts.braces = Math.max(0, counts.braces - 1);
}

function exceededBound({ brackets, braces, operators }: Counts): Bound | undefined {
  if (brackets > deepest) return 'deep';
  if (braces > deepest) return 'nested';
  return operators > longest ? 'long' : undefined;
}

function errorAt(token: Token, bound: Bound): LexerResult['errors'][number] {
  const { startOffset: offset, startLine: line, startColumn: column, image } = token;
  return { offset, line, column, length: image.length, message: boundMessages[bound] };
}
