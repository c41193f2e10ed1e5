/** The layers of a model, in order: groups are opened, and every layer gets its name. */
import type { LayerSpec, Shape, SourceRange } from '../../language/checked-model.ts';
import { evaluateSize } from '../../language/sizes.ts';
import { CompileError } from '../compile-error.ts';
import type { LayerKind, LayerProgram } from '../program.ts';
import {
  denseLayer,
  dropoutLayer,
  embedLayer,
  lastLayer,
  layerNormLayer,
  linearLayer,
  meanLayer,
  mergeLayer,
  oneHotLayer,
  residualLayer,
  reversalLayer,
  softmaxLayer,
  tieLayer,
} from './built-in.ts';
import { cellLayer } from './cell.ts';
import type { LayerIdentity } from './layer-builder.ts';

export interface Sizes {
  /** Number of distinct tokens; absent for tables. */
  readonly vocabulary: number | undefined;
  /** T */
  readonly timeSteps: number;
}

/**
 * @param entry where data enter; absent where the first layer reads tokens
 * @throws {CompileError} where the data give a layer sizes that it cannot have
 */
export function compileLayers(
  specs: readonly LayerSpec[],
  entry: LayerProgram | undefined,
  sizes: Sizes,
): LayerProgram[] {
  return new Pipeline(specs, entry, sizes).compile();
}

class Pipeline {
  private readonly specs: readonly LayerSpec[];
  private readonly sizes: Sizes;
  private readonly layers: LayerProgram[];
  private readonly cellIds: ReadonlyMap<LayerSpec, string>;
  private readonly ids: ReadonlyMap<LayerSpec, string>;

  constructor(specs: readonly LayerSpec[], entry: LayerProgram | undefined, sizes: Sizes) {
    this.specs = specs;
    this.sizes = sizes;
    this.layers = entry === undefined ? [] : [entry];
    const all = inOrder(specs);
    this.cellIds = cellIdsOf(all);
    this.ids = idsOf(all, this.cellIds);
  }

  compile(): LayerProgram[] {
    for (const spec of this.specs) this.add(spec);
    return this.layers;
  }

  private add(spec: LayerSpec): void {
    if (spec.kind === 'residual') this.addResidual(spec);
    else if (spec.kind === 'bidirectional') this.addBidirectional(spec);
    else this.layers.push(this.single(spec));
  }

  private addResidual(spec: Extract<LayerSpec, { kind: 'residual' }>): void {
    const received = this.below;
    for (const inner of spec.layers) this.add(inner);
    // In the source the whole group is the layer's text.
    const identity = { ...this.identity(spec, spec.kind), label: spec.kind };
    this.layers.push(residualLayer(identity, this.below, received));
  }

  /**
   * The cell that reads from the end comes first, so that backward in time, where it has to wait, what it contributes is
   * added last.
   */
  private addBidirectional(spec: Extract<LayerSpec, { kind: 'bidirectional' }>): void {
    const received = this.below;
    const { cell, merge } = this.identitiesOf(spec);
    const resolve = this.resolveIn(spec);
    const reversal = (id: string, label: string): LayerIdentity => ({
      ...merge,
      id,
      label,
      kind: 'reversal',
    });
    const push = (layer: LayerProgram): LayerProgram => {
      this.layers.push(layer);
      return layer;
    };
    const reversed = push(
      reversalLayer(reversal(`${cell.id}.reversed`, `${received.label}, from its end`), received),
    );
    const fromEnd = push(
      cellLayer(
        { ...cell, id: `${cell.id}.backward`, label: `${cell.label}, backward` },
        spec,
        reversed,
        resolve,
      ),
    );
    const backward = push(reversalLayer(reversal(`${cell.id}.restored`, fromEnd.label), fromEnd));
    const forward = push(
      cellLayer(
        { ...cell, id: `${cell.id}.forward`, label: `${cell.label}, forward` },
        spec,
        received,
        resolve,
      ),
    );
    push(mergeLayer(merge, { forward, backward }, spec.merge));
  }

  private identitiesOf(spec: LayerSpec): { readonly cell: LayerIdentity; readonly merge: LayerIdentity } {
    const merge = this.identity(spec, 'bidirectional');
    return { merge, cell: { ...merge, id: this.cellIds.get(spec)!, kind: 'cell' } };
  }

  private resolveIn({ source }: LayerSpec): (shape: Shape) => number[] {
    return (shape) => shape.map((size) => this.units(size, source));
  }

  private single(spec: Exclude<LayerSpec, { kind: 'residual' | 'bidirectional' }>): LayerProgram {
    const resolve = this.resolveIn(spec);
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
      case 'last':
        return lastLayer(this.identity(spec, spec.kind), this.below);
      case 'mean':
        return meanLayer(this.identity(spec, spec.kind), this.below, this.sizes.timeSteps);
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

/** Layers that are not cells are called by their kind, numbered where it recurs. */
function idsOf(specs: readonly LayerSpec[], cellIds: ReadonlyMap<LayerSpec, string>): Map<LayerSpec, string> {
  const ids = new Map<LayerSpec, string>();
  for (const spec of specs) {
    const alike = specs.filter((other) => other.kind === spec.kind);
    const own = alike.length > 1 ? `${spec.kind}.${alike.indexOf(spec)}` : spec.kind;
    ids.set(spec, spec.kind === 'cell' ? cellIds.get(spec)! : own);
  }
  return ids;
}

/** Cells are `layers.0`, `layers.1`, …, of `bidirectional` a pair of them. */
function cellIdsOf(specs: readonly LayerSpec[]): Map<LayerSpec, string> {
  const cells = specs.filter(({ kind }) => kind === 'cell' || kind === 'bidirectional');
  return new Map(cells.map((spec, index) => [spec, `layers.${index}`]));
}

/** A group after its layers: there it adds. */
function inOrder(specs: readonly LayerSpec[]): LayerSpec[] {
  return specs.flatMap((spec) => (spec.kind === 'residual' ? [...inOrder(spec.layers), spec] : [spec]));
}
