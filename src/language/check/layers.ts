/** Reads the layers of a `model`: what each receives and hands on. */
import type { AstNode } from 'langium';
import type { CellUse, CheckedCell, Dimension, LayerSpec } from '../checked-model.ts';
import type { Argument, Layer, ModelBlock } from '../generated/ast.ts';
import { multiplySizes } from '../sizes.ts';
import {
  findLayer,
  isGroup,
  type LayerDescription,
  type LayerName,
  layers as namedLayers,
  recurrentDropout,
} from '../vocabulary/layers.ts';
import { affineCalls } from './affine.ts';
import { buildCell } from './build-cell.ts';
import type { CellDefinition } from './cells.ts';
import { evaluateConstant } from './constants.ts';
import type { CheckedPipeline, Surroundings } from './pipeline.ts';
import { foldedText, type Place, Reporter } from './reporter.ts';
import { bindArguments, readArguments, readValue, type Value } from './values.ts';

/** In one `repeat`, or in several within each other. */
const mostLayers = 1000;

/** What a layer that is not a cell is given. */
type Given = ReadonlyMap<string, Value>;

/** A cell with its arguments, as a layer or inside `bidirectional`. */
interface Application {
  readonly name: string;
  readonly arguments: readonly Argument[];
  readonly node: AstNode;
  readonly namePlace: Place;
}

export class LayerReader {
  private readonly block: ModelBlock;
  private readonly surroundings: Surroundings;
  private readonly reporter: Reporter;
  /** How often the layers that are being read are there: as often as all `repeat`s around them say. */
  private copies = 1;

  constructor(block: ModelBlock, surroundings: Surroundings, reporter: Reporter) {
    this.block = block;
    this.surroundings = surroundings;
    this.reporter = reporter;
  }

  read(): CheckedPipeline {
    const source = this.surroundings.data?.source;
    const width = source?.kind === 'csv' ? source.inputs.length : source && 'vocabulary';
    return this.sequence(this.block.layers, width);
  }

  /** Once a width is unknown, later layers are checked for all but widths. */
  private sequence(layers: readonly Layer[], width: Dimension | undefined): CheckedPipeline {
    const specs: LayerSpec[] = [];
    let complete = true;
    let current = width;
    for (const layer of layers) {
      const read = this.layer(layer, current);
      specs.push(...read.layers);
      complete &&= read.complete;
      current = read.complete ? (read.layers.at(-1)?.outputSize ?? current) : undefined;
    }
    return { layers: specs, complete };
  }

  private layer(layer: Layer, width: Dimension | undefined): CheckedPipeline {
    const name = layer.type.$refText;
    const { cells } = this.surroundings;
    const description = cells.has(name) ? undefined : findLayer(name);
    if (layer.group && !isGroup(name)) {
      const message = `\`${name}\` holds no layers; \`repeat(n)\` and \`residual\` do.`;
      this.reporter.error('not-a-group', message, this.reporter.part(layer, 'type'));
    }
    if (cells.has(name)) return single(this.cellLayer(layer, name, width));
    if (description === undefined) {
      this.reportUnknown(name, this.reporter.part(layer, 'type'), true);
      return single(undefined);
    }
    const given = readArguments(
      description,
      layer.arguments,
      layer,
      this.reporter,
      this.surroundings.constants,
    );
    if (given === undefined) return single(undefined);
    if (isGroup(description.name)) return this.group(layer, description.name, given, width);
    return single(this.builtIn(layer, description.name, given, width));
  }

  private reportUnknown(name: string, place: Place, layersToo: boolean): void {
    const others = layersToo ? namedLayers.map((candidate) => candidate.name) : [];
    const known = [...this.surroundings.cells.keys(), ...others];
    const what = layersToo ? 'cell or layer' : 'cell';
    const message = `There is no ${what} \`${name}\`.`;
    this.reporter.unknownName('unknown-layer', message, place, { name, known, listing: 'There are' });
  }

  private group(
    layer: Layer,
    name: 'repeat' | 'residual',
    given: Given,
    width: Dimension | undefined,
  ): CheckedPipeline {
    if (layer.layers.length === 0) {
      const message = `\`${name}\` needs layers in braces: \`${name === 'repeat' ? 'repeat(2)' : name} { LSTM(64) }\`.`;
      this.reporter.error('empty-group', message, this.reporter.part(layer, 'type'));
      return single(undefined);
    }
    if (name === 'residual') return single(this.residual(layer, width));
    return this.repeated(layer, numberOf(given, 'n') ?? 1, width);
  }

