/** The cell that is being typed, parsed as if a name stood at the cursor. */
import { AstUtils, type LangiumParser } from 'langium';
import { defineCell } from '../../check/cells.ts';
import type { Environment } from '../../check/constants.ts';
import type { Sizes } from '../../check/shape-texts.ts';
import { isWhole } from '../../check/whole.ts';
import { type Cell, type File, isCell, isNameReference, type NameReference } from '../../generated/ast.ts';
import type { Size } from '../../sizes.ts';
import { ExpectedShapes } from '../expected-shape.ts';
import { type Cursor, endOf } from './cursor.ts';
import type { TokenReader } from './token-reader.ts';

const holeName = 'hole__';

export interface HoleShapes {
  /** Of the cell's names. */
  readonly names: ReadonlyMap<string, Sizes>;
  /** The width that most of the cell has. */
  readonly units: Size | undefined;
  /** What fits at the cursor; undefined where nothing tells. */
  readonly expected: Sizes | undefined;
  /** Whether `@` stands before the cursor or after it. */
  readonly side: 'leftOfProduct' | 'rightOfProduct' | undefined;
}

export function shapesAt(
  cursor: Cursor,
  reader: TokenReader,
  text: string,
  constants: Environment,
  parser: LangiumParser,
): HoleShapes | undefined {
  const found = parseWithHole(cursor, reader, text, parser);
  if (found === undefined) return undefined;
  const { cell, hole } = found;
  cell.statements = cell.statements.filter(isWhole);
  cell.arguments = cell.arguments.filter(isWhole);
  const shapes = new ExpectedShapes(defineCell(cell, '', constants));
  return {
    names: shapes.names,
    units: shapes.usualUnits(),
    expected: hole && shapes.at(hole),
    side: hole && sideOf(hole),
  };
}

function sideOf(hole: NameReference): HoleShapes['side'] {
  const { $container: container } = hole;
  if (container.$type !== 'Binary' || container.operator !== '@') return undefined;
  return container.left === hole ? 'leftOfProduct' : 'rightOfProduct';
}

/** First with the rest of the cell as it is, then with the brackets closed that are open at the cursor. */
function parseWithHole(cursor: Cursor, reader: TokenReader, text: string, parser: LangiumParser) {
  const start = cursor.tokens[reader.head]!.startOffset;
  const lastToken = cursor.tokens[reader.endOfBlock(reader.head) - 1]!;
  const before = text.slice(start, cursor.word?.startOffset ?? cursor.offset);
  const after = text.slice(cursor.word ? endOf(cursor.word) : cursor.offset, endOf(lastToken));
  const closers = reader.open
    .slice(1)
    .map((at) => (reader.image(at) === '(' ? ')' : ']'))
    .reverse()
    .join('');
  const end = lastToken.image === '}' ? '' : '\n}';
  const parse = (closing: string) => parser.parse<File>(`${before} ${holeName}${closing} ${after}${end}`);
  const open = parse('');
  const isBroken = open.parserErrors.length > 0 && closers !== '';
  const closed = isBroken ? parse(closers) : open;
  const best = closed.parserErrors.length < open.parserErrors.length ? closed : open;
  const cell = best.value.blocks.find(isCell);
  return cell && { cell, hole: holeIn(cell) };
}

function holeIn(cell: Cell): NameReference | undefined {
  return AstUtils.streamAst(cell)
    .filter(isNameReference)
    .find((reference) => reference.reference?.$refText === holeName);
}
