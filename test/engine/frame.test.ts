import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Observer } from '../../src/engine/frame.ts';
import { resolveQuantity, type TraceArray } from '../../src/engine/trace.ts';
import type { Training } from '../../src/engine/training.ts';
import type { GatesWatch, Heatmap, Watch } from '../../src/protocol/frame.ts';
import type { Granularity } from '../../src/protocol/position.ts';
import { highestLevel, notComputedCode } from '../../src/protocol/quantise.ts';
import { positionOn } from '../../src/protocol/value-scale.ts';
import { backend, createTestRun } from '../support/engine.ts';

const text = 'a stitch in time saves nine, and nine stitches save none; '.repeat(3);
const model = `data { source = text("t.txt") window = 4 }
  model { embed(2) GRU(3) LSTM(2) dense softmax }
  train { loss = cross_entropy optimizer = sgd(lr = 0.5) batch = 3 epochs = 9 seed = 2 }`;

const gates = fc.record<GatesWatch>({
  layer: fc.constantFrom('layers.0', 'layers.1'),
  show: fc.constantFrom('value', 'adjoint'),
  of: fc.constantFrom('batchMean', 'sample'),
  preActivations: fc.boolean(),
  pixels: fc.record({ across: fc.integer({ min: 1, max: 6 }), down: fc.integer({ min: 1, max: 6 }) }),
});
const watch = fc.record<Watch>({
  unrolled: fc.boolean(),
  gates: fc.option(gates, { nil: undefined }),
  gradientFlow: fc.boolean(),
  sample: fc.integer({ min: 0, max: 5 }),
});
const move = fc.record({
  granularity: fc.constantFrom<Granularity>('timeStep', 'timeStep', 'phase', 'iteration'),
  watch,
  cell: fc.record({
    quantity: fc.constantFrom('h', 'c', 'n'),
    t: fc.integer({ min: 1, max: 5 }),
    unit: fc.integer({ min: 0, max: 3 }),
  }),
});

/** The units of one sample at one time step. */
function row({ data, size }: TraceArray, { network }: Training, t: number, sample: number): Float32Array {
  const from = ((t - 1) * network.batchSize + sample) * size;
  return data.subarray(from, from + size);
}

function isKnown(training: Training, { content }: TraceArray, t: number): boolean {
  return content === 'value' ? t <= training.forwardThrough : t >= training.backwardFrom;
}

function expectedNorm(array: TraceArray, training: Training, t: number): number {
  if (!isKnown(training, array, t)) return Number.NaN;
  const samples = Array.from({ length: training.network.batchSize }, (_, sample) => sample);
  return Math.hypot(...samples.flatMap((sample) => [...row(array, training, t, sample)]));
}

function expectedColumn(array: TraceArray, training: Training, t: number, watched: Watch): number[] {
  const units = Array.from({ length: array.size }, (_, unit) => unit);
  if (!isKnown(training, array, t)) return units.map(() => Number.NaN);
  const { batchSize } = training.network;
  if (watched.gates?.of === 'sample')
    return [...row(array, training, t, Math.min(watched.sample, batchSize - 1))];
  const rows = Array.from({ length: batchSize }, (_, sample) => row(array, training, t, sample));
  return units.map((unit) => rows.reduce((sum, each) => sum + each[unit]!, 0) / batchSize);
}

function assertSame(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length, what);
  for (const [index, value] of expected.entries()) {
    const same =
      Object.is(actual[index], value) || Math.abs(actual[index]! - value) <= 1e-6 * Math.abs(value);
    assert.ok(same, `${what}[${index}]: ${actual[index]}, expected ${value}`);
  }
}

/** Each pixel against the mean of the values at its place, NaN for those that are not known. */
function assertPicture(heatmap: Heatmap, values: readonly (readonly number[])[], what: string): void {
  const { codes, columns, rows, units, scale, statistics } = heatmap;
  const [timeSteps, tolerance] = [values.length, 0.51 / highestLevel];
  const known = values.flat().filter((value) => !Number.isNaN(value));
  if (known.length > 0) assertSame([statistics.smallest!, statistics.largest!], rangeOf(known), what);
  for (const [pixel, code] of codes.entries()) {
    const [row, column] = [Math.floor(pixel / columns), pixel % columns];
    const there = values
      .filter((_, index) => Math.floor((index * columns) / timeSteps) === column)
      .flatMap((step) => step.filter((_, unit) => Math.floor((unit * rows) / units) === row))
      .filter((value) => !Number.isNaN(value));
    if (there.length === 0) assert.equal(code, notComputedCode, what);
    else {
      const mean = there.reduce((sum, value) => sum + value, 0) / there.length;
      assert.ok(Math.abs(code / highestLevel - positionOn(scale, mean)) <= tolerance, `${what} at ${pixel}`);
    }
  }
}

function rangeOf(values: readonly number[]): [smallest: number, largest: number] {
  return [Math.min(...values), Math.max(...values)];
}

test('whatever is watched and however one steps, frames show what the trace holds of this iteration', async () => {
  const cpu = backend('compiled');
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 25 }), async (moves) => {
      const { training, dataset } = await createTestRun(model, text, cpu);
      const observer = new Observer(training, dataset);
      const { network, trace } = training;
      const times = Array.from({ length: network.timeSteps }, (_, step) => step + 1);
      for (const { granularity, watch: watched, cell } of moves) {
        training.step(granularity);
        observer.cell = cell;
        const frame = observer.observe(watched);
        for (const { layer, quantity, content, norms } of frame.norms) {
          const array = trace.find(layer, quantity, content)!;
          assertSame(
            norms,
            times.map((t) => expectedNorm(array, training, t)),
            `‖${quantity}‖ of ${layer}`,
          );
        }
        const isShown = frame.heatmaps.some(
          ({ quantity, units }) => quantity === cell.quantity && cell.unit < units,
        );
        const array = trace.find(watched.gates?.layer ?? '', cell.quantity, watched.gates?.show ?? 'value');
        const isRead = isShown && array !== undefined && isKnown(training, array, cell.t) && cell.t <= 4;
        assert.equal(frame.reading !== undefined, isRead);
        for (const heatmap of frame.heatmaps) {
          const { layer, quantity, content } = heatmap;
          const target = resolveQuantity(network, network.layers.find(({ id }) => id === layer)!, quantity);
          const array = trace.find(target.layer.id, target.name, content)!;
          const columns = times.map((t) => expectedColumn(array, training, t, watched));
          assertPicture(heatmap, columns, `${content} ${quantity} of ${layer}`);
          if (frame.reading === undefined || quantity !== cell.quantity) continue;
          assertSame([frame.reading.value], [columns[cell.t - 1]![cell.unit]!], `reading of ${quantity}`);
        }
        assert.equal(frame.heatmaps.length > 0, watched.gates !== undefined);
        assert.equal(frame.sample !== undefined, watched.unrolled);
      }
      training.dispose();
    }),
    { numRuns: 60 },
  );
});
