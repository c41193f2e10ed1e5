import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrowPath, edgesOf } from '../../../webview/unrolled/edges.ts';
import { layOut } from '../../../webview/unrolled/layout.ts';
import { lstmNetwork } from '../fixtures.ts';

const { layers } = lstmNetwork({ timeSteps: 10, units: 4, layers: 2 });
const layout = layOut(layers, { first: 3, count: 5 }, 600);
const across = (edge: { from: { y: number }; to: { y: number } }) => edge.from.y === edge.to.y;

describe('arrows of the unrolled network', () => {
  it('lead up and to the right for values', () => {
    const edges = edgesOf(layers, layout, 'value', { from: 1, to: 4 });
    const [horizontal, vertical] = [edges.filter(across), edges.filter((edge) => !across(edge))];
    // Five layers have six gaps between input and prediction; two of them are recurrent, and t = 2 leads into t = 3.
    assert.equal(vertical.length, 5 * 6);
    assert.equal(horizontal.length, 5 * 2);
    assert.ok(horizontal.every(({ from, to }) => from.x < to.x));
    assert.ok(vertical.every(({ from, to }) => from.y > to.y && from.x === to.x));
    assert.equal(edges.filter(({ reached }) => reached).length, 2 * (6 + 2));
  });

  it('lead down and to the left for gradients, and not into tokens', () => {
    const edges = edgesOf(layers, layout, 'adjoint', { from: 6, to: 10 });
    const [horizontal, vertical] = [edges.filter(across), edges.filter((edge) => !across(edge))];
    assert.equal(vertical.length, 5 * 4);
    assert.ok(horizontal.every(({ from, to }) => from.x > to.x));
    assert.ok(vertical.every(({ from, to }) => from.y < to.y));
    assert.ok(edges.filter(({ reached }) => reached).every(({ to }) => to.x > layout.width / 2));
  });

  it('begin with the sequence', () => {
    const start = layOut(layers, { first: 1, count: 5 }, 600);
    assert.equal(edgesOf(layers, start, 'value', { from: 1, to: 0 }).filter(across).length, 4 * 2);
  });

  it('are one path, each with a head at its tip', () => {
    const path = arrowPath([{ from: { x: 0, y: 0 }, to: { x: 10, y: 0 }, reached: true }]);
    assert.equal(path, 'M0 0L10 0M6.5 3.5L10 0L6.5 -3.5');
  });
});
