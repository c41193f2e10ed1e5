import { describe, it } from 'node:test';
import { expectDiagnostics, expectEach, fileOf, fileWithCell, regression } from './marked-text.ts';

describe('shapes', () => {
  expectEach('error', [
    [
      'product of the wrong size',
      fileWithCell('param W : [64, 32] ~ glorot\nparam b : [48] = 0\nh = W «@» b\noutput h', 'cell A', 'A'),
      'shape-mismatch',
      '`@` cannot multiply W [64, 32] by b [48]: the matrix has 32 columns and the vector 48 units.',
    ],
    [
      'product with the input',
      fileWithCell('param W : [units, units] ~ glorot\nh = W «@» x\noutput h'),
      'shape-mismatch',
      /W \[8, 8\] by x \[3\]: the matrix has 8 columns and the vector 3 units/,
    ],
    [
      'product with a state',
      fileWithCell(
        'param W : [units, x] ~ glorot\nparam U : [units, 48] ~ glorot\nh = W @ x + U «@» h[t-1]\noutput h',
      ),
      'shape-mismatch',
      /U \[8, 48\] by h\[t-1\] \[8\]/,
    ],
    [
      'vector on the left',
      fileWithCell('param b : [3] = 0\nh = b «@» x\noutput h', 'cell A', 'A'),
      'shape-mismatch',
      /needs a matrix on its left; b is a vector \[3\]/,
    ],
    [
      'scalar on the right',
      fileWithCell('param W : [units, x] ~ glorot\nh = W «@» 3 + W @ x\noutput h'),
      'shape-mismatch',
      /needs a vector on its right; 3 is a scalar/,
    ],
    [
      'sum of different sizes',
      fileWithCell('param W : [units, x] ~ glorot\nh = W @ x «+» x\noutput h'),
      'shape-mismatch',
      /`\+` cannot combine W @ x \[8\] with x \[3\].*one side has 8 units, the other 3/,
    ],
    [
      'matrix in a sum',
      fileWithCell('param W : [units, x] ~ glorot\nh = W @ x + 2 * «W»\noutput h'),
      'matrix-outside-product',
      /The matrix `W` \[8, 3\] can only stand on the left of `@`/,
    ],
    [
      'softmax of a scalar',
      fileWithCell('param a : [] = 0\nh = x * softmax(«a»)\noutput h', 'cell A', 'A'),
      'shape-mismatch',
      /normalises over the units of a vector; a is a scalar/,
    ],
    [
      'scalar output',
      fileWithCell('n = n[t-1] + 1\noutput «n»', 'cell A', 'A'),
      'output-not-vector',
      /`n` is a scalar/,
    ],
  ]);
  it('says once what is wrong in two uses of a cell', () =>
    expectDiagnostics(
      fileOf({
        ...regression,
        cell: 'cell A(units) {\n  param W : [units, 7] ~ glorot\n  h = W «@» x\n  output h\n}',
        model: 'model {\n  A(2)\n  A(2)\n  dense\n  linear\n}',
      }),
      [['error', 'shape-mismatch', /7 columns and the vector 2 units/]],
    ));
  it('warns in a cell that no model uses, where symbols may turn out equal', () =>
    expectDiagnostics(
      'cell A(units) {\n  param U : [units, units] ~ orthogonal\n  h = U «@» x\n  output h\n}',
      [['warning', 'shape-mismatch', /This fits only where `units` equals `x`/]],
    ));
});
