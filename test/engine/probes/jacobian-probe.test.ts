import assert from 'node:assert/strict';
import test from 'node:test';
import { type State, statesOf } from '../../../src/compile/probes/jacobian-schedule.ts';
import { JacobianProbe } from '../../../src/engine/probes/jacobian-probe.ts';
import type { TestRun } from '../../support/engine.ts';
import { referencePass } from '../reference.ts';
import { referenceModelOf, referenceParametersOf } from '../reference-run.ts';
import { bothDirections, iterationOf, probedRuns, trainedRun } from './probed-runs.ts';
import { type Matrix, product, singularValues, spectralRadius } from './slow-spectrum.ts';

/** ∂of_t/∂by_{t−delay} at one unit of `by`, by nudging what time step t reads of it. */
function differences(
  run: TestRun,
  place: { layer: string; sample: number; t: number },
  of: State,
  by: { name: string; delay: number; unit: number },
): Float64Array {
  const { layer, sample, t } = place;
  const { batch } = run.training;
  const parameters = referenceParametersOf(run);
  const step = 1e-5;
  const at = (amount: number): Float64Array => {
    const nudge = { layer, quantity: by.name, t: t - by.delay, sample, unit: by.unit, amount, readAt: t };
    return referencePass(referenceModelOf(run), parameters, batch, sample, nudge).value(layer, of.name, t);
  };
  const [over, under] = [at(step), at(-step)];
  return over.map((value, unit) => (value - under[unit]!) / (2 * step));
}

/** J_t in companion form. */
function expectedJacobian(run: TestRun, place: { layer: string; sample: number; t: number }): number[][] {
  const states = statesOf(run.training.network, place.layer);
  const entries = states.flatMap(({ name, size, delay }) =>
    Array.from({ length: delay * size }, (_, index) => {
      return { name, delay: 1 + Math.floor(index / size), unit: index % size };
    }),
  );
  const columns = entries.map((by) => {
    const derivatives = new Map(states.map((of) => [of.name, differences(run, place, of, by)]));
    return entries.map((of) => {
      if (of.delay === 1) return derivatives.get(of.name)![of.unit]!;
      return of.name === by.name && of.unit === by.unit && of.delay === by.delay + 1 ? 1 : 0;
    });
  });
  return entries.map((_, row) => columns.map((column) => column[row]!));
}

for (const probed of [...probedRuns, bothDirections]) {
  test(`${probed.name}: Jacobians against finite differences`, async () => {
    const run = await trainedRun(probed, 19);
    const { network } = run.training;
    const cells = network.layers.filter(({ kind }) => kind === 'cell');
    for (const { id: layer } of cells) {
      const probe = new JacobianProbe(network, { layer });
      for (const [sample, t] of [
        [2, 1],
        [0, 2],
        [1, 4],
        [2, 18],
      ] as const) {
        const expected = expectedJacobian(run, { layer, sample, t });
        const actual = probe.matrix(iterationOf(run.training), sample, t);
        assert.equal(probe.size, expected.length);
        const scale = Math.max(...expected.flat().map(Math.abs));
        for (const [row, entries] of expected.entries()) {
          for (const [column, value] of entries.entries()) {
            const error = Math.abs(actual[row * probe.size + column]! - value) / scale;
            const what = `J_${t}[${row}, ${column}] of ${layer}`;
            assert.ok(error < 1e-4, `${what}: ${actual[row * probe.size + column]}, expected ${value}`);
          }
        }
      }
    }
    run.training.dispose();
  });
}

function assertNear(actual: number, expected: number, margin: number, what: string): void {
  const error = Math.abs(actual - expected);
  assert.ok(error <= margin, `${what}: ${actual}, expected ${expected} (error ${error}, allowed ${margin})`);
}

const measured = [
  { name: 'LSTM', layer: 'layers.0', state: undefined },
  { name: 'LSTM', layer: 'layers.0', state: 'h' },
  { name: 'LSTM', layer: 'layers.0', state: 'c' },
  { name: 'dense layers between cells', layer: 'layers.1', state: undefined },
  { name: 'delays on delays', layer: 'layers.1', state: undefined },
  { name: 'delays on delays', layer: 'layers.0', state: 'm' },
] as const;

for (const { name, layer, state } of measured) {
  test(`${name}: spectra of ∂${state ?? 'z'}_t/∂${state ?? 'z'}_{t−1} in ${layer}, against slow methods`, async () => {
    const run = await trainedRun(probedRuns.find((each) => each.name === name)!, 35);
    const { network } = run.training;
    const sample = 1;
    const iteration = iterationOf(run.training);
    const probe = new JacobianProbe(network, state === undefined ? { layer } : { layer, state });
    const spectra = probe.compute(iteration, sample);
    const { size } = probe;
    let back: Matrix = Array.from({ length: size }, (_, row) =>
      Array.from({ length: size }, (_, column) => Number(row === column)),
    );
    for (let t = network.timeSteps; t >= 1; t -= 1) {
      const entries = probe.matrix(iteration, sample, t);
      const matrix = Array.from({ length: size }, (_, row) => [
        ...entries.subarray(row * size, (row + 1) * size),
      ]);
      const values = singularValues(matrix);
      const [largest, smallest] = [values[0]!, values.at(-1)!];
      assertNear(spectra.largest[t - 1]!, largest, 1e-4 * largest, `σ₁ at ${t}`);
      assertNear(spectra.smallest[t - 1]!, smallest, 1e-3 * smallest + 1e-6 * largest, `σₙ at ${t}`);
      const radius = spectralRadius(matrix);
      assertNear(spectra.spectralRadius[t - 1]!, radius, 1e-2 * radius, `ρ at ${t}`);
      const [past = 0] = singularValues(back);
      assertNear(spectra.logProduct[t - 1]!, Math.log10(past), 1e-4, `log₁₀ σ₁ of the product back to ${t}`);
      back = product(back, matrix);
    }
    run.training.dispose();
  });
}

test('one state by itself is a block of the whole', async () => {
  const run = await trainedRun(probedRuns.find(({ name }) => name === 'LSTM')!);
  const iteration = iterationOf(run.training);
  const { network } = run.training;
  const whole = new JacobianProbe(network, { layer: 'layers.0' });
  const matrix = whole.matrix(iteration, 0, 3);
  assert.deepEqual(
    whole.states.map(({ name }) => name),
    ['c', 'h'],
  );
  const units = 5;
  for (const [start, state] of [
    [0, 'c'],
    [units, 'h'],
  ] as const) {
    const block = new JacobianProbe(network, { layer: 'layers.0', state }).matrix(iteration, 0, 3);
    for (let row = 0; row < units; row += 1) {
      const from = (start + row) * 2 * units + start;
      assert.deepEqual(block.slice(row * units, (row + 1) * units), matrix.slice(from, from + units));
    }
  }
  run.training.dispose();
});
