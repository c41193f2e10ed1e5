/**
 * What a word of the language is, and which values it takes. The files of this folder are the language's one table:
 * checks, completion and hover read it, and what is not in it does not exist.
 */

/** What may stand after a `=`. */
export type ValueKind =
  | NumberKind
  | ShareKind
  | { readonly kind: 'text'; readonly what: string }
  /** `["a", "b"]`: at least one, each once. */
  | { readonly kind: 'columns' }
  | { readonly kind: 'choice'; readonly options: readonly Option[] }
  /** The name of one of the file's blocks of that kind. */
  | { readonly kind: 'block'; readonly block: 'data' | 'model' }
  /** A cell with its arguments: `LSTM(64)`. */
  | { readonly kind: 'cell' };

/** `80%` or `0.8`: a part of a whole; `partial`: not all of it. */
export interface ShareKind {
  readonly kind: 'share';
  readonly partial?: true;
}

export interface NumberKind {
  readonly kind: 'number';
  readonly whole?: true;
  /** Bounds: greater than, at least, at most, less than. */
  readonly above?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly below?: number;
}

/** One of the values that a key takes, a layer or an initialiser: `adam(lr = 0.01)`, `char`, `dense(10)`. */
export interface Option {
  readonly name: string;
  readonly documentation: string;
  /** As it is usually written; completion makes places to type in of its values. */
  readonly example: string;
  readonly parameters: readonly OptionParameter[];
}

export interface OptionParameter {
  readonly name: string;
  readonly value: ValueKind;
  readonly documentation: string;
  /** What holds when the argument is left out; without a default or `optional` the argument must be given. */
  readonly default?: DefaultValue;
  readonly optional?: true;
  /** A usual value, which completion fills in. */
  readonly example: string;
}

export type DefaultValue =
  | number
  | { readonly option: string; readonly arguments: Readonly<Record<string, number>> };

/** As it would be written: `0.01`, `holdout(train = 80%)`. */
export function defaultText(value: DefaultValue): string {
  if (typeof value === 'number') return `${value}`;
  const given = Object.entries(value.arguments).map(([name, share]) => `${name} = ${share * 100}%`);
  return given.length > 0 ? `${value.option}(${given.join(', ')})` : value.option;
}

export interface Key {
  readonly name: string;
  readonly value: ValueKind;
  readonly documentation: string;
  /** As for parameters. */
  readonly default?: DefaultValue;
  readonly optional?: true;
  readonly example: string;
  /** The kind of data source that the key belongs to; absent: both. */
  readonly source?: 'text' | 'csv';
}

export interface Block {
  readonly name: BlockName;
  readonly documentation: string;
  /** In the order in which they are usually written. */
  readonly keys: readonly Key[];
  /** A whole block as a snippet in the LSP's syntax. */
  readonly snippet: string;
}

export type BlockName = 'data' | 'cell' | 'model' | 'train';

/** An option without arguments. */
export function plain(name: string, documentation: string): Option {
  return { name, documentation, example: name, parameters: [] };
}

export const positiveWhole: NumberKind = { kind: 'number', whole: true, atLeast: 1 };
export const positive: NumberKind = { kind: 'number', above: 0 };
