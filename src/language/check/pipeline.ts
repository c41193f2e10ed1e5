/** Checks `model`: the order of its layers, and whether its ends fit data and loss. */
import type { DataSpec, LayerSpec, TrainSpec } from '../checked-model.ts';
import type { DiagnosticCode } from '../diagnostic-codes.ts';
import type { Layer, ModelBlock } from '../generated/ast.ts';
import { findLayer } from '../vocabulary/layers.ts';
import type { CellDefinition } from './cells.ts';
import type { Environment } from './constants.ts';
import { LayerReader } from './layers.ts';
import type { Reporter } from './reporter.ts';

/** What a model stands between; parts that are missing or wrong are undefined. */
export interface Surroundings {
  readonly data: DataSpec | undefined;
  readonly train: TrainSpec | undefined;
  /** Cells that a layer can name; undefined for one whose definition does not parse. */
  readonly cells: ReadonlyMap<string, CellDefinition | undefined>;
  /** The file's constants. */
  readonly constants: Environment;
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
    this.checkPooling();
    this.checkFuture();
    this.checkLoss();
    return new LayerReader(this.block, this.surroundings, this.reporter).read();
  }

  private isKnown(name: string): boolean {
    return this.surroundings.cells.has(name) || findLayer(name) !== undefined;
  }

  private error(code: DiagnosticCode, message: string, layer: Layer): void {
    this.reporter.error(code, message, this.reporter.part(layer, 'type'));
  }

  private checkOrder(): void {
    const { layers } = this.block;
    let output: string | undefined;
    for (const [index, layer] of layers.entries()) {
      const name = nameOf(layer);
      if (output !== undefined) {
        this.error('layer-after-output', `\`${output}\` is an output layer; nothing comes after it.`, layer);
      } else {
        this.checkPlace(layer, index === 0);
      }
      if (isOutput(name)) output ??= name;
    }
    this.checkEnd(layers.at(-1)!, output);
  }

  private checkPlace(layer: Layer, isFirst: boolean): void {
    const name = nameOf(layer);
    const source = this.surroundings.data?.source.kind;
    if (isLookup(name) && source === 'csv') {
      const message = `\`${name}\` turns tokens into vectors; columns of a CSV file are numbers already. Leave it out.`;
      this.error('lookup-on-numbers', message, layer);
    } else if (isLookup(name) && !isFirst) {
      this.error('lookup-not-first', `\`${name}\` reads tokens and can only be the first layer.`, layer);
    } else if (isFirst && !isLookup(name) && source === 'text' && this.isKnown(name)) {
      const message = `A text model starts with \`onehot\` or \`embed(n)\`, which turn tokens into vectors; put one before \`${name}\`.`;
      this.error('missing-lookup', message, layer);
    }
    for (const inner of layer.layers) this.checkInner(inner, name);
  }

  /** Layers in braces: neither where tokens enter nor where the prediction leaves, and all at every time step. */
  private checkInner(layer: Layer, group: string): void {
    const name = nameOf(layer);
    if (isLookup(name)) {
      this.error('lookup-not-first', `\`${name}\` reads tokens and can only be the first layer.`, layer);
    } else if (isOutput(name)) {
      const message = `\`${name}\` is an output layer; put it after \`${group}\`, as the model's last.`;
      this.error('output-in-group', message, layer);
    } else if (isPooling(name)) {
      const message = `\`${name}\` leaves one vector of a sequence; put it after \`${group}\`.`;
      this.error('pooling-in-group', message, layer);
    }
    for (const inner of layer.layers) this.checkInner(inner, name);
  }

  /** After pooling there are no time steps left to recur over. */
  private checkPooling(): void {
    let pooling: string | undefined;
    const visit = (layer: Layer): void => {
      const name = nameOf(layer);
      if (pooling !== undefined && (this.surroundings.cells.has(name) || name === 'bidirectional')) {
        const message = `\`${pooling}\` leaves one vector of a sequence; \`${name}\` needs one at every time step. Put it before \`${pooling}\`.`;
        this.error('cell-after-pooling', message, layer);
      } else if (pooling !== undefined && isPooling(name)) {
        this.error('duplicate-pooling', `\`${pooling}\` has left one vector of a sequence already.`, layer);
      }
      if (isPooling(name)) pooling ??= name;
      layer.layers.forEach(visit);
    };
    this.block.layers.forEach(visit);
  }

  /** A prediction of what comes next, made by a layer that has read it, learns to copy it. */
  private checkFuture(): void {
    const { data } = this.surroundings;
    const predictsNext =
      data?.source.kind === 'text' || (data?.source.kind === 'csv' && data.source.horizon > 0);
    if (!predictsNext || this.block.layers.some((layer) => isPooling(nameOf(layer)))) return;
    const visit = (layer: Layer): void => {
      if (nameOf(layer) === 'bidirectional') {
        const message =
          '`bidirectional` reads the whole sequence, and with it the targets of the steps before the last: the model learns to copy them. Pool with `last`, or use the cell alone.';
        this.reporter.warning('sees-the-target', message, this.reporter.part(layer, 'type'));
      }
      layer.layers.forEach(visit);
    };
    this.block.layers.forEach(visit);
  }

  private checkEnd(last: Layer, output: string | undefined): void {
    const loss = this.surroundings.train?.loss;
    if (output === undefined) {
      // A misspelt last layer is said to be unknown; it may well be the one that is missed here.
      if (!this.isKnown(nameOf(last))) return;
      const needed =
        loss === undefined
          ? '`softmax` or `linear`'
          : loss === 'mse'
            ? '`linear`, for `mse`'
            : '`softmax`, for `cross_entropy`';
      this.error(
        'missing-output-layer',
        `The last layer of a model is ${needed}; add it after \`${nameOf(last)}\`.`,
        last,
      );
      return;
    }
    if (loss === undefined) return;
    const fitting = loss === 'mse' ? 'linear' : 'softmax';
    if (output === fitting) return;
    const layer = this.block.layers.find((candidate) => nameOf(candidate) === output)!;
    const message = `\`${loss}\` needs \`${fitting}\` as the last layer, not \`${output}\`.`;
    const place = this.reporter.part(layer, 'type');
    this.reporter.error('output-does-not-fit-loss', message, place, { kind: 'replace', texts: [fitting] });
  }

  private checkLoss(): void {
    const { data, train } = this.surroundings;
    if (data === undefined || train === undefined) return;
    const fitting = data.source.kind === 'text' ? 'cross_entropy' : 'mse';
    if (train.loss === fitting) return;
    const what = data.source.kind === 'text' ? 'tokens of a text' : 'numbers of a CSV file';
    const message = `\`${train.loss}\` does not measure predictions of ${what}; write \`loss = ${fitting}\`.`;
    const fix = { kind: 'replace', texts: [fitting] } as const;
    this.reporter.error('loss-does-not-fit-data', message, train.ranges.loss, fix);
  }
}

function nameOf(layer: Layer): string {
  return layer.type.$refText;
}

function isLookup(name: string): boolean {
  return name === 'onehot' || name === 'embed';
}

function isOutput(name: string): boolean {
  return name === 'softmax' || name === 'linear';
}

function isPooling(name: string): boolean {
  return name === 'last' || name === 'mean';
}
