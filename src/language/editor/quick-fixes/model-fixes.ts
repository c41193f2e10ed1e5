/** Quick fixes of `model`. */
import type { TrainSpec } from '../../checked-model.ts';
import {
  isCall,
  isLayer,
  isModelBlock,
  isTrainBlock,
  type Layer,
  type ModelBlock,
  type TrainBlock,
} from '../../generated/ast.ts';
import { outputOf } from '../../vocabulary/layers.ts';
import { type FixContext, type QuickFix, removal } from './quick-fix.ts';
import { rangeOf } from './source-edits.ts';

export function removeLayer(context: FixContext): readonly QuickFix[] {
  const layer = context.around(isLayer);
  return layer ? [removal(`\`${nameOf(layer)}\``, context.edits.remove(layer))] : [];
}

/** The output layer goes behind the layers that follow it. */
export function moveOutputToEnd(context: FixContext): readonly QuickFix[] {
  const layer = context.around(isLayer);
  const model = context.around(isModelBlock);
  const output = model?.layers.find((candidate) => isOutput(candidate));
  if (!layer || !model || !output || model.layers.filter(isOutput).length > 1) return removeLayer(context);
  const moved = [
    context.edits.remove(output),
    context.edits.after(model.layers.at(-1)!, context.edits.text(output)),
  ];
  return [
    { title: `Make \`${nameOf(output)}\` the last layer`, edits: moved },
    ...removeLayer(context).map((fix) => ({ ...fix, isAlternative: true as const })),
  ];
}

export function addLookup(context: FixContext): readonly QuickFix[] {
  const layer = context.around(isLayer);
  if (!layer) return [];
  return ['onehot', 'embed(32)'].map((lookup) => ({
    title: `Add \`${lookup}\` before \`${nameOf(layer)}\``,
    edits: [context.edits.before(layer, lookup)],
  }));
}

/** The output layer that fits; before it `dense`, where what comes before has not the target's width by nature. */
export function addOutput(context: FixContext): readonly QuickFix[] {
  const layer = context.around(isLayer);
  const model = context.around(isModelBlock);
  if (!layer || !model) return [];
  return fittingOutputs(model, context).map((output) => {
    const fits = nameOf(layer) === 'tie' || (nameOf(layer) === 'dense' && layer.arguments.length === 0);
    const added = fits ? [output] : ['dense', output];
    const title = `Add ${added.map((name) => `\`${name}\``).join(' and ')}`;
    return { title, edits: [context.edits.after(layer, added.join('\n'))] };
  });
}

function fittingOutputs(model: ModelBlock, { file, check }: FixContext): readonly string[] {
  const loss = file.blocks
    .filter(isTrainBlock)
    .filter((train) => mayTrain(train, model))
    .map(lossOf)[0];
  if (loss === 'mse' || loss === 'cross_entropy') return [outputOf[loss]];
  const [data] = check.data.values();
  if (data === undefined) return Object.values(outputOf);
  return [outputOf[data.source.kind === 'csv' ? 'mse' : 'cross_entropy']];
}

function mayTrain(train: TrainBlock, model: ModelBlock): boolean {
  const named = train.settings.find(({ key }) => key === 'model')?.value;
  return named?.$type !== 'NameReference' || named.reference.$refText === model.name;
}

function lossOf(train: TrainBlock): string | undefined {
  const value = train.settings.find(({ key }) => key === 'loss')?.value;
  return value?.$type === 'NameReference' ? value.reference.$refText : undefined;
}

/** An output layer gets a `dense` as wide as the target, `tie` one as wide as the table. */
export function addDense(context: FixContext): readonly QuickFix[] {
  const layer = context.around(isLayer);
  const model = context.around(isModelBlock);
  if (!layer || !model || layer.group) return [];
  const embed = model.layers.find((candidate) => nameOf(candidate) === 'embed')?.arguments[0];
  const size = embed && context.edits.text(embed.value);
  const dense = nameOf(layer) === 'tie' ? size && `dense(${size})` : 'dense';
  if (!dense) return [];
  const title = `Add \`${dense}\` before \`${nameOf(layer)}\``;
  return [{ title, edits: [context.edits.before(layer, dense)] }];
}

