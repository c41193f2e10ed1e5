/** What the syntax tree tells about the layout of a file: where lines start, and what stands in columns. */
import { type AstNode, AstUtils, type CstNode, CstUtils, GrammarUtils, type ParseResult } from 'langium';
import { isUnclosedText } from '../../check/syntax-errors.ts';
import type { Token } from '../../check/tokens.ts';
import { type File, isLayer } from '../../generated/ast.ts';

/** What starts at a token that starts a line. */
export interface LineStart {
  /** Braces around it. */
  readonly depth: number;
  readonly kind: LineKind;
}

/** Lines of one kind that follow each other have columns in common; `other` ones have none. */
export type LineKind = 'block' | 'constant' | 'setting' | 'parameter' | 'other';

export interface Structure {
  /** By the offset of the first token. */
  readonly starts: ReadonlyMap<number, LineStart>;
  /** Offsets of braces that close a block or a group of layers, with the braces around them. */
  readonly closings: ReadonlyMap<number, number>;
  /** Offsets of signs that are aligned, with the number of their column, from 0. */
  readonly columns: ReadonlyMap<number, number>;
  /** Offsets of tokens of blocks, imports and constants that parse; what is not here stays as it is. */
  readonly sound: ReadonlySet<number>;
}

export function structureOf(parsed: ParseResult<File>, tokens: readonly Token[]): Structure {
  const damage = damageOf(parsed, tokens);
  const reader = new StructureReader();
  const { imports, constants, blocks } = parsed.value;
  const items = [...imports, ...constants, ...blocks].filter((item) => item.$cstNode !== undefined);
  items.sort((one, other) => one.$cstNode!.offset - other.$cstNode!.offset);
  let index = 0;
  for (const item of items) {
    const { offset, end } = item.$cstNode!;
    while (index < tokens.length && tokens[index]!.startOffset < offset) index++;
    const first = index;
    while (index < tokens.length && tokens[index]!.startOffset < end) index++;
    reader.read(item, tokens.slice(first, index), damage);
  }
  return reader;
}

class StructureReader {
  readonly starts = new Map<number, LineStart>();
  readonly closings = new Map<number, number>();
  readonly columns = new Map<number, number>();
  readonly sound = new Set<number>();

  read(item: AstNode, tokens: readonly Token[], damage: readonly number[]): void {
    if (!isSound(item, tokens, damage)) return;
    for (const { startOffset } of tokens) this.sound.add(startOffset);
    this.visit(item, 0);
  }

  private visit(node: AstNode, depth: number): void {
    const kind = kindOf(node);
    if (kind === undefined) return;
    this.starts.set(node.$cstNode!.offset, { depth, kind });
    const closing = hasBraces(node) ? closingOf(node) : undefined;
    if (closing) this.closings.set(closing.offset, depth);
    for (const [column, sign] of alignedSigns(node).entries()) {
      if (sign) this.columns.set(sign.offset, column);
    }
    for (const child of AstUtils.streamContents(node)) this.visit(child, depth + 1);
  }
}

/** Whether a block, import or constant parses: all of its tokens are in its tree, and no error is within it. */
function isSound(item: AstNode, tokens: readonly Token[], damage: readonly number[]): boolean {
  const node = item.$cstNode!;
  const leaves = CstUtils.flattenCst(node).filter((leaf) => !leaf.hidden);
  const isClosed = AstUtils.streamAst(item).every(
    (part) => !hasBraces(part) || closingOf(part) !== undefined,
  );
  if (!isClosed || leaves.count() !== tokens.length) return false;
  // What comes after a block that is closed is not its error.
  const last = hasBraces(item) ? tokens.at(-1)!.startOffset : node.end;
  return !damage.some((offset) => node.offset <= offset && offset < last);
}

function hasBraces(node: AstNode): boolean {
  return kindOf(node) === 'block' || (isLayer(node) && node.group === true);
}

function closingOf(node: AstNode): CstNode | undefined {
  return GrammarUtils.findNodeForKeyword(node.$cstNode, '}');
}

/** Offsets of tokens at which the file does not parse, and of those before them. */
function damageOf(parsed: ParseResult<File>, tokens: readonly Token[]): readonly number[] {
  return [
    ...parsed.lexerErrors.map(({ offset }) => offset),
    ...tokens.filter(isUnclosedText).map(({ startOffset }) => startOffset),
    ...parsed.parserErrors.flatMap(({ token, resyncedTokens }) => {
      const at = tokens.findIndex(({ startOffset }) => startOffset === token.startOffset);
      const before = tokens.at(at < 0 ? -1 : Math.max(0, at - 1));
      return [token, ...resyncedTokens, ...(before ? [before] : [])].map(({ startOffset }) => startOffset);
    }),
  ];
}

/** Undefined for nodes that are no lines of their own. */
function kindOf(node: AstNode): LineKind | undefined {
  switch (node.$type) {
    case 'DataBlock':
    case 'TrainBlock':
    case 'ModelBlock':
    case 'Cell':
    case 'UnknownBlock':
      return 'block';
    case 'Constant':
      return 'constant';
    case 'Setting':
      return 'setting';
    case 'ParameterStatement':
      return 'parameter';
    case 'Import':
    case 'Layer':
    case 'Equation':
    case 'InitialStatement':
    case 'OutputStatement':
      return 'other';
    default:
      return undefined;
  }
}

function alignedSigns(node: AstNode): readonly (CstNode | undefined)[] {
  const sign = (keyword: string) => GrammarUtils.findNodeForKeyword(node.$cstNode, keyword);
  switch (node.$type) {
    case 'Constant':
    case 'Setting':
      return [sign('=')];
    case 'ParameterStatement':
      return [sign(':'), sign('~') ?? sign('=')];
    default:
      return [];
  }
}
