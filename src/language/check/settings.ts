/** Checks `data` and `train` against the vocabulary and reads them into plain data. */
import type {
  ColumnName,
  DataSource,
  DataSpec,
  OptimizerSpec,
  SourceRange,
  SplitShares,
  TrainSpec,
} from '../checked-model.ts';
import type { DataBlock, Setting, TrainBlock } from '../generated/ast.ts';
import { blocks } from '../vocabulary/blocks.ts';
import type { Key } from '../vocabulary/kinds.ts';
import type { Environment } from './constants.ts';
import type { Reporter } from './reporter.ts';
import { defaultValue, readValue, type Value } from './values.ts';

/** The settings of one block: given and right, or by default. */
class Settings {
  private readonly values: ReadonlyMap<string, Value>;

  constructor(values: ReadonlyMap<string, Value>) {
    this.values = values;
  }

  number(key: string): number | undefined {
    return numberOf(this.values.get(key));
  }

  choice(key: string): (Value & { kind: 'choice' }) | undefined {
    const value = this.values.get(key);
    return value?.kind === 'choice' ? value : undefined;
  }

  columns(key: string): (Value & { kind: 'columns' }) | undefined {
    const value = this.values.get(key);
    return value?.kind === 'columns' ? value : undefined;
  }

  /** Where the value stands; the block's head for a default. */
  range(key: string, reporter: Reporter, block: SourceRange): SourceRange {
    const node = this.values.get(key)?.node;
    return node ? reporter.range(node) : block;
  }
}

function numberOf(value: Value | undefined): number | undefined {
  return value?.kind === 'number' && typeof value.value === 'number' ? value.value : undefined;
}

function argument(choice: Value & { kind: 'choice' }, name: string): number {
  return numberOf(choice.arguments.get(name)) ?? 0;
}

/** The spec of a `data` block; undefined where something is missing or wrong, which is reported. */
export function readData(block: DataBlock, constants: Environment, reporter: Reporter): DataSpec | undefined {
  const keys = blocks.data.keys;
  const values = readSettings(keys, block.settings, constants, reporter);
  const kind = sourceKind(block, values);
  rejectForeignKeys(block, kind, reporter);
  const applicable = keys.filter((key) => key.source === undefined || key.source === kind);
  fillIn(kind ? applicable : keys.filter((key) => key.source === undefined), block, values, reporter);

  const settings = new Settings(values);
  const head = headOf(block, reporter);
  const source = readSource(settings, reporter);
  const split = readSplit(settings, reporter);
  const window = settings.number('window');
  if (!source || !split || window === undefined) return undefined;
  const path = settings.choice('source')?.arguments.get('file')?.node;
  return {
    source,
    window,
    split,
    ranges: {
      block: head,
      path: path ? reporter.range(path) : head,
      window: settings.range('window', reporter, head),
    },
  };
}

/** The spec of a `train` block; undefined where something is missing or wrong, which is reported. */
export function readTrain(
  block: TrainBlock,
  constants: Environment,
  reporter: Reporter,
): TrainSpec | undefined {
  const keys = blocks.train.keys;
  const values = readSettings(keys, block.settings, constants, reporter);
  fillIn(keys, block, values, reporter);

  const settings = new Settings(values);
  const head = headOf(block, reporter);
  const loss = settings.choice('loss')?.name;
  const optimizer = readOptimizer(settings.choice('optimizer'));
  const batch = settings.number('batch');
  const epochs = settings.number('epochs');
  const seed = settings.number('seed');
  if ((loss !== 'cross_entropy' && loss !== 'mse') || !optimizer) return undefined;
  if (batch === undefined || epochs === undefined || seed === undefined) return undefined;
  const clip = settings.choice('clip');
  return {
    loss,
    optimizer,
    batch,
    epochs,
    clipNorm: clip && argument(clip, 'norm'),
    seed,
    ranges: {
      batch: settings.range('batch', reporter, head),
      loss: settings.range('loss', reporter, head),
    },
  };
}

/** `data shakespeare` or `train`: the part before the brace. */
function headOf(block: DataBlock | TrainBlock, reporter: Reporter): SourceRange {
  const keyword = reporter.part(block, 'keyword');
  return block.name === undefined ? keyword : { ...keyword, end: reporter.part(block, 'name').end };
}

