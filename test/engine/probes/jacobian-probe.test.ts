import assert from 'node:assert/strict';
import test from 'node:test';
import { type State, statesOf } from '../../../src/compile/probes/jacobian-schedule.ts';
import { JacobianProbe } from '../../../src/engine/probes/jacobian-probe.ts';
import type { TestRun } from '../../support/engine.ts';
import { referencePass } from '../reference.ts';
import { referenceModelOf, referenceParametersOf } from '../reference-run.ts';
import { iterationOf, probedRuns, trainedRun } from './probed-runs.ts';

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

for (const probed of probedRuns) {
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