  private repeated(layer: Layer, times: number, width: Dimension | undefined): CheckedPipeline {
    const { copies } = this;
    if (copies * times * layer.layers.length > mostLayers) {
      const message = `With this \`repeat\` the model has more than ${mostLayers} layers.`;
      this.reporter.error('out-of-range', message, this.reporter.part(layer, 'type'));
      return single(undefined);
    }
    this.copies = copies * times;
    const written = Array.from({ length: times }, () => layer.layers).flat();
    const read = this.sequence(written, width);
    this.copies = copies;
    return read;
  }

  private residual(layer: Layer, width: Dimension | undefined): LayerSpec | undefined {
    const inner = this.sequence(layer.layers, width);
    const outputSize = inner.layers.at(-1)?.outputSize;
    if (!inner.complete || width === undefined || outputSize === undefined) return undefined;
    if (outputSize !== width) {
      const message = `\`residual\` adds what it receives, ${units(width)}, to what its layers hand on, ${units(outputSize)}; they need to be as many.`;
      this.reporter.error('width-mismatch', message, this.reporter.part(layer, 'type'));
      return undefined;
    }
    return { ...this.common(layer), kind: 'residual', layers: inner.layers, inputSize: width, outputSize };
  }

  private builtIn(
    layer: Layer,
    kind: LayerName,
    given: Given,
    width: Dimension | undefined,
  ): LayerSpec | undefined {
    if (kind === 'bidirectional') return this.bidirectional(layer, given, width);
    const outputSize = this.outputSize(layer, kind, width, numberOf(given, 'size'));
    if (width === undefined || outputSize === undefined) return undefined;
    const common = { ...this.common(layer), inputSize: width, outputSize };
    if (kind === 'dropout') return { ...common, kind, rate: numberOf(given, 'rate') ?? 0 };
    return { ...common, kind };
  }

  private outputSize(
    layer: Layer,
    kind: Exclude<LayerName, 'bidirectional'>,
    width: Dimension | undefined,
    given: number | undefined,
  ): Dimension | undefined {
    switch (kind) {
      case 'onehot':
        return 'vocabulary';
      case 'embed':
        return given;
      case 'dense':
        return given ?? this.targetWidth();
      case 'tie':
        return this.tiedWidth(layer, width);
      case 'dropout':
      case 'layer_norm':
      case 'last':
      case 'mean':
        return width;
      case 'softmax':
      case 'linear':
        return this.checkTargetWidth(layer, kind, width);
    }
  }

  private targetWidth(): Dimension | undefined {
    const source = this.surroundings.data?.source;
    return source?.kind === 'csv' ? source.targets.length : source && 'vocabulary';
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
    this.reporter.error('width-mismatch', message, this.reporter.part(layer, 'type'));
    return undefined;
  }

  /** `tie` multiplies by the table of `embed`, `[vocabulary, size]`. */
  private tiedWidth(layer: Layer, width: Dimension | undefined): Dimension | undefined {
    const place = this.reporter.part(layer, 'type');
    const embed = this.block.layers.find((candidate) => candidate.type.$refText === 'embed');
    if (embed === undefined) {
      const message =
        '`tie` shares the table of `embed`; start the model with `embed(n)`, or use `dense` in place of `tie`.';
      this.reporter.error('tie-without-embed', message, place);
      return undefined;
    }
    const given = readArguments(
      findLayer('embed') as LayerDescription,
      embed.arguments,
      embed,
      this.reporter,
      this.surroundings.constants,
    );
    const size = given && numberOf(given, 'size');
    if (size === undefined || width === undefined) return undefined;
    if (size === width) return 'vocabulary';
    const message = `\`tie\` receives ${units(width)}, and the vectors of \`embed\` have ${size}; put \`dense(${size})\` before it.`;
    this.reporter.error('width-mismatch', message, place);
    return undefined;
  }

  private bidirectional(layer: Layer, given: Given, width: Dimension | undefined): LayerSpec | undefined {
    const cell = given.get('cell');
    const merge = given.get('merge');
    if (cell?.kind !== 'cell' || merge?.kind !== 'choice') return undefined;
    const { call } = cell;
    const use = this.useCell(
      {
        name: call.function.$refText,
        arguments: call.arguments,
        node: call,
        namePlace: this.reporter.part(call, 'function'),
      },
      width,
    );
    if (use === undefined || width === undefined) return undefined;
    const sums = merge.name === 'sum';
    const outputSize = sums ? use.outputSize : multiplySizes(2, use.outputSize);
    const common = { ...this.common(layer), inputSize: width, outputSize };
    const { cell: checked, recurrentDropout: rate } = use;
    return {
      ...common,
      kind: 'bidirectional',
      merge: sums ? 'sum' : 'concat',
      cell: checked,
      recurrentDropout: rate,
    };
  }

