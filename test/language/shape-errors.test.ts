import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  analyzer,
  expectDiagnostics,
  expectEach,
  fileOf,
  fileWithCell,
  regression,
  uri,
} from './marked-text.ts';

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
      'state without a shape of its own on the left',
      fileWithCell('h = h[t-1] «@» x\noutput h', 'cell A', 'A'),
      'shape-mismatch',
      /needs a matrix on its left; h\[t-1\] is a scalar/,
    ],
    [
      'what hangs on a quantity in error is not told again',
      fileWithCell('param W : [units, x] ~ glorot\na = tanh(«W»)\nh = a * h[t-1]\noutput h'),
      'matrix-outside-product',
      /The matrix `W` \[8, 3\]/,
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
  it('has a model or an error, whatever the equations', async () => {
    const names = [
      'a',
      'b',
      'h',
      'a[t-1]',
      'b[t-1]',
      'h[t-2]',
      'x',
      'x[t-1]',
      'W',
      'U',
      'p',
      's',
      'units',
      '2',
    ];
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.constantFrom(...names),
        fc
          .tuple(tie('expression'), fc.constantFrom('+', '*', '/', '@'), tie('expression'))
          .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
        fc
          .tuple(fc.constantFrom('-', 'tanh', 'softmax'), tie('expression'))
          .map(([name, operand]) => `${name}(${operand})`),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(expression, expression, expression, async (a, b, h) => {
        const parameters =
          'param W : [units, x] ~ glorot\nparam U : [units, units] ~ glorot\nparam p : [units] = 0\nparam s : [] = 1';
        const text = fileWithCell(`${parameters}\na = ${a}\nb = ${b}\nh = ${h}\noutput h`);
        const {
          diagnostics,
          models: [model],
        } = await analyzer.analyze(uri, text);
        assert.equal(
          model === undefined,
          diagnostics.some(({ severity }) => severity === 'error'),
        );
      }),
      { numRuns: 500 },
    );
  });
});
