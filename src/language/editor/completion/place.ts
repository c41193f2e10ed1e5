/** What can stand where the cursor is. */
import { isBlockWord } from '../../check/tokens.ts';
import { blocks } from '../../vocabulary/blocks.ts';
import type { WrittenFunction } from '../../vocabulary/functions.ts';
import type { BlockName, Key, OptionParameter, ValueKind } from '../../vocabulary/kinds.ts';
import { findLayer, recurrentDropout } from '../../vocabulary/layers.ts';
import { lossOf } from '../../vocabulary/train-keys.ts';
import { cellPlace } from './cell-place.ts';
import type { Cursor } from './cursor.ts';
import { type FileKind, filesOf } from './file-kinds.ts';
import { type ModelContext, modelContext } from './model-context.ts';
import type { TokenReader } from './token-reader.ts';

export type CompletionPlace =
  /** Nothing is written yet but the word at the cursor. */
  | { readonly kind: 'emptyFile' }
  /** Between blocks; `source` of the file's data, where that is known. */
  | { readonly kind: 'block'; readonly source: 'text' | 'csv' | undefined }
  /** After the word `cell` that starts at `from`: whole cells come in its place. */
  | { readonly kind: 'cellHead'; readonly from: number }
  /** At the start of a setting; `used` keys are there already. */
  | {
      readonly kind: 'key';
      readonly keys: readonly Key[];
      readonly used: ReadonlySet<string>;
      readonly source: 'text' | 'csv' | undefined;
    }
  | {
      readonly kind: 'value';
      readonly value: ValueKind;
      readonly example: string;
      readonly names: FileNames;
      /** The option that fits the rest of the file. */
      readonly fitting?: string;
    }
  /** An argument by name, and the value of the one whose turn it is. */
  | {
      readonly kind: 'argument';
      readonly parameters: readonly ParameterHint[];
      readonly used: ReadonlySet<string>;
      readonly names: FileNames;
    }
  /** `isNew`: not in quotes yet. */
  | { readonly kind: 'path'; readonly files: FileKind; readonly isNew: boolean }
  | {
      readonly kind: 'column';
      /** The CSV file that the block names, as written between quotes. */
      readonly path: string | undefined;
      readonly used: ReadonlySet<string>;
      readonly isNew: boolean;
    }
  | { readonly kind: 'layer'; readonly context: ModelContext; readonly names: FileNames }
  | { readonly kind: 'statement'; readonly names: CellNames }
  | {
      readonly kind: 'expression';
      readonly names: CellNames;
      readonly file: FileNames;
      /** The function among whose arguments the cursor is, and which of them are there. */
      readonly call?: { readonly name: WrittenFunction; readonly used: ReadonlySet<string> };
    }
  | {
      readonly kind: 'constant';
      readonly names: CellNames;
      readonly file: FileNames;
      /** What a state starts from, which a parameter can be. */
      readonly isInitial?: true;
    }
  | { readonly kind: 'initialiser'; readonly isMatrix: boolean | undefined }
  | { readonly kind: 'quantity'; readonly names: CellNames; readonly word: 'output' | 'initial' }
  | { readonly kind: 'delay' };

export type ParameterHint = Pick<OptionParameter, 'name' | 'documentation' | 'example'> & {
  readonly value?: ValueKind;
};

export interface CellSignature {
  readonly name: string;
  readonly parameters: readonly ParameterHint[];
  readonly documentation: string | undefined;
  /** Where it is defined: `this file`, `prelude`, `cells.rnn`. */
  readonly origin: string;
}

/** What a file names outside of its blocks. */
export interface FileNames {
  readonly cells: readonly CellSignature[];
  readonly constants: readonly string[];
  readonly data: readonly string[];
  readonly models: readonly string[];
}

/** In order of appearance. */
export interface CellNames {
  readonly arguments: readonly string[];
  readonly parameters: readonly string[];
  readonly quantities: readonly string[];
  /** The quantity whose equation the cursor is in. */
  readonly defined: string | undefined;
  readonly output: string | undefined;
  /** Names that equations read, and the output. */
  readonly read: ReadonlySet<string>;
  /** Names that are read and not defined. */
  readonly missing: readonly string[];
}

