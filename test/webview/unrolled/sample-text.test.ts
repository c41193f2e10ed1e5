import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Frame } from '../../../src/protocol/frame.ts';
import { layOut, narrowestColumn } from '../../../webview/unrolled/layout.ts';
import { shorten, textsAt } from '../../../webview/unrolled/sample-text.ts';
import { forwardTo, frameOf, lstmNetwork } from '../fixtures.ts';

const network = lstmNetwork({ timeSteps: 4, units: 2, layers: 1 });

function frameWith(target: string, prediction: string): Frame {
  const frame = frameOf(network, forwardTo(1, 4));
  return { ...frame, sample: { index: 0, inputs: ['a'], targets: [target], predictions: [prediction] } };
}

describe('texts beside a time step', () => {
  const shortened: readonly (readonly [string, string])[] = [
    [' ', '␣'],
    ['\n', '⏎'],
    ['e', 'e'],
    ['0.123456789', '0.123'],
    ['-1234.5678', '−1230'],
    ['-0.741', '−0.741'],
    ['-', '-'],
    ['whatsoever', 'whats…'],
  ];
  for (const [text, short] of shortened) {
    it(`write ${JSON.stringify(text)} as ${short}`, () => assert.equal(shorten(text), short));
  }

  it('fit over a step, the longest number, too', () => {
    const { columnWidth } = layOut(network.layers, { first: 1, count: 4 }, 1000);
    assert.ok(narrowestColumn([shorten('-1.3333333e-30')]) <= columnWidth);
  });

  it('compare tokens by equality', () => {
    assert.deepEqual(textsAt(frameWith('e', 'e'), 'cross_entropy', 1).comparison, {
      kind: 'match',
      text: '=',
    });
    assert.deepEqual(textsAt(frameWith('e', 'a'), 'cross_entropy', 1).comparison, {
      kind: 'mismatch',
      text: '≠',
    });
  });

  it('compare numbers by their signed difference', () => {
    assert.equal(textsAt(frameWith('1.5', '1.75'), 'mse', 1).comparison?.text, '+0.25');
    assert.equal(textsAt(frameWith('1.5', '1.25'), 'mse', 1).comparison?.text, '−0.25');
  });

  it('leave out predictions of steps that are not computed', () => {
    const texts = textsAt(frameOf(network, forwardTo(1, 4)), 'cross_entropy', 2);
    assert.ok(texts.target !== undefined && texts.prediction === undefined && texts.comparison === undefined);
  });
});
