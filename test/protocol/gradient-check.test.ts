import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type GradientReport,
  gradientSummary,
  gradientTable,
  type ParameterCheck,
} from '../../src/protocol/gradient-check.ts';

const right: ParameterCheck = {
  layer: 'layers.0',
  name: 'U',
  shape: [3, 4],
  checked: 8,
  undecided: 2,
  largestError: 0.00123,
  wrong: [],
};
const undecided: ParameterCheck = {
  ...right,
  name: 'b',
  shape: [3],
  checked: 0,
  undecided: 3,
  largestError: 0,
};
const wrong: ParameterCheck = {
  ...right,
  layer: 'dense',
  name: 'W',
  undecided: 0,
  largestError: 0.5,
  wrong: [{ index: 6, gradient: 0.25, finiteDifference: 0.125 }],
};
const reportOf = (...parameters: ParameterCheck[]): GradientReport => ({
  backend: { name: 'compiled', label: 'fake', reason: 'a test' },
  parameters,
});

describe('a report on gradients', () => {
  it('is a table', () => {
    assert.deepEqual(gradientTable(reportOf(right, undecided, wrong)), [
      'parameter   shape   entries  largest relative error',
      'layers.0 U  [3, 4]  8        1.2e-3                  2 more too small to tell in float32',
      'layers.0 b  [3]     0        –                       too small to tell in float32',
      'dense W     [3, 4]  8        5.0e-1                  wrong: entry [1, 2] is 0.2500, finite difference 0.1250',
    ]);
  });

  const rows: readonly (readonly [what: string, report: GradientReport, summary: string])[] = [
    [
      'right',
      reportOf(right, { ...right, largestError: 1e-5 }),
      'Gradients agree with finite differences: 16 entries of 2 parameters, largest relative error 1.2e-3.',
    ],
    [
      'undecided in part',
      reportOf(right, undecided),
      'Gradients agree with finite differences: 8 entries of 2 parameters, largest relative error 1.2e-3. Too small to tell: layers.0 b.',
    ],
    ['wrong', reportOf(right, wrong), 'Gradients disagree with finite differences: dense W.'],
  ];
  for (const [what, report, summary] of rows) {
    it(`says what is ${what}`, () => assert.equal(gradientSummary(report), summary));
  }
});
