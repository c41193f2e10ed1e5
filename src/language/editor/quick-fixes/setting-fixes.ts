/** Quick fixes of `data` and `train`, and of arguments. */
import type { AstNode } from 'langium';
import type { TextEdit } from 'vscode-languageserver';
import {
  type Argument,
  type DataBlock,
  type Expression,
  isArgument,
  isCall,
  isDataBlock,
  isExpression,
  isLayer,
  isList,
  isNumberLiteral,
  isSetting,
  isTrainBlock,
  type Setting,
  type TrainBlock,
} from '../../generated/ast.ts';
import { blocks } from '../../vocabulary/blocks.ts';
import { functions, isFunctionName } from '../../vocabulary/functions.ts';
import type { Key, Option, OptionParameter } from '../../vocabulary/kinds.ts';
import { findLayer } from '../../vocabulary/layers.ts';
import { type FixContext, type QuickFix, removal } from './quick-fix.ts';
import { rangeOf } from './source-edits.ts';

export function removeSetting(context: FixContext): readonly QuickFix[] {
  const setting = context.around(isSetting);
  return setting ? [removal(`\`${setting.key}\``, context.edits.remove(setting))] : [];
}

export function addSetting(context: FixContext): readonly QuickFix[] {
  const { fix } = context.diagnostic;
  const block = context.around(isSettingsBlock);
  if (fix?.kind !== 'add' || !block) return [];
  const key = blocks[block.keyword as 'data' | 'train'].keys.find(({ name }) => name === fix.name);
  if (!key) return [];
  const edits = insertSetting(key, usualValue(key, context), block, context);
  return edits.length > 0 ? [{ title: `Add \`${key.name}\``, edits }] : [];
}

/** One fix for each block that may be meant. */
export function nameOfBlock(context: FixContext): readonly QuickFix[] {
  const { fix } = context.diagnostic;
  const train = context.around(isTrainBlock);
  if (fix?.kind !== 'add' || !train) return [];
  const key = blocks.train.keys.find(({ name }) => name === fix.name);
  const names = context.file.blocks.flatMap((block) => (block.keyword === fix.name && block.name) || []);
  return names.flatMap((name) => {
    const edits = key ? insertSetting(key, name, train, context) : [];
    return edits.length > 0 ? [{ title: `Add \`${fix.name} = ${name}\``, edits }] : [];
  });
}

function isSettingsBlock(node: unknown): node is DataBlock | TrainBlock {
  return isDataBlock(node) || isTrainBlock(node);
}

/** After the settings that usually come before it, its `=` under theirs; nowhere in a block without a brace. */
function insertSetting(
  key: Key,
  value: string,
  block: DataBlock | TrainBlock,
  context: FixContext,
): readonly TextEdit[] {
  const keys = blocks[block.keyword as 'data' | 'train'].keys;
  const order = (name: string) => keys.findIndex((candidate) => candidate.name === name);
  const previous = block.settings.findLast((setting) => order(setting.key) < order(key.name));
  const line = `${key.name.padEnd(signColumn(block.settings, context))} = ${value}`;
  if (previous) return [context.edits.after(previous, line)];
  const brace = context.keyword(block, '{');
  return brace ? [context.edits.intoBlock(brace, line, block.settings.length === 0)] : [];
}

/** How far after the start of its key the `=` of a setting stands, less one space. */
function signColumn(settings: readonly Setting[], context: FixContext): number {
  const columns = settings.flatMap((setting) => {
    const sign = context.keyword(setting, '=');
    return sign ? [sign.range.start.character - rangeOf(setting).start.character - 1] : [];
  });
  return Math.max(0, ...columns);
}

/** What a key mostly has; the loss is told by the data. */
function usualValue(key: Key, { check, dataFiles }: FixContext): string {
  if (key.name === 'source') return `text("${dataFiles.text}")`;
  if (key.value.kind === 'columns') return `["${dataFiles.column}"]`;
  const [data] = check.data.values();
  if (key.name === 'loss' && data) return data.source.kind === 'csv' ? 'mse' : 'cross_entropy';
  return key.example;
}

export function removeArgument(context: FixContext): readonly QuickFix[] {
  const argument = context.around(isArgument);
  return argument
    ? [removal('this argument', context.edits.removeItem(argument, argument.$container.arguments))]
    : [];
}

export function addArgument(context: FixContext): readonly QuickFix[] {
  const { fix } = context.diagnostic;
  const called = context.marked(isCalled);
  if (fix?.kind !== 'add' || !called) return [];
  const argument = `${fix.name} = ${usualArgument(fix.name, called)}`;
  const title = `Add \`${argument}\``;
  const last = called.arguments.at(-1);
  if (last) return [{ title, edits: [context.edits.insert(rangeOf(last).end, `, ${argument}`)] }];
  const bracket = context.keyword(called, '(');
  if (bracket) return [{ title, edits: [context.edits.insert(bracket.range.end, argument)] }];
  const name = context.part(called, isLayer(called) ? 'type' : isCall(called) ? 'function' : 'reference');
  return name ? [{ title, edits: [context.edits.insert(name.range.end, `(${argument})`)] }] : [];
}

type Called = AstNode & { readonly arguments: readonly Argument[] };

/** A layer, a call, or a name that would be one with an argument. */
function isCalled(node: unknown): node is Called {
  return isLayer(node) || isCall(node);
}

