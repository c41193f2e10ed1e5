import assert from 'node:assert/strict';
import test from 'node:test';
import { compile } from '../../../src/compile/network.ts';
import { MemoryError } from '../../../src/engine/memory.ts';
import { ContributionProbe } from '../../../src/engine/probes/contribution-probe.ts';
import { JacobianProbe } from '../../../src/engine/probes/jacobian-probe.ts';
import { Probes } from '../../../src/engine/probes/probes.ts';
import { backend, backendNames, checkedModel } from '../../support/engine.ts';
import { probedRuns, trainedRun } from './probed-runs.ts';

const probed = { layer: 'layers.0', quantity: 'm' };
const stacked = probedRuns.find(({ name }) => name === 'delays on delays')!;

test('an iteration is probed as it was computed, also after its update', async () => {
  const { training } = await trainedRun(stacked);
  const probes = new Probes(training);
  const contributions = probes.contributions(probed, { sample: 1 });
  const jacobians = probes.jacobians({ layer: 'layers.1' }, 1);
  assert.ok(contributions !== undefined && jacobians !== undefined);
  training.step('phase');
  assert.equal(training.position.phase, 'update');
  assert.deepEqual(probes.contributions(probed, { sample: 1 }), contributions);
  assert.deepEqual(probes.jacobians({ layer: 'layers.1' }, 1), jacobians);

  training.step('iteration');
  assert.notDeepEqual(probes.contributions(probed, { sample: 1 }), contributions);
  training.dispose();
});

test('what is not known of an iteration is not told', async () => {
  const { training } = await trainedRun(stacked);
  training.step('phase');
  const probes = new Probes(training);
  assert.equal(probes.contributions(probed, { sample: 0 }), undefined, 'nobody kept its parameters');
  training.step('timeStep');
  assert.equal(probes.jacobians({ layer: 'layers.0' }, 0), undefined, 'it has not gone forward to its end');
  training.step('phase');
  assert.ok(probes.jacobians({ layer: 'layers.0' }, 0));
  probes.release();
  training.step('iteration');
  assert.equal(probes.jacobians({ layer: 'layers.0' }, 0), undefined, 'nobody kept its parameters');
  training.dispose();
});

test('all backends are probed alike', async () => {
  const results = await Promise.all(
    backendNames.map(async (choice) => {
      const { training } = await trainedRun(stacked, 6, backend(choice));
      const probes = new Probes(training);
      const { norms } = probes.contributions(probed, { sample: 2 })!;
      const { largest, spectralRadius, logProduct } = probes.jacobians({ layer: 'layers.1' }, 2)!;
      training.dispose();
      return { norms, largest, spectralRadius, logProduct };
    }),
  );
  const [compiled, ...others] = results;
  for (const other of others) {
    for (const what of ['norms', 'largest', 'spectralRadius', 'logProduct'] as const) {
      const scale = Math.max(...compiled![what].map(Math.abs));
      for (const [index, value] of other[what].entries()) {
        const error = Math.abs(value - compiled![what][index]!) / scale;
        assert.ok(error < 1e-4, `${what}: ${value}, compiled ${compiled![what][index]}`);
      }
    }
  }
});

test('what cannot be probed is named', async () => {
  const { training } = await trainedRun(
    probedRuns.find(({ name }) => name === 'dense layers between cells')!,
  );
  const probes = new Probes(training);
  assert.throws(
    () => probes.contributions({ layer: 'inputs', quantity: 'y' }, { sample: 0 }),
    /A run computes no adjoint of y in inputs\./,
  );
  assert.throws(() => probes.jacobians({ layer: 'dense.0' }, 0), /Layer dense\.0 reads nothing of earlier/);
  assert.throws(
    () => probes.jacobians({ layer: 'layers.1', state: 'r' }, 0),
    /r is no state of layer layers\.1, whose states are h\./,
  );
  training.dispose();
});

test('a probe that does not fit into memory says so before it takes any', async () => {
  const model = await checkedModel(`
    data { source = csv("t.csv") inputs = ["a"] targets = ["b"] window = 1000 }
    model { LSTM(40000) dense linear }
    train { loss = mse optimizer = sgd(lr = 0.1) batch = 3 }`);
  const network = compile(model, { vocabulary: undefined });
  const layer = 'layers.0';
  for (const create of [
    () => new ContributionProbe(network, { layer, quantity: 'h' }),
    () => new JacobianProbe(network, { layer }),
  ]) {
    assert.throws(create, (error: Error) => {
      assert.ok(error instanceof MemoryError, error.stack);
      assert.match(error.message, /^This probe needs [\d,.]+ GB of memory and .*`LSTM\(40000\)` alone takes/);
      return true;
    });
  }
});
