import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { productKernels } from '../../../src/engine/compiled/product-kernels.ts';
import { kernelModule, multipliers } from './kernels.ts';

const [aAddress, bAddress, cAddress, dAddress] = [0, 65_536, 131_072, 196_608];

type Kernel = (...integers: number[]) => void;

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 11 }),
  depth: fc.integer({ min: 0, max: 13 }),
  columns: fc.integer({ min: 1, max: 8 }),
  /** Floats between the end of a row of C and the next row. */
  gap: fc.integer({ min: 0, max: 3 }),
});

function draw(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(seed + index * 1.7));
}

for (const [kind, multiplier] of Object.entries(multipliers)) {
  const { floats, exports } = kernelModule(262_144, (module) => {
    const kernels = productKernels(module, multiplier);
    for (const name of ['packed', 'outer'] as const) {
      for (const [index, each] of kernels[name].entries()) module.export(`${name}${index + 1}`, each);
    }
  });
  const kernel = (name: 'packed' | 'outer', columns: number): Kernel =>
    exports[`${name}${Math.ceil(columns / 4)}`] as Kernel;

  test(`products with packed matrices, ${kind}: D + A·B, and nothing beside it is touched`, () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 99 }), ({ rows, depth, columns, gap }, seed) => {
        const width = 4 * Math.ceil(columns / 4);
        const stride = columns + gap;
        const a = draw(rows * depth, seed);
        const b = draw(depth * width, seed + 1);
        const d = draw(rows * columns + 8, seed + 2);
        floats.set(a, aAddress / 4);
        floats.set(b, bAddress / 4);
        floats.set(d, dAddress / 4);
        floats.fill(7, cAddress / 4, cAddress / 4 + rows * stride + 8);
        kernel('packed', columns)(
          ...[aAddress, depth * 4, bAddress, dAddress, columns * 4, cAddress, stride * 4, depth, rows],
          columns % 4 || 4,
        );
        for (let row = 0; row < rows; row += 1) {
          for (let column = 0; column < stride; column += 1) {
            const actual = floats[cAddress / 4 + row * stride + column]!;
            let expected = column < columns ? d[row * columns + column]! : 7;
            for (let k = 0; k < depth && column < columns; k += 1) {
              expected += a[row * depth + k]! * b[k * width + column]!;
            }
            assert.ok(
              Math.abs(actual - expected) < 1e-5,
              `[${row}, ${column}] is ${actual}, not ${expected}`,
            );
          }
        }
      }),
    );
  });

  test(`products with packed matrices, ${kind}: a row alone has the bits that it has among others`, () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 99 }), ({ rows, depth, columns }, seed) => {
        const width = 4 * Math.ceil(columns / 4);
        floats.set(draw(rows * depth, seed), aAddress / 4);
        floats.set(draw(depth * width, seed + 1), bAddress / 4);
        floats.set(draw(rows * columns + 8, seed + 2), dAddress / 4);
        const run = (first: number, count: number): void =>
          kernel('packed', columns)(
            ...[
              aAddress + first * depth * 4,
              depth * 4,
              bAddress,
              dAddress + first * columns * 4,
              columns * 4,
            ],
            ...[cAddress + first * columns * 4, columns * 4, depth, count, columns % 4 || 4],
          );
        const result = (): number[] => [
          ...new Uint32Array(floats.slice(cAddress / 4, cAddress / 4 + rows * columns).buffer),
        ];
        run(0, rows);
        const together = result();
        for (let row = 0; row < rows; row += 1) run(row, 1);
        assert.deepEqual(result(), together);
      }),
    );
  });

  test(`outer products, ${kind}: C + Aᵀ·B`, () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 99 }), ({ rows, depth, columns }, seed) => {
        const a = draw(depth * rows, seed);
        const b = draw(depth * columns + 8, seed + 1);
        const c = draw(rows * columns, seed + 2);
        floats.set(a, aAddress / 4);
        floats.set(b, bAddress / 4);
        floats.set([...c, 7], cAddress / 4);
        kernel(
          'outer',
          columns,
        )(
          ...[
            aAddress,
            rows * 4,
            bAddress,
            columns * 4,
            cAddress,
            columns * 4,
            depth,
            rows,
            columns % 4 || 4,
          ],
        );
        for (let row = 0; row < rows; row += 1) {
          for (let column = 0; column < columns; column += 1) {
            let expected = c[row * columns + column]!;
            for (let k = 0; k < depth; k += 1) expected += a[k * rows + row]! * b[k * columns + column]!;
            const actual = floats[cAddress / 4 + row * columns + column]!;
            assert.ok(
              Math.abs(actual - expected) < 1e-5,
              `[${row}, ${column}] is ${actual}, not ${expected}`,
            );
          }
        }
        assert.equal(floats[cAddress / 4 + rows * columns], 7);
      }),
    );
  });
}
