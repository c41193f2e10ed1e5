/** Reads values against what the vocabulary says may stand there: settings, arguments, initialisers. */
import type { AstNode } from 'langium';
import type { Fix } from '../checked-model.ts';
import type { DiagnosticCode } from '../diagnostic-codes.ts';
import type { Argument, Call, Expression } from '../generated/ast.ts';
import type { Size } from '../sizes.ts';
import type { DefaultValue, NumberKind, Option, ShareKind, ValueKind } from '../vocabulary/kinds.ts';
import { type Environment, evaluateConstant, noNames } from './constants.ts';
import { foldedText, type Reporter } from './reporter.ts';

/** A checked value; `node` is absent where it is a default. */
export type Value = { readonly node: AstNode | undefined } & (
  | { readonly kind: 'number'; readonly value: Size }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'columns'; readonly columns: readonly { name: string; node: AstNode }[] }
  | { readonly kind: 'choice'; readonly name: string; readonly arguments: ReadonlyMap<string, Value> }
  | { readonly kind: 'block'; readonly name: string }
  | { readonly kind: 'cell'; readonly call: Call }
);

/** The value of an expression as `kind`; undefined where it does not fit, which is reported. */
export function readValue(
  expression: Expression,
  kind: ValueKind,
  reporter: Reporter,
  environment: Environment = noNames,
): Value | undefined {
  switch (kind.kind) {
    case 'number':
      return readNumber(expression, kind, reporter, environment);
    case 'share':
      return readShare(expression, kind, reporter, environment);
    case 'text':
      return readText(expression, kind.what, reporter);
    case 'columns':
      return readColumns(expression, reporter);
    case 'choice':
      return readChoice(expression, kind.options, reporter, environment);
    case 'block':
      return readBlock(expression, kind.block, reporter);
    case 'cell':
      return readCell(expression, reporter);
  }
}

export function defaultValue(value: DefaultValue): Value {
  if (typeof value === 'number') return { kind: 'number', value, node: undefined };
  const given = Object.entries(value.arguments).map(
    ([name, number]) => [name, defaultValue(number)] as const,
  );
  return { kind: 'choice', name: value.option, arguments: new Map(given), node: undefined };
}

function readNumber(
  expression: Expression,
  kind: NumberKind,
  reporter: Reporter,
  environment: Environment,
): Value | undefined {
  const value = evaluateConstant(expression, environment, reporter);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && !numberFits(value, kind)) {
    const message = `Expected ${describeNumber(kind)}, found \`${foldedText(expression)}\`.`;
    reporter.error('out-of-range', message, expression);
    return undefined;
  }
  return { kind: 'number', value, node: expression };
}

function numberFits(value: number, kind: NumberKind): boolean {
  return (
    (!kind.whole || Number.isSafeInteger(value)) &&
    (kind.above === undefined || value > kind.above) &&
    (kind.atLeast === undefined || value >= kind.atLeast) &&
    (kind.atMost === undefined || value <= kind.atMost) &&
    (kind.below === undefined || value < kind.below)
  );
}

function describeNumber(kind: NumberKind): string {
  const noun = kind.whole ? 'a whole number' : 'a number';
  const bounds: string[] = [];
  if (kind.above !== undefined) bounds.push(`greater than ${kind.above}`);
  if (kind.atLeast !== undefined) bounds.push(`of at least ${kind.atLeast}`);
  if (kind.atMost !== undefined) bounds.push(`at most ${kind.atMost}`);
  if (kind.below !== undefined) bounds.push(`below ${kind.below}`);
  return [noun, bounds.join(' and ')].filter((part) => part !== '').join(' ');
}

