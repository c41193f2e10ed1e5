/** What a model stands between: the data that it reads, the loss that it is trained with, the layers that it has. */
import type { TokenReader } from './token-reader.ts';

export interface ModelContext {
  /** Undefined where the file does not say, or has several that differ. */
  readonly source: 'text' | 'csv' | undefined;
  readonly loss: 'cross_entropy' | 'mse' | undefined;
  /** Names of the layers before the cursor, groups and their layers among them. */
  readonly before: readonly string[];
  /** Whether the cursor is in the braces of a group. */
  readonly inGroup: boolean;
}

/** @param head the word that opens the model; undefined where the cursor is in none */
export function modelContext(reader: TokenReader, head: number | undefined): ModelContext {
  const name = head === undefined ? undefined : reader.nameOf(head);
  const trains = reader.headsOf('train').filter((train) => {
    const model = settingOf(reader, train, 'model');
    return name === undefined || model === undefined || model === name;
  });
  const named = new Set(trains.map((train) => settingOf(reader, train, 'data')));
  const data = reader
    .headsOf('data')
    .filter((block) => named.size !== 1 || named.has(undefined) || named.has(reader.nameOf(block)));
  const source = single(data.map((block) => settingOf(reader, block, 'source')));
  const loss = single(trains.map((train) => settingOf(reader, train, 'loss')));
  return {
    source: source === 'text' || source === 'csv' ? source : undefined,
    loss: loss === 'cross_entropy' || loss === 'mse' ? loss : undefined,
    before: head === undefined ? [] : layersBefore(reader, head),
    inGroup: reader.open.length > 1,
  };
}

function settingOf(reader: TokenReader, head: number, key: string): string | undefined {
  const value = reader.valueOf(head, key);
  return value === undefined ? undefined : reader.image(value);
}

function single(values: readonly (string | undefined)[]): string | undefined {
  const [first, ...others] = new Set(values);
  return others.length === 0 ? first : undefined;
}

function layersBefore(reader: TokenReader, head: number): readonly string[] {
  const names: string[] = [];
  let parentheses = 0;
  for (let at = (reader.braceOf(head) ?? head) + 1; at < reader.index; at++) {
    const image = reader.image(at)!;
    if (image === '(' || image === '[') parentheses++;
    if (image === ')' || image === ']') parentheses--;
    if (parentheses === 0 && reader.isNameAt(at)) names.push(image);
  }
  return names;
}
