/**
 * Where in a file the cursor is, told from the tokens before it: that works while the line is half written and the
 * syntax tree has holes.
 */
import { isBlockWord, isName, opensBlock, type Token } from '../check/tokens.ts';
import { blocks } from '../vocabulary/blocks.ts';
import type { BlockName, Key, OptionParameter, ValueKind } from '../vocabulary/kinds.ts';
import { findLayer, initialisers } from '../vocabulary/layers.ts';

export type CompletionPlace =
  /** Nothing is written yet but the word at the cursor. */
  | { readonly kind: 'emptyFile' }
  | { readonly kind: 'block' }
  /** At the start of a setting; `used` keys are there already. */
  | { readonly kind: 'key'; readonly keys: readonly Key[]; readonly used: ReadonlySet<string> }
  | { readonly kind: 'value'; readonly value: ValueKind }
  | {
      readonly kind: 'argument';
      readonly parameters: readonly ParameterHint[];
      readonly used: ReadonlySet<string>;
    }
  | { readonly kind: 'layer'; readonly cells: readonly CellSignature[] }
  | { readonly kind: 'statement' }
  | { readonly kind: 'expression'; readonly names: CellNames }
  | { readonly kind: 'size'; readonly names: CellNames }
  | { readonly kind: 'quantity'; readonly names: CellNames }
  | { readonly kind: 'delay' };

export type ParameterHint = Pick<OptionParameter, 'name' | 'documentation' | 'example'>;

export interface CellSignature {
  readonly name: string;
  readonly parameters: readonly ParameterHint[];
}

export interface CellNames {
  readonly arguments: readonly string[];
  readonly parameters: readonly string[];
  readonly quantities: readonly string[];
}

/**
 * @param tokens of the whole file
 * @param index of the first token at or after the cursor's word: tokens before it are complete
 * @param foreignCells cells of the prelude
 */
export function placeAt(
  tokens: readonly Token[],
  index: number,
  foreignCells: readonly CellSignature[],
): CompletionPlace | undefined {
  return new PlaceFinder(tokens, index, foreignCells).find();
}

const operators = new Set(['=', '+', '-', '*', '/', '@', '(', ',']);

function depthsOf(tokens: readonly Token[]): readonly number[] {
  let depth = 0;
  return tokens.map(({ image }, index) => {
    if (opensBlock(tokens, index)) depth = 0;
    const before = depth;
    if (image === '(' || image === '[' || image === '{') depth++;
    if (image === ')' || image === ']' || image === '}') depth--;
    return before;
  });
}

class PlaceFinder {
  private readonly tokens: readonly Token[];
  private readonly index: number;
  private readonly foreignCells: readonly CellSignature[];
  /** The word that opens the block that the cursor is in; −1 between blocks. */
  private head = -1;
  /** Brackets that are open at the cursor, outermost first. */
  private readonly open: number[] = [];
  /** Brackets of its block that are open before each token. */
  private readonly depths: readonly number[];

  constructor(tokens: readonly Token[], index: number, foreignCells: readonly CellSignature[]) {
    this.tokens = tokens;
    this.index = index;
    this.foreignCells = foreignCells;
    this.depths = depthsOf(tokens);
    for (let at = 0; at < index; at++) this.advance(at);
  }

  private advance(at: number): void {
    const { image } = this.tokens[at]!;
    if (opensBlock(this.tokens, at)) {
      this.head = at;
      this.open.length = 0;
    } else if (image === '(' || image === '[' || image === '{') {
      this.open.push(at);
    } else if (image === ')' || image === ']' || image === '}') {
      this.open.pop();
      if (image === '}' && this.open.length === 0) this.head = -1;
    }
  }

  private image(index: number): string | undefined {
    return this.tokens[index]?.image;
  }

  find(): CompletionPlace | undefined {
    if (this.index === 0 && this.tokens.length <= 1) return { kind: 'emptyFile' };
    const previous = this.image(this.index - 1);
    if (this.head < 0) {
      const between = previous === undefined || previous === '}';
      return between && this.open.length === 0 ? { kind: 'block' } : undefined;
    }
    const block = this.image(this.head);
    const outermost = this.open[0];
    if (outermost === undefined || this.image(outermost) !== '{' || !isBlockWord(block)) return undefined;
    const innermost = this.open.at(-1)!;
    switch (block satisfies BlockName) {
      case 'data':
      case 'train':
        return this.inSettings(blocks[block].keys, innermost);
      case 'model':
        return this.inModel(innermost);
      case 'cell':
        return this.inCell(innermost);
    }
  }

  private inSettings(keys: readonly Key[], innermost: number): CompletionPlace | undefined {
    const key = keys.find((candidate) => candidate.name === this.currentKey());
    const options = key?.value.kind === 'choice' ? key.value.options : [];
    if (this.image(innermost) === '(') {
      const called = options.find((option) => option.name === this.image(innermost - 1));
      return called && this.inArguments(called.parameters, innermost);
    }
    if (this.image(innermost) === '[') return undefined;
    const previous = this.image(this.index - 1);
    if (previous === '=') return key && { kind: 'value', value: key.value };
    // A name without `=` is a key that waits for one.
    const afterName = isName(this.tokens[this.index - 1]) && this.image(this.index - 2) !== '=';
    return afterName ? undefined : { kind: 'key', keys: this.applicable(keys), used: this.keysInBlock() };
  }

  /** The key of the setting that the cursor is in. */
  private currentKey(): string | undefined {
    const brace = this.open[0]!;
    for (let at = this.index - 1; at > brace; at--) {
      if (this.image(at) === '=' && this.depths[at] === 1) return this.image(at - 1);
    }
    return undefined;
  }

