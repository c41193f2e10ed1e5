/** Spaces within lines: one where one belongs, more where what follows stands in a column with the lines around it. */
import type { Line } from './lines.ts';
import { type Piece, spaceBetween } from './pieces.ts';
import type { Structure } from './structure.ts';

/** Spaces before a comment at the end of a line, at least. */
const commentDistance = 2;

/** Spaces before each piece that is not the first of its line. */
export function spacesWithin(lines: readonly Line[], structure: Structure): ReadonlyMap<Piece, number> {
  const spaces = new Map<Piece, number>();
  for (const { pieces } of lines) {
    for (const [index, piece] of pieces.slice(1).entries()) {
      spaces.set(
        piece,
        piece.role === 'comment' ? commentDistance : spaceBetween(pieces[index]!, piece).length,
      );
    }
  }
  for (const run of runsOfSettings(lines)) alignSigns(run, structure, spaces);
  for (const run of runsOfComments(lines)) {
    align(
      run.map((line) => ({ line, piece: line.pieces.at(-1)! })),
      spaces,
    );
  }
  return spaces;
}

/** Lines of one kind that follow each other; comments between them do not matter, blank lines do. */
function runsOfSettings(lines: readonly Line[]): readonly (readonly Line[])[] {
  const runs: Line[][] = [];
  let run: Line[] = [];
  for (const line of lines) {
    if (line.blankBefore) run = [];
    if (line.kind === 'comment' || line.kind === 'continuation') continue;
    if (run[0]?.kind !== line.kind) {
      run = [];
      runs.push(run);
    }
    run.push(line);
  }
  return runs.filter(([first]) => first!.kind !== 'other' && first!.kind !== 'block');
}

/** Lines with a comment at their end that follow each other. */
function runsOfComments(lines: readonly Line[]): readonly (readonly Line[])[] {
  const runs: Line[][] = [];
  let run: Line[] = [];
  for (const line of lines) {
    if (line.blankBefore || run[0]?.depth !== line.depth) run = [];
    if (line.pieces.length === 1 || line.pieces.at(-1)!.role !== 'comment') {
      run = [];
      continue;
    }
    if (run.length === 0) runs.push(run);
    run.push(line);
  }
  return runs;
}

interface Cell {
  readonly line: Line;
  readonly piece: Piece;
}

function alignSigns(run: readonly Line[], { columns }: Structure, spaces: Map<Piece, number>): void {
  const cells: Cell[][] = [];
  for (const line of run) {
    for (const piece of line.pieces.slice(1)) {
      const column = columns.get(piece.offset);
      if (column === undefined) continue;
      cells[column] ??= [];
      cells[column].push({ line, piece });
    }
  }
  // From left to right: what is moved moves what follows it.
  for (const column of cells) if (column) align(column, spaces);
}

/** Moves pieces to the right until all of them start in the same column. */
function align(cells: readonly Cell[], spaces: Map<Piece, number>): void {
  const starts = cells.map((cell) => startOf(cell, spaces));
  const column = Math.max(...starts);
  for (const [index, { piece }] of cells.entries()) {
    spaces.set(piece, spaces.get(piece)! + column - starts[index]!);
  }
}

/** The column in which a piece starts. */
function startOf({ line, piece }: Cell, spaces: ReadonlyMap<Piece, number>): number {
  let column = line.indent;
  for (const other of line.pieces) {
    column += spaces.get(other) ?? 0;
    if (other === piece) break;
    column += other.image.length;
  }
  return column;
}
