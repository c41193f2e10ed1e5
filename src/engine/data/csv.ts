/** Columns of a table as sequences: target columns `horizon` steps ahead are to be predicted from input columns. */
import { CsvError, parse } from 'csv-parse/sync';
import type { ColumnName, DataSource, DataSpec } from '../../language/checked-model.ts';
import type { Steps } from './batch.ts';
import { DataError, type Dataset, windowCount } from './dataset.ts';

type CsvSource = Extract<DataSource, { kind: 'csv' }>;

interface Column {
  /** Normalised, over the whole file. */
  readonly values: Float32Array;
  restore(value: number): number;
}

export function readCsv(spec: DataSpec, source: CsvSource, text: string): Dataset {
  const table = parseTable(spec, text);
  const rows = table.records.length;
  const training = Math.floor(rows * spec.split.train);
  const read = (column: ColumnName): Column =>
    normalise(numbersOf(table, column, spec), training, source.normalize);
  const inputs = source.inputs.map(read);
  const targets = source.targets.map(read);
  const sequenceCount = windowCount(spec, training - source.horizon, `${rows} rows`);
  const timeSteps = spec.window;

  const inputRows = rowsOf(inputs);
  const targetRows = rowsOf(targets);

  /** Run for every minibatch, so nothing but copies. */
  function gather({ size, values: table }: Rows, sequences: ArrayLike<number>, ahead: number): Steps {
    const batchSize = sequences.length;
    const values = new Float32Array(timeSteps * batchSize * size);
    let to = 0;
    for (let step = 0; step < timeSteps; step += 1) {
      for (let sample = 0; sample < batchSize; sample += 1) {
        const from = (sequences[sample]! * timeSteps + step + ahead) * size;
        values.set(table.subarray(from, from + size), to);
        to += size;
      }
    }
    return { kind: 'numbers', size, values };
  }

  function shown(columns: readonly Column[], values: ArrayLike<number>, from: number): string {
    return columns.map((column, index) => formatNumber(column.restore(values[from + index]!))).join(', ');
  }

  function shownEntry(columns: readonly Column[], { values }: Steps, t: number, sample: number): string {
    const batchSize = values.length / timeSteps / columns.length;
    return shown(columns, values, ((t - 1) * batchSize + sample) * columns.length);
  }

  return {
    sequenceCount,
    vocabulary: undefined,
    batch: (sequences) => ({
      inputs: gather(inputRows, sequences, 0),
      targets: gather(targetRows, sequences, source.horizon),
    }),
    inputText: (batch, t, sample) => shownEntry(inputs, batch.inputs, t, sample),
    targetText: (batch, t, sample) => shownEntry(targets, batch.targets, t, sample),
    predictionText: (prediction) => shown(targets, prediction, 0),
  };
}

/** Columns side by side, [rows, size]. */
interface Rows {
  readonly size: number;
  readonly values: Float32Array;
}

function rowsOf(columns: readonly Column[]): Rows {
  const size = columns.length;
  const count = columns[0]?.values.length ?? 0;
  const values = new Float32Array(count * size);
  for (const [index, column] of columns.entries()) {
    for (let row = 0; row < count; row += 1) values[row * size + index] = column.values[row]!;
  }
  return { size, values };
}

interface Table {
  readonly header: readonly string[];
  readonly records: readonly { readonly record: readonly string[]; readonly line: number }[];
}

function parseTable(spec: DataSpec, text: string): Table {
  const options = { info: true, bom: true, skip_empty_lines: true, trim: true } as const;
  try {
    const lines = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    const [header, ...rest] = lines;
    if (header === undefined || rest.length === 0) {
      throw new DataError(
        `"${spec.source.path}" has no rows. The first line names the columns, every other line is a row.`,
        spec.ranges.path,
      );
    }
    return {
      header: header.record,
      records: rest.map(({ record, info }) => ({ record, line: info.lines })),
    };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const isRagged = error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH';
    const advice = isRagged ? ' Every row needs as many cells as the first line.' : '';
    throw new DataError(`"${spec.source.path}": ${error.message}.${advice}`, spec.ranges.path);
  }
}

function numbersOf(table: Table, column: ColumnName, spec: DataSpec): Float64Array {
  const index = indexOf(table, column, spec);
  return Float64Array.from(table.records, ({ record, line }) => {
    const cell = record[index]!;
    const value = Number(cell);
    const isNumber = cell !== '' && Number.isFinite(value);
    if (isNumber && Number.isFinite(Math.fround(value))) return value;
    const problem = isNumber ? 'is too large: a 32-bit number ends at 3.4e38' : 'is not a number';
    throw new DataError(
      `"${spec.source.path}", line ${line}: "${cell}" in column "${column.name}" ${problem}.`,
      column.source,
    );
  });
}

function indexOf({ header }: Table, column: ColumnName, spec: DataSpec): number {
  const index = header.indexOf(column.name);
  if (index < 0) {
    const names = header.map((name) => `"${name}"`).join(', ');
    const advice = header.length === 1 && /[;\t|]/.test(names) ? ' Separate columns with commas.' : '';
    throw new DataError(
      `"${spec.source.path}" has no column "${column.name}". Its columns are ${names}.${advice}`,
      column.source,
    );
  }
  if (header.includes(column.name, index + 1)) {
    throw new DataError(
      `"${spec.source.path}" has more than one column "${column.name}". Give each a name of its own.`,
      column.source,
    );
  }
  return index;
}

/** Fitted on the training rows alone, so that nothing of the held-out rows leaks into training. */
function normalise(values: Float64Array, training: number, how: CsvSource['normalize']): Column {
  const [centre, spread] = fit(values.subarray(0, training), how);
  return {
    values: Float32Array.from(values, (value) => (value - centre) / spread),
    restore: (value) => value * spread + centre,
  };
}

function fit(values: Float64Array, how: CsvSource['normalize']): [centre: number, spread: number] {
  switch (how) {
    case 'none':
      return [0, 1];
    case 'zscore': {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      return [mean, Math.sqrt(variance) || 1];
    }
    case 'minmax': {
      const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
      const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
      return [low, high - low || 1];
    }
  }
}

function formatNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
