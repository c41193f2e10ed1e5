/** The layers of a model, in order: groups are opened, and every layer gets its name. */
import type { LayerSpec, Shape, SourceRange } from '../../language/checked-model.ts';
import { evaluateSize } from '../../language/sizes.ts';
import { CompileError } from '../compile-error.ts';
import type { DataSizes } from '../network.ts';
import type { LayerKind, LayerProgram } from '../program.ts';
import {
  denseLayer,
  dropoutLayer,
  embedLayer,
  layerNormLayer,
  linearLayer,
  oneHotLayer,
  residualLayer,
  softmaxLayer,
  tieLayer,
} from './built-in.ts';
import { cellLayer } from './cell.ts';
import type { LayerIdentity } from './layer-builder.ts';

/**
 * @param entry where data enter; absent where the first layer reads tokens
 * @throws {CompileError} where no program computes a layer, or the data give it sizes that it cannot have
 */
export function compileLayers(
  specs: readonly LayerSpec[],
  entry: LayerProgram | undefined,
  sizes: DataSizes,
): LayerProgram[] {
  return new Pipeline(specs, entry, sizes).compile();
}

class Pipeline {
  private readonly specs: readonly LayerSpec[];
  private readonly sizes: DataSizes;
  private readonly layers: LayerProgram[];
  private readonly ids: ReadonlyMap<LayerSpec, string>;

  constructor(specs: readonly LayerSpec[], entry: LayerProgram | undefined, sizes: DataSizes) {
    this.specs = specs;
    this.sizes = sizes;
    this.layers = entry === undefined ? [] : [entry];
    this.ids = idsOf(specs);
  }

  compile(): LayerProgram[] {
    for (const spec of this.specs) this.add(spec);
    return this.layers;
  }

  private add(spec: LayerSpec): void {
    if (spec.kind === 'residual') this.addResidual(spec);
    else this.layers.push(this.single(spec));
  }

  private addResidual(spec: Extract<LayerSpec, { kind: 'residual' }>): void {
    const received = this.below;
    for (const inner of spec.layers) this.add(inner);
    // In the source the whole group is the layer's text.
    const identity = { ...this.identity(spec, spec.kind), label: spec.kind };
    this.layers.push(residualLayer(identity, this.below, received));
  }

  private single(spec: Exclude<LayerSpec, { kind: 'residual' }>): LayerProgram {
    const resolve = (shape: Shape): number[] => shape.map((size) => this.units(size, spec.source));
    const [inputSize = 1, outputSize = 1] = resolve([spec.inputSize, spec.outputSize]);
    switch (spec.kind) {
      case 'cell':
        return cellLayer(this.identity(spec, spec.kind), spec, this.below, resolve);
      case 'onehot':
        return oneHotLayer(this.identity(spec, spec.kind), outputSize);
      case 'embed':
        return embedLayer(this.identity(spec, spec.kind), inputSize, outputSize);
      case 'dense':
        return denseLayer(this.identity(spec, spec.kind), this.below, outputSize);
      case 'layer_norm':
        return layerNormLayer(this.identity(spec, spec.kind), this.below);
      case 'tie':
        return tieLayer(this.identity(spec, spec.kind), this.below, this.layers[0]!);
      case 'softmax':
        return softmaxLayer(this.identity(spec, spec.kind), this.below);
      case 'linear':
        return linearLayer(this.identity(spec, spec.kind), this.below);
      case 'dropout':
        return dropoutLayer(this.identity(spec, spec.kind), this.below, spec.rate);
      case 'bidirectional':
      case 'last':
      case 'mean':
        throw notYetTrained(spec.kind, spec.source);
    }
  }

  private get below(): LayerProgram {
    const below = this.layers.at(-1);
    if (below === undefined) throw new Error('The checker lets a model of text begin with a lookup.');
    return below;
  }

  private identity(spec: LayerSpec, kind: LayerKind): LayerIdentity {
    return { id: this.ids.get(spec)!, label: spec.text, kind, source: spec.source };
  }

  private units(size: Shape[number], source: SourceRange): number {
    const { vocabulary } = this.sizes;
    const units = evaluateSize(size, vocabulary);
    if (Number.isInteger(units) && units >= 1) return units;
    const message = `A size in this layer is ${size}, which is ${units} for a vocabulary of ${vocabulary}. It must be a whole number of at least 1.`;
    throw new CompileError(message, source);
  }
}

/** Cells are `layers.0`, `layers.1`, …; other layers are called by their kind, numbered where it recurs. */
function idsOf(specs: readonly LayerSpec[]): Map<LayerSpec, string> {
  const ids = new Map<LayerSpec, string>();
  const all = inOrder(specs);
  for (const spec of all) {
    const alike = all.filter((other) => other.kind === spec.kind);
    const index = alike.indexOf(spec);
    if (spec.kind === 'cell') ids.set(spec, `layers.${index}`);
    else ids.set(spec, alike.length > 1 ? `${spec.kind}.${index}` : spec.kind);
  }
  return ids;
}

/** A group after its layers: there it adds. */
function inOrder(specs: readonly LayerSpec[]): LayerSpec[] {
  return specs.flatMap((spec) => (spec.kind === 'residual' ? [...inOrder(spec.layers), spec] : [spec]));
}

function notYetTrained(what: string, source: SourceRange): CompileError {
  const message = `\`${what}\` is understood, but this version cannot train it yet. Without it the other layers train.`;
  return new CompileError(message, source);
}