function usualArgument(name: string, called: Called): string {
  const calledName = isLayer(called) ? called.type.$refText : isCall(called) ? called.function.$refText : '';
  const parameter = parameterOf(name, calledName, called);
  if (parameter) return parameter.example;
  if (!isFunctionName(calledName) || isLayer(called)) return '64';
  const { value } = functions[calledName].parameters.find((candidate) => candidate.name === name) ?? {};
  return value?.kind === 'number' ? `${Math.max(2, value.atLeast ?? 0)}` : 'x';
}

/** The parameter of a built-in layer or of a value that a setting takes. */
function parameterOf(name: string, called: string, node: AstNode): OptionParameter | undefined {
  const options: readonly (Option | undefined)[] = [findLayer(called), ...optionsAround(node)];
  const option = options.find((candidate) => candidate?.name === called);
  return option?.parameters.find((candidate) => candidate.name === name);
}

function optionsAround({ $container: container }: AstNode): readonly Option[] {
  if (!isSetting(container)) return [];
  const value = keyOf(container)?.value;
  return value?.kind === 'choice' ? value.options : [];
}

function keyOf({ key, $container: block }: Setting): Key | undefined {
  const keys =
    block.$type === 'DataBlock' ? blocks.data.keys : block.$type === 'TrainBlock' ? blocks.train.keys : [];
  return keys.find(({ name }) => name === key);
}

/** A number in range, as it usually is. */
export function useUsualValue(context: FixContext): readonly QuickFix[] {
  const value = context.marked(isExpression);
  const { fix } = context.diagnostic;
  if (!value || fix) return [];
  const example = isSetting(value.$container) ? keyOf(value.$container)?.example : exampleOfArgument(value);
  if (example === undefined) return [];
  return [
    { title: `Use \`${example}\`, a usual value`, edits: [context.edits.replace(rangeOf(value), example)] },
  ];
}

function exampleOfArgument({ $container: argument }: Expression): string | undefined {
  if (!isArgument(argument)) return undefined;
  const { $container: called } = argument;
  const name = isLayer(called) ? called.type.$refText : called.function.$refText;
  const option = [findLayer(name), ...optionsAround(called)].find((candidate) => candidate?.name === name);
  const parameter = argument.name
    ? option?.parameters.find((candidate) => candidate.name === argument.name)
    : option?.parameters[called.arguments.indexOf(argument)];
  return parameter?.example;
}

/** `train = 90%, dev = 10%, test = 10%` becomes 80%, 10%, 10%; where that leaves too little to train on, all shrink alike. */
export function makeSplitAddUp(context: FixContext): readonly QuickFix[] {
  const split = context.marked(isCall);
  if (!split) return [];
  const shares = split.arguments.map(({ name, value }, index) => ({
    name: name ?? (['train', 'dev', 'test'] as const)[index],
    node: value,
    percent: isNumberLiteral(value) ? value.value * (value.percent ? 1 : 100) : Number.NaN,
  }));
  const total = shares.reduce((sum, { percent }) => sum + percent, 0);
  if (!(total > 100)) return [];
  const others = shares.reduce((sum, { name, percent }) => sum + (name === 'train' ? 0 : percent), 0);
  const scale = (percent: number) => Math.floor((percent / total) * 100);
  const changed = others < 100 ? shares.filter(({ name }) => name === 'train') : shares;
  const edits = changed.map(({ node, percent }) => {
    const share = others < 100 ? 100 - others : scale(percent);
    return context.edits.replace(rangeOf(node), `${Number(share.toFixed(4))}%`);
  });
  return [{ title: 'Make the shares add up to 100%', edits }];
}

/** `text(poem)` → `text("poem")` */
export function quote(context: FixContext): readonly QuickFix[] {
  const value = context.marked(isExpression);
  if (value?.$type !== 'NameReference' || value.delayed) return [];
  return [
    {
      title: 'Put it in quotes',
      edits: [context.edits.replace(rangeOf(value), `"${context.edits.text(value)}"`)],
    },
  ];
}

/** `inputs = "value"` → `inputs = ["value"]` */
export function makeList(context: FixContext): readonly QuickFix[] {
  const value = context.marked(isExpression);
  if (value?.$type !== 'TextLiteral' && value?.$type !== 'NameReference') return [];
  const text = context.edits.text(value);
  const item = value.$type === 'TextLiteral' ? text : `"${text}"`;
  return [{ title: 'Make it a list', edits: [context.edits.replace(rangeOf(value), `[${item}]`)] }];
}

export function removeListItem(context: FixContext): readonly QuickFix[] {
  const item = context.marked(isExpression);
  const list = item?.$container;
  return item && isList(list) ? [removal('this column', context.edits.removeItem(item, list.items))] : [];
}

/** Named arguments come last. */
export function nameArgument(context: FixContext): readonly QuickFix[] {
  const argument = context.around(isArgument);
  const first = argument?.$container.arguments.find(({ name }) => name !== undefined);
  if (!argument || !first) return [];
  const { edits } = context;
  const moved = edits.insert(rangeOf(first).start, `${edits.text(argument)}, `);
  return [
    {
      title: 'Move it before the arguments that have names',
      edits: [moved, edits.removeItem(argument, argument.$container.arguments)],
    },
  ];
}