function readShare(
  expression: Expression,
  { partial }: ShareKind,
  reporter: Reporter,
  environment: Environment,
): Value | undefined {
  const isLiteral = expression.$type === 'NumberLiteral';
  if (
    !isLiteral &&
    (expression.$type !== 'NameReference' || !environment.has(expression.reference.$refText))
  ) {
    const message = `Expected a share such as \`80%\`, found \`${foldedText(expression)}\`.`;
    reporter.error('not-a-share', message, expression);
    return undefined;
  }
  const value =
    isLiteral && expression.percent
      ? expression.value / 100
      : evaluateConstant(expression, environment, reporter);
  if (typeof value !== 'number') return undefined;
  if (value < 0 || value > 1 || (partial && value === 1)) {
    const mayBePercent = isLiteral && !expression.percent && value > 1 && value <= 100;
    const advice = mayBePercent ? ` Did you mean \`${value}%\`?` : '';
    const bound = value < 0 ? 'at least 0%' : partial ? 'less than 100%' : 'at most 100%';
    const fix = mayBePercent ? ({ kind: 'replace', texts: [`${value}%`] } as const) : undefined;
    reporter.error('out-of-range', `A share is ${bound} here.${advice}`, expression, fix);
    return undefined;
  }
  return { kind: 'number', value, node: expression };
}

function readText(expression: Expression, what: string, reporter: Reporter): Value | undefined {
  if (expression.$type !== 'TextLiteral') {
    const message = `Expected ${what}, in quotes, found \`${foldedText(expression)}\`.`;
    reporter.error('not-a-text', message, expression);
    return undefined;
  }
  if (expression.value.trim() === '') {
    reporter.error('empty-text', `Expected ${what}; this text is empty.`, expression);
    return undefined;
  }
  return { kind: 'text', value: expression.value, node: expression };
}

function readColumns(expression: Expression, reporter: Reporter): Value | undefined {
  if (expression.$type !== 'List' || expression.items.length === 0) {
    const message = `Expected column names such as \`["value"]\`, found \`${foldedText(expression)}\`.`;
    reporter.error('not-a-list', message, expression);
    return undefined;
  }
  const columns: { name: string; node: AstNode }[] = [];
  let complete = true;
  for (const item of expression.items) {
    const column = readText(item, 'the name of a column', reporter);
    if (column?.kind !== 'text') {
      complete = false;
      continue;
    }
    if (columns.some((other) => other.name === column.value)) {
      reporter.error('duplicate-column', `The column "${column.value}" is already in this list.`, item);
    }
    columns.push({ name: column.value, node: item });
  }
  return complete ? { kind: 'columns', columns, node: expression } : undefined;
}

function readBlock(expression: Expression, block: 'data' | 'model', reporter: Reporter): Value | undefined {
  if (expression.$type === 'NameReference' && !expression.delayed) {
    return { kind: 'block', name: expression.reference.$refText, node: expression };
  }
  const message = `Expected the name of a \`${block}\` block, found \`${foldedText(expression)}\`.`;
  reporter.error('unknown-block-name', message, expression);
  return undefined;
}

function readCell(expression: Expression, reporter: Reporter): Value | undefined {
  if (expression.$type === 'Call') return { kind: 'cell', call: expression, node: expression };
  const message = `Expected a cell with its arguments, such as \`LSTM(64)\`, found \`${foldedText(expression)}\`.`;
  reporter.error('not-a-cell', message, expression);
  return undefined;
}

/** Reads `name` or `name(arguments)` as one of `options`. */
export function readChoice(
  expression: Expression,
  options: readonly Option[],
  reporter: Reporter,
  environment: Environment = noNames,
): (Value & { kind: 'choice' }) | undefined {
  const called = calledName(expression);
  if (called === undefined) {
    const message = `Expected ${describeOptions(options)}, found \`${foldedText(expression)}\`.`;
    reporter.error('unknown-value', message, expression);
    return undefined;
  }
  const option = options.find((candidate) => candidate.name === called);
  if (option === undefined) {
    const names = options.map((candidate) => candidate.name);
    const place = reporter.part(expression, expression.$type === 'Call' ? 'function' : 'reference');
    const message = `There is no \`${called}\` here.`;
    const listing = 'Values that can stand here';
    reporter.unknownName('unknown-value', message, place, { name: called, known: names, listing });
    return undefined;
  }
  const given = expression.$type === 'Call' ? expression.arguments : [];
  const values = readArguments(option, given, expression, reporter, environment);
  return values && { kind: 'choice', name: option.name, arguments: values, node: expression };
}