/** @param foreignCells that the file sees beside its `own` */
export function placeAt(
  cursor: Cursor,
  reader: TokenReader,
  own: readonly CellSignature[],
  foreignCells: readonly CellSignature[],
): CompletionPlace | undefined {
  if (cursor.text) return textPlace(reader);
  const names: FileNames = {
    cells: [...own, ...foreignCells.filter((cell) => !own.some(({ name }) => name === cell.name))],
    constants: reader.constants(),
    data: reader.blockNames('data'),
    models: reader.blockNames('model'),
  };
  return reader.head < 0 ? betweenBlocks(reader, names) : inBlock(reader, names);
}

function betweenBlocks(reader: TokenReader, names: FileNames): CompletionPlace | undefined {
  const { index, previous } = reader;
  if (index === 0 && reader.tokens.length <= 1) return { kind: 'emptyFile' };
  if (reader.open.length > 0) return undefined;
  if (previous === 'import') return { kind: 'path', files: 'rnn', isNew: true };
  if (previous === 'let') return undefined;
  if (previous === 'cell') return { kind: 'cellHead', from: reader.tokens[index - 1]!.startOffset };
  const line = lastIndexOf(reader, 'let');
  const inConstant = line >= 0 && index > line + 2 && lastIndexOf(reader, '}') < line;
  if (inConstant && /^[-+*/=(]$/.test(previous!)) {
    return { kind: 'value', value: { kind: 'number' }, example: '64', names };
  }
  const starts = previous === undefined || previous === '}' || inConstant || isImported(reader);
  return starts ? { kind: 'block', source: modelContext(reader, undefined).source } : undefined;
}

function lastIndexOf({ tokens, index }: TokenReader, image: string): number {
  return tokens.slice(0, index).findLastIndex((token) => token.image === image);
}

function isImported(reader: TokenReader): boolean {
  return reader.image(reader.index - 2) === 'import';
}

function inBlock(reader: TokenReader, names: FileNames): CompletionPlace | undefined {
  const block = reader.image(reader.head);
  const [outermost] = reader.open;
  if (outermost === undefined || reader.image(outermost) !== '{' || !isBlockWord(block)) return undefined;
  switch (block satisfies BlockName) {
    case 'data':
    case 'train':
      return settingPlace(reader, blocks[block].keys, names);
    case 'model':
      return modelPlace(reader, names);
    case 'cell':
      return cellPlace(reader, names);
  }
}

function settingPlace(
  reader: TokenReader,
  keys: readonly Key[],
  names: FileNames,
): CompletionPlace | undefined {
  const innermost = reader.open.at(-1)!;
  const key = keys.find((candidate) => candidate.name === currentKey(reader));
  const options = key?.value.kind === 'choice' ? key.value.options : [];
  switch (reader.image(innermost)) {
    case '(': {
      const called = options.find((option) => option.name === reader.image(innermost - 1));
      return called && argumentPlace(reader, called.parameters, innermost, names);
    }
    case '[':
      return key?.value.kind === 'columns' ? columnPlace(reader, true) : undefined;
  }
  const { index, previous } = reader;
  const { source } = modelContext(reader, undefined);
  if (previous === '=') {
    const fitting = key?.name === 'loss' && source ? { fitting: lossOf[source] } : {};
    return key && { kind: 'value', value: key.value, example: key.example, names, ...fitting };
  }
  // A name without `=` is a key that waits for one.
  if (reader.isNameAt(index - 1) && reader.image(index - 2) !== '=') return undefined;
  return {
    kind: 'key',
    keys: applicableKeys(reader, keys),
    used: usedKeys(reader),
    source,
  };
}

/** The key of the setting that the cursor is in. */
function currentKey(reader: TokenReader): string | undefined {
  for (let at = reader.index - 1; at > reader.head; at--) {
    if (reader.image(at) === '=' && reader.isOutermost(at)) return reader.image(at - 1);
  }
  return undefined;
}

function usedKeys(reader: TokenReader): ReadonlySet<string> {
  const used = new Set<string>();
  for (let at = reader.head + 1, end = reader.endOfBlock(reader.head); at < end; at++) {
    const isKey = at !== reader.index && reader.image(at + 1) === '=' && reader.isOutermost(at);
    if (isKey && reader.isNameAt(at)) used.add(reader.image(at)!);
  }
  return used;
}

/** Keys that fit the block's source, where that is known. */
function applicableKeys(reader: TokenReader, keys: readonly Key[]): readonly Key[] {
  const source = reader.image(reader.valueOf(reader.head, 'source') ?? -1);
  if (source !== 'text' && source !== 'csv') return keys;
  return keys.filter((key) => key.source === undefined || key.source === source);
}

function argumentPlace(
  reader: TokenReader,
  parameters: readonly ParameterHint[],
  bracket: number,
  names: FileNames,
): CompletionPlace | undefined {
  const { index, previous } = reader;
  if (previous === '=') {
    const parameter = parameters.find(({ name }) => name === reader.image(index - 2));
    return parameter && { kind: 'value', value: kindOf(parameter), example: parameter.example, names };
  }
  if (previous !== '(' && previous !== ',') return undefined;
  const used = argumentsBefore(reader, parameters, bracket);
  const [first] = parameters;
  const isFile = first?.value?.kind === 'text' && used.size === 0;
  const files = isFile ? filesOf(reader.image(bracket - 1)) : undefined;
  if (files) return { kind: 'path', files, isNew: true };
  return { kind: 'argument', parameters, used, names };
}

function kindOf({ value }: ParameterHint): ValueKind {
  return value ?? { kind: 'number' };
}

/** Parameters that already have an argument, by name or by position. */
export function argumentsBefore(
  reader: TokenReader,
  parameters: readonly { readonly name: string }[],
  bracket: number,
): ReadonlySet<string> {
  const used = new Set<string>();
  let position = 0;
  for (let at = bracket + 1; at < reader.index; at++) {
    if (reader.depth(at) !== reader.depth(bracket) + 1) continue;
    if (reader.image(at) === ',') position++;
    if (reader.image(at + 1) === '=') used.add(reader.image(at)!);
  }
  if (used.size === 0) for (const { name } of parameters.slice(0, position)) used.add(name);
  return used;
}

function modelPlace(reader: TokenReader, names: FileNames): CompletionPlace | undefined {
  const innermost = reader.open.at(-1)!;
  if (reader.image(innermost) === '{') {
    return { kind: 'layer', context: modelContext(reader, reader.head), names };
  }
  if (reader.image(innermost) !== '(') return undefined;
  const name = reader.image(innermost - 1)!;
  const cell = names.cells.find((candidate) => candidate.name === name);
  const parameters = cell ? [...cell.parameters, recurrentDropout] : findLayer(name)?.parameters;
  return parameters && argumentPlace(reader, parameters, innermost, names);
}

/** Inside quotes. */
function textPlace(reader: TokenReader): CompletionPlace | undefined {
  const innermost = reader.open.at(-1);
  if (reader.head < 0) {
    return reader.previous === 'import' ? { kind: 'path', files: 'rnn', isNew: false } : undefined;
  }
  if (innermost === undefined) return undefined;
  if (reader.image(innermost) === '[') return columnPlace(reader, false);
  const files = reader.previous === '(' ? filesOf(reader.image(innermost - 1)) : undefined;
  return files && { kind: 'path', files, isNew: false };
}

function columnPlace(reader: TokenReader, isNew: boolean): CompletionPlace | undefined {
  const { head, index, previous } = reader;
  if (reader.image(head) !== 'data' || (previous !== '[' && previous !== ',')) return undefined;
  const source = reader.valueOf(head, 'source');
  const isTable = source !== undefined && reader.image(source) === 'csv';
  const path = isTable ? contentOf(reader.image(source + 2)) : undefined;
  const used = new Set<string>();
  const bracket = reader.open.at(-1)!;
  for (let at = bracket + 1; at < reader.tokens.length && reader.image(at) !== ']'; at++) {
    const column = at === index ? undefined : contentOf(reader.image(at));
    if (column !== undefined) used.add(column);
  }
  return { kind: 'column', path, used, isNew };
}

function contentOf(image: string | undefined): string | undefined {
  return image?.startsWith('"') ? image.replace(/^"|"$/g, '') : undefined;
}
