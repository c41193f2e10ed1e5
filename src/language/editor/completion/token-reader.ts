/** A file read by its tokens up to the cursor: which block it is in, which brackets are open, what there is to name. */
import { isName, opensBlock, type Token } from '../../check/tokens.ts';
import type { ParameterHint } from './place.ts';

export class TokenReader {
  readonly tokens: readonly Token[];
  /** Of the first token that is not complete: where the cursor is. */
  readonly index: number;
  /** The word that opens the block that the cursor is in; −1 between blocks. */
  readonly head: number;
  /** Brackets that are open at the cursor, outermost first. */
  readonly open: readonly number[];
  /** How many brackets of its block are open before each token. */
  private readonly depths: readonly number[];
  /** The words that open blocks. */
  readonly heads: readonly number[];

  constructor(tokens: readonly Token[], index: number) {
    this.tokens = tokens;
    this.index = index;
    const depths: number[] = [];
    const heads: number[] = [];
    let open: number[] = [];
    let head = -1;
    let atCursor = { head, open };
    for (let at = 0; at <= tokens.length; at++) {
      if (at === index) atCursor = { head, open: [...open] };
      const image = tokens[at]?.image;
      if (image === undefined) break;
      if (opensBlock(tokens, at)) {
        heads.push(at);
        head = at;
        open = [];
      }
      depths.push(open.length);
      if (isOpening(image)) open.push(at);
      else if (isClosing(image)) open.pop();
      if (image === '}' && open.length === 0) head = -1;
    }
    this.depths = depths;
    this.heads = heads;
    this.head = atCursor.head;
    this.open = atCursor.open;
  }

  image(index: number): string | undefined {
    return this.tokens[index]?.image;
  }

  get previous(): string | undefined {
    return this.image(this.index - 1);
  }

  isNameAt(index: number): boolean {
    return isName(this.tokens[index]);
  }

  /** Whether a token stands in the braces of its block and in no other bracket. */
  isOutermost(index: number): boolean {
    return this.depths[index] === 1;
  }

  depth(index: number): number {
    return this.depths[index] ?? 0;
  }

  /** Index after the last token of a block. */
  endOfBlock(head: number): number {
    for (let at = head + 1; at < this.tokens.length; at++) {
      if (opensBlock(this.tokens, at)) return at;
      if (this.image(at) === '}' && this.isOutermost(at)) return at + 1;
    }
    return this.tokens.length;
  }

  /** Index of the brace that opens a block; undefined where it is not written yet. */
  braceOf(head: number): number | undefined {
    for (let at = head + 1, end = this.endOfBlock(head); at < end; at++) {
      if (this.image(at) === '{') return at;
    }
    return undefined;
  }

  /** The word that opens a block and its name. */
  nameOf(head: number): string | undefined {
    return this.isNameAt(head + 1) ? this.image(head + 1) : undefined;
  }

  headsOf(word: string): readonly number[] {
    return this.heads.filter((head) => this.image(head) === word);
  }

  /** Names of the blocks of a kind. */
  blockNames(word: string): readonly string[] {
    return this.headsOf(word).flatMap((head) => this.nameOf(head) ?? []);
  }

  /** The token after the `=` of a setting of a block. */
  valueOf(head: number, key: string): number | undefined {
    for (let at = head + 1, end = this.endOfBlock(head); at < end; at++) {
      if (this.image(at) === key && this.image(at + 1) === '=' && this.isOutermost(at)) return at + 2;
    }
    return undefined;
  }

  /** What the file's `let` lines before the cursor name. */
  constants(): readonly string[] {
    const names: string[] = [];
    for (let at = 0; at < this.index; at++) {
      if (this.image(at) === 'let' && this.depth(at) === 0 && this.image(at + 2) === '=')
        names.push(this.image(at + 1)!);
    }
    return names;
  }

  /** Names between the parentheses after a cell's name, each with its default as written. */
  headArguments(head: number): readonly ParameterHint[] {
    const found: ParameterHint[] = [];
    if (this.image(head + 2) !== '(') return found;
    for (let at = head + 3; at < this.tokens.length; at++) {
      const image = this.image(at);
      if (image === ')' || image === '{') break;
      const before = this.image(at - 1);
      if (!this.isNameAt(at) || (before !== '(' && before !== ',')) continue;
      const byDefault = this.image(at + 1) === '=' ? this.image(at + 2) : undefined;
      found.push({ name: image!, documentation: 'Argument of the cell.', example: byDefault ?? '64' });
    }
    return found;
  }
}

function isOpening(image: string): boolean {
  return image === '(' || image === '[' || image === '{';
}

function isClosing(image: string): boolean {
  return image === ')' || image === ']' || image === '}';
}