function readSettings(
  keys: readonly Key[],
  settings: readonly Setting[],
  constants: Environment,
  reporter: Reporter,
): Map<string, Value> {
  const values = new Map<string, Value>();
  const seen = new Set<string>();
  for (const setting of settings) {
    const place = reporter.part(setting, 'key');
    const key = keys.find((candidate) => candidate.name === setting.key);
    if (key === undefined) {
      const names = keys.map((candidate) => candidate.name);
      const message = `There is no key \`${setting.key}\` here.`;
      const listing = 'The keys of this block are';
      reporter.unknownName('unknown-key', message, place, { name: setting.key, known: names, listing });
      continue;
    }
    if (seen.has(key.name)) {
      const message = `\`${key.name}\` is set twice in this block; keep one of the two.`;
      reporter.error('duplicate-key', message, place);
      continue;
    }
    seen.add(key.name);
    const value = readValue(setting.value, key.value, reporter, constants);
    if (value) values.set(key.name, value);
  }
  return values;
}

/** Adds defaults and reports keys that are missing. */
function fillIn(
  keys: readonly Key[],
  block: DataBlock | TrainBlock,
  values: Map<string, Value>,
  reporter: Reporter,
): void {
  for (const key of keys) {
    if (block.settings.some((setting) => setting.key === key.name)) continue;
    if (key.default !== undefined) {
      values.set(key.name, defaultValue(key.default));
    } else if (!key.optional) {
      const message = `\`${block.keyword}\` needs \`${key.name}\`: add \`${key.name} = ${key.example}\`.`;
      const fix = { kind: 'add', name: key.name } as const;
      reporter.error('missing-key', message, reporter.part(block, 'keyword'), fix);
    }
  }
}

/** The kind of source, also where only its argument is wrong. */
function sourceKind(block: DataBlock, values: ReadonlyMap<string, Value>): 'text' | 'csv' | undefined {
  const value = values.get('source');
  const written = block.settings.find((setting) => setting.key === 'source')?.value;
  const name =
    value?.kind === 'choice' ? value.name : written?.$type === 'Call' ? written.function.$refText : undefined;
  return name === 'text' || name === 'csv' ? name : undefined;
}

function rejectForeignKeys(block: DataBlock, kind: 'text' | 'csv' | undefined, reporter: Reporter): void {
  if (kind === undefined) return;
  for (const setting of block.settings) {
    const key = blocks.data.keys.find((candidate) => candidate.name === setting.key);
    if (key?.source === undefined || key.source === kind) continue;
    const message = `\`${key.name}\` belongs to \`${key.source}(…)\` data; this block reads \`${kind}(…)\`.`;
    reporter.error('key-not-applicable', message, reporter.part(setting, 'key'));
  }
}

function readSource(settings: Settings, reporter: Reporter): DataSource | undefined {
  const source = settings.choice('source');
  const file = source?.arguments.get('file');
  if (source === undefined || file?.kind !== 'text') return undefined;
  if (source.name === 'text') {
    return settings.choice('tokens') && { kind: 'text', path: file.value, tokens: 'char' };
  }
  const inputs = settings.columns('inputs');
  const targets = settings.columns('targets');
  const horizon = settings.number('horizon');
  const normalize = settings.choice('normalize')?.name;
  if (!inputs || !targets || horizon === undefined) return undefined;
  if (normalize !== 'none' && normalize !== 'zscore' && normalize !== 'minmax') return undefined;
  const named = (value: Value & { kind: 'columns' }): ColumnName[] =>
    value.columns.map(({ name, node }) => ({ name, source: reporter.range(node) }));
  return {
    kind: 'csv',
    path: file.value,
    inputs: named(inputs),
    targets: named(targets),
    horizon,
    normalize,
  };
}

function readSplit(settings: Settings, reporter: Reporter): SplitShares | undefined {
  const choice = settings.choice('split');
  if (choice === undefined) return undefined;
  const split = {
    train: argument(choice, 'train'),
    dev: argument(choice, 'dev'),
    test: argument(choice, 'test'),
  };
  if (choice.node === undefined) return split;
  const sum = split.train + split.dev + split.test;
  // Shares such as 70% + 20% + 10% miss 1 by a rounding error.
  if (sum > 1 + 1e-9) {
    const message = `The shares add up to ${Number((sum * 100).toFixed(2))}%; together they can be at most 100%.`;
    reporter.error('split-over-100', message, choice.node);
    return undefined;
  }
  if (split.train === 0) {
    reporter.error(
      'empty-train-share',
      'The training share is 0%: nothing is left to learn from.',
      choice.node,
    );
    return undefined;
  }
  return split;
}

function readOptimizer(choice: (Value & { kind: 'choice' }) | undefined): OptimizerSpec | undefined {
  switch (choice?.name) {
    case 'sgd':
      return { kind: 'sgd', learningRate: argument(choice, 'lr') };
    case 'adam':
      return {
        kind: 'adam',
        learningRate: argument(choice, 'lr'),
        beta1: argument(choice, 'beta1'),
        beta2: argument(choice, 'beta2'),
        epsilon: argument(choice, 'epsilon'),
      };
    default:
      return undefined;
  }
}