function calledName(expression: Expression): string | undefined {
  if (expression.$type === 'Call') return expression.function.$refText;
  if (expression.$type === 'NameReference' && !expression.delayed) return expression.reference.$refText;
  return undefined;
}

function describeOptions(options: readonly Option[]): string {
  const shown = options.map((option) => `\`${option.example}\``);
  if (shown.length === 1) return shown[0]!;
  return `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}

/** The arguments of an option with defaults filled in; undefined where one is wrong, which is reported. */
export function readArguments(
  option: Option,
  given: readonly Argument[],
  place: AstNode,
  reporter: Reporter,
  environment: Environment = noNames,
): ReadonlyMap<string, Value> | undefined {
  const required = option.parameters.map(({ name, optional, default: value }) => ({
    name,
    required: !optional && value === undefined,
  }));
  const bound = bindArguments(option.name, required, given, place, reporter);
  const values = new Map<string, Value>();
  let complete = bound.complete;
  for (const parameter of option.parameters) {
    const argument = bound.arguments.get(parameter.name);
    const value = argument
      ? readValue(argument.value, parameter.value, reporter, environment)
      : parameter.default !== undefined
        ? defaultValue(parameter.default)
        : undefined;
    if (value) values.set(parameter.name, value);
    else if (argument) complete = false;
  }
  return complete ? values : undefined;
}

export interface BoundArguments {
  readonly arguments: ReadonlyMap<string, Argument>;
  /** Every argument has its place and none is missing. */
  readonly complete: boolean;
}

/** Matches arguments, in order or by name, with the parameters of what is called. */
export function bindArguments(
  called: string,
  parameters: readonly { readonly name: string; readonly required: boolean }[],
  given: readonly Argument[],
  place: AstNode,
  reporter: Reporter,
): BoundArguments {
  const bound = new Map<string, Argument>();
  let complete = true;
  const reject = (code: DiagnosticCode, message: string, where: AstNode, fix?: Fix): void => {
    reporter.error(code, message, where, fix);
    complete = false;
  };
  const names = parameters.map((parameter) => parameter.name);
  for (const [index, argument] of given.entries()) {
    const name = argument.name ?? names[index];
    if (argument.name === undefined && given.slice(0, index).some((earlier) => earlier.name !== undefined)) {
      reject('positional-after-named', 'Arguments without a name come before those with one.', argument);
    } else if (name === undefined) {
      reject('too-many-arguments', tooMany(called, names), argument);
    } else if (!names.includes(name)) {
      const message =
        names.length === 0
          ? `\`${called}\` takes no arguments.`
          : `\`${called}\` has no argument \`${name}\`.`;
      const place = reporter.part(argument, 'name');
      reporter.unknownName('unknown-argument', message, place, { name, known: names, listing: 'It takes' });
      complete = false;
    } else if (bound.has(name)) {
      reject('duplicate-argument', `\`${name}\` is given twice.`, argument);
    } else {
      bound.set(name, argument);
    }
  }
  for (const { name, required } of parameters) {
    if (required && !bound.has(name) && complete) {
      const message = `\`${called}\` needs \`${name}\`: \`${called}(${name} = …)\`.`;
      reject('missing-argument', message, place, { kind: 'add', name });
    }
  }
  return { arguments: bound, complete };
}

function tooMany(called: string, names: readonly string[]): string {
  if (names.length === 0) return `\`${called}\` takes no arguments.`;
  return `\`${called}\` takes ${names.length === 1 ? 'one argument' : `${names.length} arguments`}: ${names.map((name) => `\`${name}\``).join(', ')}.`;
}
