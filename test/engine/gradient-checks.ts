/** The loss, every gradient and every adjoint of a run, against central differences of the reference. */
import assert from 'node:assert/strict';
import { Random } from '../../src/engine/random.ts';
import type { TestRun } from '../support/engine.ts';
import { type Nudge, type ReferenceParameters, referenceLoss } from './reference.ts';
import { referenceModelOf, referenceParametersOf } from './reference-run.ts';

export const text = 'to be, or not to be: that is the question; whether it is nobler in the mind';

export const table = ['a,b,c', ...Array.from({ length: 60 }, (_, row) => tableRow(row))].join('\n');

function tableRow(row: number): string {
  return `${Math.sin(row / 3).toFixed(4)},${Math.cos(row / 5).toFixed(4)},${Math.sin(row / 7).toFixed(4)}`;
}

export function textModel(layers: string, cells = ''): string {
  return `${cells}
    data { source = text("t.txt") window = 5 }
    model { ${layers} }
    train { loss = cross_entropy optimizer = sgd(lr = 0.1) batch = 3 seed = 11 }`;
}

export function tableModel(layers: string, cells = ''): string {
  return `${cells}
    data { source = csv("t.csv") inputs = ["a", "b"] targets = ["c", "a"] window = 5 }
    model { ${layers} }
    train { loss = mse optimizer = sgd(lr = 0.1) batch = 3 seed = 12 }`;
}

/** Takes the run to the end of its first backward phase. */
export function checkIteration(run: TestRun): void {
  for (let phase = 0; phase < 3; phase += 1) run.training.step('phase');
  checkLoss(run);
  checkParameters(run);
  checkAdjoints(run);
}

function checkLoss(run: TestRun): void {
  const expected = lossOf(run, referenceParametersOf(run));
  const { loss } = run.training;
  assert.ok(Math.abs(loss! - expected) < 2e-6 * Math.max(1, expected), `loss ${loss}, expected ${expected}`);
}

function checkParameters(run: TestRun): void {
  const step = 1e-5;
  for (const { layer, name, values, gradient } of run.training.parameters) {
    const at = (entry: number, amount: number): number => {
      const parameters = referenceParametersOf(run);
      parameters.get(`${layer} ${name}`)![entry]! += amount;
      return lossOf(run, parameters);
    };
    const entries = sampleOf(values.length, 12);
    const expected = entries.map((entry) => (at(entry, step) - at(entry, -step)) / (2 * step));
    assertClose(
      entries.map((entry) => gradient[entry]!),
      expected,
      `∂L/∂${name} of ${layer}`,
    );
  }
}

function checkAdjoints(run: TestRun): void {
  const { trace, network } = run.training;
  const parameters = referenceParametersOf(run);
  const step = 1e-5;
  for (const { layer, quantity, content, size, data } of trace.arrays) {
    if (content !== 'adjoint') continue;
    const entries = sampleOf(data.length, 10);
    const expected = entries.map((entry) => {
      const at = (amount: number): number =>
        lossOf(run, parameters, {
          layer,
          quantity,
          t: Math.floor(entry / (network.batchSize * size)) + 1,
          sample: Math.floor(entry / size) % network.batchSize,
          unit: entry % size,
          amount,
        });
      return (at(step) - at(-step)) / (2 * step);
    });
    assertClose(
      entries.map((entry) => data[entry]!),
      expected,
      `∂L/∂${quantity} of ${layer}`,
    );
  }
}

/** Relative to the largest of the gradients at hand: entries near zero drown in float32's rounding. */
function assertClose(actual: readonly number[], expected: readonly number[], what: string): void {
  const scale = Math.max(...expected.map(Math.abs), 3e-4);
  for (const [index, value] of actual.entries()) {
    const error = Math.abs(value - expected[index]!) / scale;
    assert.ok(error < 1e-4, `${what}: ${value}, expected ${expected[index]} (relative error ${error})`);
  }
}

function lossOf(run: TestRun, parameters: ReferenceParameters, nudge?: Nudge): number {
  return referenceLoss(referenceModelOf(run), parameters, run.training.batch, nudge);
}

function sampleOf(length: number, count: number): number[] {
  return [...new Random(length).permutation(length)].slice(0, count);
}
