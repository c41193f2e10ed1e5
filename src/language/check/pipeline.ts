/** Checks `model`: what each layer receives and hands on, and whether its ends fit data and loss. */

import type { DataSpec, Dimension, LayerSpec, TrainSpec } from '../checked-model.ts';
import type { Layer, ModelBlock } from '../generated/ast.ts';
import { layers as builtInLayers, findLayer, type LayerName } from '../vocabulary/layers.ts';
import { buildCell } from './build-cell.ts';
import type { CellDefinition } from './cells.ts';
import { evaluateConstant, noNames } from './constants.ts';
import { suggest } from './nearest-name.ts';
import { foldedText, type Reporter } from './reporter.ts';
import { bindArguments, readArguments } from './values.ts';

/** What a model stands between; parts that are missing or wrong are undefined. */
export interface Surroundings {
  readonly data: DataSpec | undefined;
  readonly train: TrainSpec | undefined;
  /** Cells that a layer can name; undefined for one whose definition does not parse. */
  readonly cells: ReadonlyMap<string, CellDefinition | undefined>;
}

export interface CheckedPipeline {
  /** The layers that are right, from input to output. */
  readonly layers: readonly LayerSpec[];
  readonly complete: boolean;
}

export function checkPipeline(
  block: ModelBlock,
  surroundings: Surroundings,
  reporter: Reporter,
): CheckedPipeline {
  return new Pipeline(block, surroundings, reporter).check();
}

class Pipeline {
  private readonly block: ModelBlock;
  private readonly surroundings: Surroundings;
  private readonly reporter: Reporter;

  constructor(block: ModelBlock, surroundings: Surroundings, reporter: Reporter) {
    this.block = block;
    this.surroundings = surroundings;
    this.reporter = reporter;
  }

  check(): CheckedPipeline {
    const { layers } = this.block;
    if (layers.length === 0) {
      const message =
        'This model has no layers; a text model is `onehot`, a cell such as `LSTM(64)`, `dense`, `softmax`.';
      this.reporter.error('empty-model', message, this.reporter.part(this.block, 'keyword'));
      return { layers: [], complete: false };
    }
    this.checkOrder();
    this.checkLoss();
    const specs: LayerSpec[] = [];
    // Once a width is unknown, later layers are checked for all but widths.
    let width = this.firstWidth();
    for (const layer of layers) {
      const spec = this.layer(layer, width);
      if (spec) specs.push(spec);
      width = spec?.outputSize;
    }
    return { layers: specs, complete: specs.length === layers.length };
  }

  /** What the first layer receives. */
  private firstWidth(): Dimension | undefined {
    const source = this.surroundings.data?.source;
    return source?.kind === 'csv' ? source.inputs.length : source && 'vocabulary';
  }

  private targetWidth(): Dimension | undefined {
    const source = this.surroundings.data?.source;
    return source?.kind === 'csv' ? source.targets.length : source && 'vocabulary';
  }

  private name(layer: Layer): string {
    return layer.type.$refText;
  }

  private isKnown(name: string): boolean {
    return this.surroundings.cells.has(name) || findLayer(name) !== undefined;
  }

  private error(code: string, message: string, layer: Layer): void {
    this.reporter.error(code, message, this.reporter.part(layer, 'type'));
  }

  private checkOrder(): void {
    const { layers } = this.block;
    const source = this.surroundings.data?.source.kind;
    let output: string | undefined;
    for (const [index, layer] of layers.entries()) {
      const name = this.name(layer);
      const isLookup = name === 'onehot' || name === 'embed';
      if (output !== undefined) {
        this.error('layer-after-output', `\`${output}\` is an output layer; nothing comes after it.`, layer);
      } else if (isLookup && source === 'csv') {
        const message = `\`${name}\` turns tokens into vectors; columns of a CSV file are numbers already. Leave it out.`;
        this.error('lookup-on-numbers', message, layer);
      } else if (isLookup && index > 0) {
        this.error('lookup-not-first', `\`${name}\` reads tokens and can only be the first layer.`, layer);
      } else if (index === 0 && !isLookup && source === 'text' && this.isKnown(name)) {
        const message = `A text model starts with \`onehot\` or \`embed(n)\`, which turn tokens into vectors; put one before \`${name}\`.`;
        this.error('missing-lookup', message, layer);
      }
      if (name === 'softmax' || name === 'linear') output ??= name;
    }
    this.checkEnd(layers.at(-1)!, output);
  }

  private checkEnd(last: Layer, output: string | undefined): void {
    const loss = this.surroundings.train?.loss;
    if (output === undefined) {
      // A misspelt last layer is said to be unknown; it may well be the one that is missed here.
      if (!this.isKnown(this.name(last))) return;
      const needed =
        loss === undefined
          ? '`softmax` or `linear`'
          : loss === 'mse'
            ? '`linear`, for `mse`'
            : '`softmax`, for `cross_entropy`';
      this.error(
        'missing-output-layer',
        `The last layer of a model is ${needed}; add it after \`${this.name(last)}\`.`,
        last,
      );
      return;
    }
    if (loss === undefined) return;
    const fitting = loss === 'mse' ? 'linear' : 'softmax';
    if (output === fitting) return;
    const layer = this.block.layers.find((candidate) => this.name(candidate) === output)!;
    this.error(
      'output-does-not-fit-loss',
      `\`${loss}\` needs \`${fitting}\` as the last layer, not \`${output}\`.`,
      layer,
    );
  }

