/** What can stand at the cursor in a cell. */
import { functions, inputName, isFunctionName } from '../../vocabulary/functions.ts';
import { argumentsBefore, type CellNames, type CompletionPlace, type FileNames } from './place.ts';
import type { TokenReader } from './token-reader.ts';

const operators = new Set(['=', '+', '-', '*', '/', '@', '(', ',']);
const statementWords: ReadonlySet<string | undefined> = new Set(['param', 'initial', 'output']);

export function cellPlace(reader: TokenReader, file: FileNames): CompletionPlace | undefined {
  const { previous } = reader;
  const innermost = reader.open.at(-1)!;
  const names = namesOf(reader);
  if (reader.image(innermost) === '[') {
    if (reader.image(innermost - 1) === ':') return { kind: 'constant', names, file };
    return previous === '[' ? { kind: 'delay' } : undefined;
  }
  switch (previous) {
    case '~':
      return { kind: 'initialiser', isMatrix: isMatrix(reader) };
    case 'param':
    case ':':
      return undefined;
    case 'output':
    case 'initial':
      return { kind: 'quantity', names, word: previous };
  }
  if (previous === undefined || !operators.has(previous)) {
    return reader.image(innermost) === '{' ? { kind: 'statement', names } : undefined;
  }
  switch (statementWord(reader)) {
    case 'param':
      return previous === '=' ? { kind: 'constant', names, file } : undefined;
    case 'initial':
      return { kind: 'constant', names, file, isInitial: true };
    default:
      return equationPlace(reader, names, file);
  }
}

/** An operand; among the arguments of a function also the name of one. */
function equationPlace(reader: TokenReader, names: CellNames, file: FileNames): CompletionPlace {
  const { index, previous } = reader;
  const innermost = reader.open.at(-1)!;
  const called = reader.image(innermost) === '(' ? reader.image(innermost - 1) : undefined;
  if (called === undefined || !isFunctionName(called)) return { kind: 'expression', names, file };
  if (previous === '=' && isNumber(called, reader.image(index - 2))) return { kind: 'constant', names, file };
  if (previous !== '(' && previous !== ',') return { kind: 'expression', names, file };
  const used = argumentsBefore(reader, functions[called].parameters, innermost);
  return { kind: 'expression', names, file, call: { name: called, used } };
}

function isNumber(called: keyof typeof functions, parameter: string | undefined): boolean {
  return functions[called].parameters.some(
    ({ name, value }) => name === parameter && value.kind === 'number',
  );
}

/** Whether the shape before `~` has two sizes; undefined where there is none. */
function isMatrix(reader: TokenReader): boolean | undefined {
  if (reader.image(reader.index - 2) !== ']') return undefined;
  let items = reader.image(reader.index - 3) === '[' ? 0 : 1;
  for (let at = reader.index - 3; at > reader.head && reader.image(at) !== ':'; at--) {
    if (reader.image(at) === ',' && reader.depth(at) === 2) items++;
  }
  return items === 2;
}

/** `param`, `output` or `initial` inside such a line, `=` inside an equation. */
function statementWord(reader: TokenReader): string | undefined {
  for (let at = reader.index - 1; at > reader.open[0]!; at--) {
    const image = reader.image(at);
    if (statementWords.has(image)) return image;
    if (image === '=' && reader.isOutermost(at) && reader.image(at - 1) !== ']') {
      return reader.image(at - 2) === 'initial' ? 'initial' : image;
    }
  }
  return undefined;
}

/** A line of a cell, from one token up to another. */
interface Line {
  readonly word: 'param' | 'initial' | 'output' | 'equation';
  readonly start: number;
  readonly end: number;
}

function namesOf(reader: TokenReader): CellNames {
  const lines = linesOf(reader);
  const ofWord = (word: Line['word']) => lines.filter((line) => line.word === word);
  const headArguments = reader.headArguments(reader.head).map(({ name }) => name);
  const parameters = ofWord('param').flatMap((line) => declared(line, reader));
  const equations = ofWord('equation');
  const quantities = equations.map(({ start }) => reader.image(start)!);
  const [output] = ofWord('output').flatMap(({ start }) => nameAt(start + 1, reader));
  const read = new Set([
    ...equations.flatMap(({ start, end }) => reads(start + 2, end, reader)),
    ...(output === undefined ? [] : [output]),
  ]);
  const known = new Set([inputName, ...headArguments, ...parameters, ...quantities]);
  const current = equations.findLast(({ start }) => start < reader.index);
  return {
    arguments: headArguments,
    parameters,
    quantities,
    defined: current && reader.image(current.start),
    output,
    read,
    missing: [...read].filter((name) => !known.has(name)),
  };
}

function linesOf(reader: TokenReader): readonly Line[] {
  const starts: Omit<Line, 'end'>[] = [];
  const end = reader.endOfBlock(reader.head);
  for (let at = reader.open[0]! + 1; at < end; at++) {
    const image = reader.image(at)!;
    if (at === reader.index && reader.isNameAt(at)) continue;
    if (image === 'param' || image === 'initial' || image === 'output') {
      starts.push({ word: image, start: at });
    } else if (reader.isNameAt(at) && reader.image(at + 1) === '=' && reader.isOutermost(at)) {
      if (reader.image(at - 1) !== 'initial') starts.push({ word: 'equation', start: at });
    }
  }
  return starts.map((line, index) => ({ ...line, end: starts[index + 1]?.start ?? end }));
}

/** A name, unless it is the one that is being typed. */
function nameAt(at: number, reader: TokenReader): readonly string[] {
  return at !== reader.index && reader.isNameAt(at) ? [reader.image(at)!] : [];
}

/** The names of a `param` line: those before its shape. */
function declared({ start, end }: Line, reader: TokenReader): readonly string[] {
  const names: string[] = [];
  for (let at = start + 1; at < end && !/^[:~=]$/.test(reader.image(at)!); at++) {
    names.push(...nameAt(at, reader));
  }
  return names;
}

/** Names that are neither those of functions or of arguments nor the `t` of a delay. */
function reads(start: number, end: number, reader: TokenReader): readonly string[] {
  const names: string[] = [];
  for (let at = start; at < end; at++) {
    const next = reader.image(at + 1);
    const isDelay = reader.image(at - 1) === '[' && reader.image(at) === 't';
    if (next !== '(' && next !== '=' && !isDelay) names.push(...nameAt(at, reader));
  }
  return names;
}
