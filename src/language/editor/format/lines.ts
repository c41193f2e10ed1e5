/** Lays a file out in lines: every statement on one of its own, breaks within it where the writer made them. */
import { mayBreakBetween, type Piece } from './pieces.ts';
import type { LineKind, Structure } from './structure.ts';

export interface Line {
  readonly pieces: Piece[];
  /** Spaces before it. */
  readonly indent: number;
  /** Braces around it. */
  readonly depth: number;
  /** What it starts; `continuation`: nothing, its statement started on an earlier line. */
  readonly kind: LineKind | 'closing' | 'continuation' | 'comment';
  readonly blankBefore: boolean;
}

/** Spaces of one level of indentation. */
const step = 2;

export function layOut(pieces: readonly Piece[], structure: Structure): readonly Line[] {
  return new LineBuilder(pieces, structure).build();
}

interface Bracket {
  readonly piece: Piece;
  readonly line: Line;
}

class LineBuilder {
  private readonly pieces: readonly Piece[];
  private readonly structure: Structure;
  /** For each piece the first token from it on. */
  private readonly nextTokens: readonly (Piece | undefined)[];
  private readonly lines: Line[] = [];
  /** Braces around what comes next. */
  private depth = 0;
  /** Open parentheses and square brackets, innermost last. */
  private brackets: Bracket[] = [];
  private inStatement = false;
  private previousToken: Piece | undefined;

  constructor(pieces: readonly Piece[], structure: Structure) {
    this.pieces = pieces;
    this.structure = structure;
    this.nextTokens = nextTokensOf(pieces);
  }

  build(): readonly Line[] {
    for (const [index, piece] of this.pieces.entries()) {
      if (piece.role === 'comment') {
        this.placeComment(piece, index);
      } else {
        this.placeToken(piece, index);
        this.follow(piece);
        this.previousToken = piece;
      }
    }
    return this.lines;
  }

  private placeComment(piece: Piece, index: number): void {
    if (piece.breaks === 0 && index > 0) return this.append(piece);
    const isWithin = this.inStatement && !this.startsLine(this.nextTokens[index]);
    if (isWithin) this.start(index, 'continuation', this.hangingIndent());
    else this.start(index, 'comment', this.depth * step);
  }

  private placeToken(piece: Piece, index: number): void {
    const { starts, closings } = this.structure;
    const start = starts.get(piece.offset);
    const closing = closings.get(piece.offset);
    if (start !== undefined) {
      this.depth = start.depth;
      this.brackets = [];
      this.inStatement = true;
      this.start(index, start.kind, start.depth * step);
    } else if (closing !== undefined) {
      this.depth = closing;
      if (this.pieces[index - 1]?.image === '{') this.append(piece);
      else this.start(index, 'closing', closing * step);
    } else {
      this.placeWithin(piece, index);
    }
  }

  /** A token of a statement, not its first. */
  private placeWithin(piece: Piece, index: number): void {
    const previous = this.pieces[index - 1];
    const isKept = previous !== undefined && piece.breaks > 0 && mayBreakBetween(previous, piece);
    if (previous !== undefined && previous.role !== 'comment' && !isKept) return this.append(piece);
    const opening = piece.role === 'closeBracket' ? this.brackets.at(-1) : undefined;
    const indent = opening && isHanging(opening) ? opening.line.indent : this.hangingIndent();
    this.start(index, 'continuation', indent);
  }

  /** Keeps track of brackets and braces. */
  private follow(piece: Piece): void {
    if (piece.image === '{') this.depth++;
    if (piece.image === '{' || piece.image === '}') this.inStatement = false;
    if (piece.role === 'closeBracket') this.brackets.pop();
    if (piece.role === 'openBracket' || piece.role === 'attachedBracket') {
      this.brackets.push({ piece, line: this.lines.at(-1)! });
    }
  }

  /** Of a line that goes on with a statement: one level more than the bracket that its line was left at, or than its start. */
  private hangingIndent(): number {
    const bracket = this.brackets.findLast(isHanging);
    return (bracket?.line.indent ?? this.depth * step) + step;
  }

  private append(piece: Piece): void {
    this.lines.at(-1)!.pieces.push(piece);
  }

  private start(index: number, kind: Line['kind'], indent: number): void {
    const blankBefore = kind !== 'continuation' && kind !== 'closing' && this.isBlankBefore(index);
    this.lines.push({ pieces: [this.pieces[index]!], indent, depth: this.depth, kind, blankBefore });
  }

  private isBlankBefore(index: number): boolean {
    if (this.lines.length === 0 || this.previousToken?.image === '{') return false;
    const separates = this.lines.at(-1)!.kind !== 'comment' && this.separatesBlock(index);
    return this.pieces[index]!.breaks > 1 || separates;
  }

  /** Whether a block, after the comments that start here if any, is to be set off from what is before it, or the reverse. */
  private separatesBlock(index: number): boolean {
    const next = this.nextTokens[index];
    const start = next && this.structure.starts.get(next.offset);
    if (start?.depth !== 0 || this.previousToken === undefined) return false;
    // Where the writer has set off the comments from the block, they belong to what is before.
    for (let at = index + 1; at < this.pieces.length && this.pieces[at]!.offset <= next!.offset; at++) {
      if (this.pieces[at]!.breaks > 1) return false;
    }
    return start.kind === 'block' || this.structure.closings.has(this.previousToken.offset);
  }

  private startsLine(piece: Piece | undefined): boolean {
    const { starts, closings } = this.structure;
    return piece === undefined || starts.has(piece.offset) || closings.has(piece.offset);
  }
}

/** Whether a line was left right after a bracket was opened. */
function isHanging({ piece, line }: Bracket): boolean {
  return line.pieces.findLast(({ role }) => role !== 'comment') === piece;
}

function nextTokensOf(pieces: readonly Piece[]): readonly (Piece | undefined)[] {
  const next: (Piece | undefined)[] = [];
  let token: Piece | undefined;
  for (const piece of pieces.toReversed()) {
    if (piece.role !== 'comment') token = piece;
    next.push(token);
  }
  return next.reverse();
}