  /** Index after the last token of the block. */
  private blockEnd(): number {
    for (let at = this.head + 1; at < this.tokens.length; at++) {
      if (opensBlock(this.tokens, at)) return at;
      if (this.image(at) === '}' && this.depths[at] === 1) return at + 1;
    }
    return this.tokens.length;
  }

  private keysInBlock(): ReadonlySet<string> {
    const used = new Set<string>();
    for (let at = this.head, end = this.blockEnd(); at < end; at++) {
      const isKey = at !== this.index && this.image(at + 1) === '=' && this.depths[at] === 1;
      if (isKey && isName(this.tokens[at])) used.add(this.image(at)!);
    }
    return used;
  }

  /** Keys that fit the block's source, where that is known. */
  private applicable(keys: readonly Key[]): readonly Key[] {
    const block = this.tokens.slice(this.head, this.blockEnd());
    const source = block.findIndex((token, at) => token.image === 'source' && block[at + 1]?.image === '=');
    const kind = source < 0 ? undefined : block[source + 2]?.image;
    if (kind !== 'text' && kind !== 'csv') return keys;
    return keys.filter((key) => key.source === undefined || key.source === kind);
  }

  private inArguments(parameters: readonly ParameterHint[], bracket: number): CompletionPlace | undefined {
    const previous = this.image(this.index - 1);
    if (previous !== '(' && previous !== ',') return undefined;
    const used = new Set<string>();
    let position = 0;
    for (let at = bracket + 1; at < this.index; at++) {
      if (this.image(at) === ',') position++;
      if (this.image(at + 1) === '=') used.add(this.image(at)!);
    }
    if (used.size === 0) for (const { name } of parameters.slice(0, position)) used.add(name);
    return { kind: 'argument', parameters, used };
  }

  private inModel(innermost: number): CompletionPlace | undefined {
    if (this.image(innermost) === '{') return { kind: 'layer', cells: this.cells() };
    if (this.image(innermost) !== '(') return undefined;
    const name = this.image(innermost - 1)!;
    const called = this.cells().find((cell) => cell.name === name) ?? findLayer(name);
    return called && this.inArguments(called.parameters, innermost);
  }

  /** The file's own cells, then the prelude's. */
  private cells(): readonly CellSignature[] {
    const own: CellSignature[] = [];
    for (let at = 0; at < this.tokens.length; at++) {
      if (this.image(at) !== 'cell' || !opensBlock(this.tokens, at)) continue;
      const parameters = this.headArguments(at).map((name) => ({
        name,
        documentation: 'Argument of the cell.',
        example: '',
      }));
      own.push({ name: this.image(at + 1)!, parameters });
    }
    return [...own, ...this.foreignCells.filter((cell) => !own.some(({ name }) => name === cell.name))];
  }

  /** Names between the parentheses after a cell's name. */
  private headArguments(head: number): string[] {
    const names: string[] = [];
    if (this.image(head + 2) !== '(') return names;
    for (
      let at = head + 3;
      at < this.tokens.length && this.image(at) !== ')' && this.image(at) !== '{';
      at++
    ) {
      const before = this.image(at - 1);
      if (isName(this.tokens[at]) && (before === '(' || before === ',')) names.push(this.image(at)!);
    }
    return names;
  }

  private inCell(innermost: number): CompletionPlace | undefined {
    const previous = this.image(this.index - 1);
    const beforeBracket = this.image(innermost - 1);
    if (this.image(innermost) === '[') {
      if (beforeBracket === ':') return { kind: 'size', names: this.cellNames() };
      return previous === '[' ? { kind: 'delay' } : undefined;
    }
    if (previous === '~') return { kind: 'value', value: { kind: 'choice', options: initialisers } };
    if (previous === 'param' || previous === ':') return undefined;
    if (previous === 'output' || previous === 'initial') return { kind: 'quantity', names: this.cellNames() };
    const inParameter = this.statementWord() === 'param';
    if (inParameter && (previous === ',' || this.image(innermost) === '(')) return undefined;
    if (inParameter && previous === '=') return { kind: 'size', names: this.cellNames() };
    if (previous !== undefined && operators.has(previous))
      return { kind: 'expression', names: this.cellNames() };
    return this.image(innermost) === '{' ? { kind: 'statement' } : undefined;
  }

  /** `param` inside such a line, `=` inside an equation. */
  private statementWord(): string | undefined {
    for (let at = this.index - 1; at > this.open[0]!; at--) {
      const image = this.image(at);
      if (image === 'param' || image === 'output' || image === 'initial') return image;
      if (image === '=' && this.depths[at] === 1 && this.image(at - 1) !== ']') return image;
    }
    return undefined;
  }

  private cellNames(): CellNames {
    const parameters: string[] = [];
    const quantities: string[] = [];
    let inParameter = false;
    for (let at = this.open[0]! + 1, end = this.blockEnd(); at < end; at++) {
      if (this.image(at) === 'param') inParameter = true;
      else if (this.image(at) === ':') inParameter = false;
      else if (!isName(this.tokens[at]) || at === this.index) continue;
      else if (inParameter) parameters.push(this.image(at)!);
      else if (this.image(at + 1) === '=' && this.depths[at] === 1 && this.image(at - 1) !== 'initial') {
        quantities.push(this.image(at)!);
      }
    }
    return { arguments: this.headArguments(this.head), parameters, quantities };
  }
}