  private checkLoss(): void {
    const { data, train } = this.surroundings;
    if (data === undefined || train === undefined) return;
    const fitting = data.source.kind === 'text' ? 'cross_entropy' : 'mse';
    if (train.loss === fitting) return;
    const what = data.source.kind === 'text' ? 'tokens of a text' : 'numbers of a CSV file';
    const message = `\`${train.loss}\` does not measure predictions of ${what}; write \`loss = ${fitting}\`.`;
    this.reporter.error('loss-does-not-fit-data', message, train.ranges.loss);
  }

  private layer(layer: Layer, width: Dimension | undefined): LayerSpec | undefined {
    const name = this.name(layer);
    const { cells } = this.surroundings;
    if (cells.has(name)) {
      const definition = cells.get(name);
      return definition && this.cellLayer(layer, definition, width);
    }
    const builtIn = findLayer(name);
    if (builtIn === undefined) {
      const known = [...cells.keys(), ...builtInLayers.map((candidate) => candidate.name)];
      const hint = suggest(name, known, 'There are');
      this.error('unknown-layer', `There is no cell or layer \`${name}\`.${hint}`, layer);
      return undefined;
    }
    const values = readArguments(builtIn, layer.arguments, layer, this.reporter);
    const size = values?.get('size');
    const given = size?.kind === 'number' && typeof size.value === 'number' ? size.value : undefined;
    const outputSize = values && this.outputSize(layer, builtIn.name, width, given);
    if (width === undefined || outputSize === undefined) return undefined;
    return { ...this.common(layer), kind: builtIn.name, inputSize: width, outputSize };
  }

  private outputSize(
    layer: Layer,
    name: LayerName,
    width: Dimension | undefined,
    given: number | undefined,
  ): Dimension | undefined {
    switch (name) {
      case 'onehot':
        return 'vocabulary';
      case 'embed':
        return given;
      case 'dense':
        return given ?? this.targetWidth();
      case 'softmax':
      case 'linear':
        return this.checkTargetWidth(layer, name, width);
    }
  }

  private checkTargetWidth(layer: Layer, name: string, width: Dimension | undefined): Dimension | undefined {
    const target = this.targetWidth();
    if (width === undefined || target === undefined || width === target) return width;
    const needed =
      target === 'vocabulary'
        ? 'as many as the vocabulary has tokens'
        : `one for each target column: ${target}`;
    const received = width === 'vocabulary' ? 'as many as the vocabulary has tokens' : `${width}`;
    const message = `\`${name}\` receives ${received} units and needs ${needed}. Put \`dense\`, without an argument, before it.`;
    this.error('width-mismatch', message, layer);
    return undefined;
  }

  private cellLayer(
    layer: Layer,
    definition: CellDefinition,
    width: Dimension | undefined,
  ): LayerSpec | undefined {
    const values = this.cellArguments(layer, definition);
    if (values === undefined || width === undefined) return undefined;
    const cell = buildCell(definition, values, width, this.reporter);
    const output = cell?.equations.find((equation) => equation.name === cell.output);
    const outputSize = output?.shape.length === 1 ? output.shape[0] : undefined;
    if (cell === undefined || outputSize === undefined) return undefined;
    return { ...this.common(layer), kind: 'cell', cell, inputSize: width, outputSize };
  }

  private cellArguments(layer: Layer, definition: CellDefinition): ReadonlyMap<string, number> | undefined {
    const declared = [...definition.arguments.values()];
    const parameters = declared.map(({ name, default: value }) => ({ name, required: value === undefined }));
    const bound = bindArguments(this.name(layer), parameters, layer.arguments, layer, this.reporter);
    const sizes = sizeArguments(definition);
    const values = new Map<string, number>();
    for (const { name, default: byDefault } of declared) {
      const given = bound.arguments.get(name)?.value;
      const expression = given ?? byDefault;
      const value = expression && evaluateConstant(expression, noNames, this.reporter);
      if (typeof value !== 'number') continue;
      if (sizes.has(name) && !(Number.isSafeInteger(value) && value >= 1)) {
        const message = `\`${name}\` is a size in \`${definition.node.name}\`: expected a whole number of at least 1, found \`${value}\`.`;
        this.reporter.error('invalid-size', message, given ?? layer);
      } else {
        values.set(name, value);
      }
    }
    return bound.complete && values.size === definition.arguments.size ? values : undefined;
  }

  private common(layer: Layer) {
    return { text: foldedText(layer), source: this.reporter.range(layer) };
  }
}

/** Arguments that stand for a size by themselves: `units` in `[units, x]`. */
function sizeArguments(definition: CellDefinition): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { statement } of definition.parameters.values()) {
    for (const size of statement.shape?.items ?? []) {
      if (size.$type === 'NameReference') names.add(size.reference.$refText);
    }
  }
  return names;
}