/** The loss, and with it the output layer where that fitted the other loss. */
export function fitLoss(context: FixContext): readonly QuickFix[] {
  const { fix, source } = context.diagnostic;
  const train = context.around(isTrainBlock);
  if (fix?.kind !== 'replace' || !train) return [];
  const [loss] = fix.texts as readonly TrainSpec['loss'][];
  const models = context.file.blocks.filter(isModelBlock).filter((model) => mayTrain(train, model));
  const outputs = models.flatMap(({ layers }) =>
    layers.filter((layer) => isOutput(layer) && nameOf(layer) !== outputOf[loss!]),
  );
  const edits = outputs.flatMap((layer) => {
    const name = context.part(layer, 'type');
    return name ? [context.edits.replace(name.range, outputOf[loss!])] : [];
  });
  const also = edits.length > 0 ? ` and \`${outputOf[loss!]}\`` : '';
  return [{ title: `Use \`${loss}\`${also}`, edits: [context.edits.replace(source, loss!), ...edits] }];
}

export function fillModel(context: FixContext): readonly QuickFix[] {
  const model = context.around(isModelBlock);
  const [data] = context.check.data.values();
  const brace = model && context.keyword(model, '{');
  if (!brace) return [];
  const layers = data?.source.kind === 'csv' ? 'GRU(32)\ndense\nlinear' : 'onehot\nLSTM(64)\ndense\nsoftmax';
  const edit = context.edits.intoBlock(brace, layers, true);
  return [{ title: 'Add usual layers', edits: [edit] }];
}

export function fillGroup(context: FixContext): readonly QuickFix[] {
  const group = context.around(isLayer);
  if (!group) return [];
  const brace = context.keyword(group, '{');
  const edit = brace
    ? context.edits.intoBlock(brace, 'LSTM(64)', true)
    : context.edits.insert(
        rangeOf(group).end,
        ` {\n${context.edits.indentation(rangeOf(group).end.line)}  LSTM(64)\n${context.edits.indentation(rangeOf(group).end.line)}}`,
      );
  return [{ title: 'Add a cell', edits: [edit] }];
}

/** What belongs behind a group leaves it. */
export function moveOutOfGroup(context: FixContext): readonly QuickFix[] {
  const layer = context.around(isLayer);
  if (!layer || !isLayer(layer.$container) || layer.$container.layers.length < 2) return [];
  const model = context.around(isModelBlock);
  if (isOutput(layer) && model?.layers.some(isOutput)) return removeLayer(context);
  let group = layer.$container;
  while (isLayer(group.$container)) group = group.$container;
  const edits = [context.edits.remove(layer), context.edits.after(group, context.edits.text(layer))];
  return [{ title: `Put \`${nameOf(layer)}\` after \`${nameOf(group)}\``, edits }];
}

/** `bidirectional(GRU(8))` → `GRU(8)` */
export function oneDirection(context: FixContext): readonly QuickFix[] {
  const layer = context.around(isLayer);
  const cell = layer?.arguments.map(({ value }) => value).find(isCall);
  if (!layer || !cell) return [];
  const text = context.edits.text(cell);
  return [
    { title: `Use \`${text}\` in one direction`, edits: [context.edits.replace(rangeOf(layer), text)] },
  ];
}

export function useDense(context: FixContext): readonly QuickFix[] {
  const layer = context.around(isLayer);
  return layer ? [{ title: 'Use `dense`', edits: [context.edits.replace(rangeOf(layer), 'dense')] }] : [];
}

/** A pooling layer comes behind the cells. */
export function movePoolingBack(context: FixContext): readonly QuickFix[] {
  const cell = context.around(isLayer);
  const model = context.around(isModelBlock);
  const pooling = model?.layers.find((layer) => nameOf(layer) === 'last' || nameOf(layer) === 'mean');
  if (!cell || !pooling || isLayer(cell.$container)) return [];
  const edits = [context.edits.remove(pooling), context.edits.after(cell, context.edits.text(pooling))];
  return [{ title: `Put \`${nameOf(pooling)}\` after \`${nameOf(cell)}\``, edits }];
}

function isOutput(layer: Layer): boolean {
  return Object.values<string>(outputOf).includes(nameOf(layer));
}

function nameOf(layer: Layer): string {
  return layer.type.$refText;
}