  private cellLayer(layer: Layer, name: string, width: Dimension | undefined): LayerSpec | undefined {
    const namePlace = this.reporter.part(layer, 'type');
    const use = this.useCell({ name, arguments: layer.arguments, node: layer, namePlace }, width);
    if (use === undefined || width === undefined) return undefined;
    return { ...this.common(layer), kind: 'cell', inputSize: width, ...use };
  }

  private useCell(
    application: Application,
    width: Dimension | undefined,
  ): (CellUse & { readonly outputSize: Dimension }) | undefined {
    const { name, namePlace } = application;
    const { cells } = this.surroundings;
    if (!cells.has(name)) {
      this.reportUnknown(name, namePlace, false);
      return undefined;
    }
    const definition = cells.get(name);
    if (definition === undefined) return undefined;
    const dropout = application.arguments.find((argument) => isRecurrentDropout(argument, definition));
    const rate = dropout
      ? readValue(dropout.value, recurrentDropout.value, this.reporter, this.surroundings.constants)
      : undefined;
    const values = this.cellArguments(application, definition);
    if (values === undefined || width === undefined || (dropout && rate?.kind !== 'number')) return undefined;
    const cell = this.build(definition, values, width, application);
    const output = cell?.equations.find((equation) => equation.name === cell.output);
    const outputSize = output?.shape.length === 1 ? output.shape[0] : undefined;
    if (cell === undefined || outputSize === undefined) return undefined;
    const share = rate?.kind === 'number' && typeof rate.value === 'number' ? rate.value : 0;
    return { cell, recurrentDropout: share, outputSize };
  }

  /** What is wrong with a cell of another file is told where it is used. */
  private build(
    definition: CellDefinition,
    values: ReadonlyMap<string, number>,
    width: Dimension,
    { name, namePlace }: Application,
  ): CheckedCell | undefined {
    if (definition.uri === this.reporter.uri) return buildCell(definition, values, width, this.reporter);
    const foreign = new Reporter(definition.uri);
    const cell = buildCell(definition, values, width, foreign);
    const error = foreign.diagnostics.find(({ severity }) => severity === 'error');
    if (error === undefined) return cell;
    const line = error.source.start.line + 1;
    const message = `\`${name}\` does not fit here; line ${line} of its file: ${error.message}`;
    this.reporter.error('imported-cell', message, namePlace);
    return undefined;
  }

  private cellArguments(
    { name: cell, arguments: written, node }: Application,
    definition: CellDefinition,
  ): ReadonlyMap<string, number> | undefined {
    const declared = [...definition.arguments.values()];
    const parameters = declared.map(({ name, default: value }) => ({ name, required: value === undefined }));
    const own = written.filter((argument) => !isRecurrentDropout(argument, definition));
    const bound = bindArguments(cell, parameters, own, node, this.reporter);
    const sizes = sizeArguments(definition);
    const values = new Map<string, number>();
    for (const { name, default: byDefault } of declared) {
      const given = bound.arguments.get(name)?.value;
      const value = given
        ? evaluateConstant(given, this.surroundings.constants, this.reporter)
        : byDefault && evaluateConstant(byDefault, definition.constants, this.reporter);
      if (typeof value !== 'number') continue;
      if (sizes.has(name) && !(Number.isSafeInteger(value) && value >= 1)) {
        const message = `\`${name}\` is a size in \`${definition.node.name}\`: expected a whole number of at least 1, found \`${value}\`.`;
        this.reporter.error('invalid-size', message, given ?? node);
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

function single(spec: LayerSpec | undefined): CheckedPipeline {
  return spec === undefined ? { layers: [], complete: false } : { layers: [spec], complete: true };
}

function units(width: Dimension): string {
  return width === 'vocabulary' ? 'as many units as the vocabulary has tokens' : `${width} units`;
}

function numberOf(given: Given, name: string): number | undefined {
  const value = given.get(name);
  return value?.kind === 'number' && typeof value.value === 'number' ? value.value : undefined;
}

/** Every cell has this argument as a layer, if it has none of its own of that name. */
function isRecurrentDropout({ name }: Argument, definition: CellDefinition): boolean {
  return name === recurrentDropout.name && !definition.arguments.has(name);
}

/** Arguments that stand for a size by themselves: `units` in `[units, x]`, and for `affine`. */
export function sizeArguments(definition: CellDefinition): ReadonlySet<string> {
  const equations = [...definition.equations.values()];
  const names = new Set(equations.some((equation) => affineCalls(equation).size > 0) ? ['units'] : []);
  for (const { statement } of definition.parameters.values()) {
    for (const size of statement.shape?.items ?? []) {
      if (size.$type === 'NameReference') names.add(size.reference.$refText);
    }
  }
  return names;
}
