import assert from 'node:assert/strict';
import test from 'node:test';
import { ContributionProbe } from '../../../src/engine/probes/contribution-probe.ts';
import type { TestRun } from '../../support/engine.ts';
import { referencePass } from '../reference.ts';
import { referenceModelOf, referenceParametersOf } from '../reference-run.ts';
import { bothDirections, iterationOf, probedRuns, trainedRun } from './probed-runs.ts';

/** ∂L_s/∂ one unit of a quantity at t, for all s; 0 where no loss is taken. */
function differences(run: TestRun, layer: string, quantity: string, sample: number, t: number, unit: number) {
  const parameters = referenceParametersOf(run);
  const { batch, network } = run.training;
  const step = 1e-5;
  const at = (amount: number): Float64Array => {
    const nudge = { layer, quantity, t, sample, unit, amount };
    return referencePass(referenceModelOf(run), parameters, batch, sample, nudge).losses;
  };
  const [over, under] = [at(step), at(-step)];
  const { timeSteps, lossSteps, batchSize } = network;
  const taken = over.map((loss, index) => (loss - under[index]!) / (2 * step * lossSteps * batchSize));
  return [...Array<number>(timeSteps - lossSteps).fill(0), ...taken];
}

function assertNear(actual: number, expected: number, scale: number, what: string): void {
  const error = Math.abs(actual - expected) / scale;
  assert.ok(error < 3e-4, `${what}: ${actual}, expected ${expected} (relative error ${error})`);
}

for (const probed of probedRuns) {
  test(`${probed.name}: what each loss contributes, against finite differences and recorded adjoints`, async () => {
    const run = await trainedRun(probed);
    const { trace, network } = run.training;
    const { timeSteps, batchSize } = network;
    for (const { layer, quantity, size, data, content } of trace.arrays) {
      if (content === 'value') continue;
      const probe = new ContributionProbe(network, { layer, quantity });
      for (const sample of [2, 0]) {
        const matrix = probe.compute(iterationOf(run.training), { sample, vectors: true });
        const { norms, vectors } = matrix;
        const what = `${quantity} of ${layer}, sample ${sample}`;
        for (let t = 1; t <= timeSteps; t += 1) {
          const unit = (t + sample) % size;
          const entry = (s: number, u: number): number => vectors![((s - 1) * timeSteps + t - 1) * size + u]!;
          const expected = differences(run, layer, quantity, sample, t, unit);
          const scale = Math.max(...expected.map(Math.abs), 1e-5);
          for (let s = 1; s <= timeSteps; s += 1) {
            assertNear(entry(s, unit), expected[s - 1]!, scale, `${what}, s ${s}, t ${t}`);
            const norm = Math.hypot(...Array.from({ length: size }, (_, u) => entry(s, u)));
            assertNear(norms[(s - 1) * timeSteps + t - 1]!, norm, Math.max(norm, 1e-9), `${what}, norm`);
          }
          const recorded = data[((t - 1) * batchSize + sample) * size + unit]!;
          let sum = 0;
          for (let s = 1; s <= timeSteps; s += 1) sum += entry(s, unit);
          assertNear(sum, recorded, scale, `${what}, sum at t ${t}`);
        }
      }
    }
    run.training.dispose();
  });
}

test('what a cell that reads from the end passes on to both sides is refused', async () => {
  const run = await trainedRun(bothDirections);
  const { network } = run.training;
  const probe = (layer: string) => new ContributionProbe(network, { layer, quantity: 'h' });
  for (const layer of ['layers.0', 'layers.1.backward']) {
    assert.throws(() => probe(layer), /reads the sequence from its end/);
  }
  const matrix = probe('layers.2').compute(iterationOf(run.training), { sample: 0 });
  assert.ok(matrix.norms[0]! > 0);
  run.training.dispose();
});

test('many losses, of which not all fit into one walk back: sums are the recorded adjoints, and parts are the whole', async () => {
  const run = await trainedRun(probedRuns.find(({ name }) => name === 'delays on delays')!, 75);
  const { trace, network } = run.training;
  const { timeSteps, batchSize } = network;
  const probe = new ContributionProbe(network, { layer: 'layers.0', quantity: 'm' });
  const sample = 1;
  const whole = probe.compute(iterationOf(run.training), { sample, vectors: true });
  const { size, data } = trace.find('layers.0', 'm', 'adjoint')!;
  for (let t = 1; t <= timeSteps; t += 1) {
    const recorded = data.subarray(((t - 1) * batchSize + sample) * size).slice(0, size);
    const scale = Math.max(...recorded.map(Math.abs));
    for (let unit = 0; unit < size; unit += 1) {
      let sum = 0;
      for (let s = 0; s < timeSteps; s += 1) sum += whole.vectors![(s * timeSteps + t - 1) * size + unit]!;
      assertNear(sum, recorded[unit]!, scale, `unit ${unit} at t ${t}`);
    }
  }
  for (const losses of [
    { from: 40, to: 40 },
    { from: 3, to: 70 },
  ]) {
    const part = probe.compute(iterationOf(run.training), { sample, losses, vectors: true });
    const [start, end] = [(losses.from - 1) * timeSteps, losses.to * timeSteps];
    assert.deepEqual(part.norms, whole.norms.slice(start, end));
    assert.deepEqual(part.vectors, whole.vectors!.slice(start * size, end * size));
  }
  run.training.dispose();
});
