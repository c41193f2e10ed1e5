import assert from 'node:assert/strict';
import test from 'node:test';
import { orthogonal } from '../../../src/engine/orthogonal.ts';
import { MatrixSpectrum, type Spectrum } from '../../../src/engine/probes/spectrum.ts';
import { Random } from '../../../src/engine/random.ts';
import { type Matrix, product, singularValues, spectralRadius } from './slow-spectrum.ts';

const random = new Random(8);

function matrixOf(size: number, entry: (row: number, column: number) => number): Matrix {
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => Math.fround(entry(row, column))),
  );
}

const gaussian = (size: number) => matrixOf(size, () => random.normal() / Math.sqrt(size));

function rotation(size: number): Matrix {
  const entries = orthogonal(size, size, random);
  return matrixOf(size, (row, column) => entries[row * size + column]!);
}

/** U diag(values) V */
function withSingularValues(values: readonly number[]): Matrix {
  const scaled = rotation(values.length).map((row) => row.map((entry, column) => entry * values[column]!));
  return product(scaled, rotation(values.length)).map((row) => row.map(Math.fround));
}

const sizes = [1, 2, 3, 5, 8, 17, 40, 64];

const kinds: Readonly<Record<string, (size: number) => Matrix>> = {
  'random numbers': gaussian,
  'gates on the diagonal': (size) =>
    matrixOf(size, (row, column) =>
      row === column ? random.uniform(0.1, 1) : (0.2 * random.normal()) / size,
    ),
  'rows of many magnitudes': (size) => matrixOf(size, (row) => random.normal() * Math.exp(-row / 4)),
  'far from normal': (size) => matrixOf(size, (row, column) => random.normal() * (column > row ? 1 : 0.05)),
  rotations: rotation,
  'singular values from 1 to 10⁻⁴': (size) =>
    withSingularValues(
      Array.from({ length: size }, (_, index) => 10 ** ((-4 * index) / Math.max(1, size - 1))),
    ),
  'singular values beyond the digits of float32': (size) =>
    withSingularValues(Array.from({ length: size }, (_, index) => 10 ** -index)),
  'one unit that nothing reaches': (size) => matrixOf(size, (row) => (row === 0 ? 0 : random.normal())),
  'twice the same row': (size) => {
    const matrix = gaussian(size);
    return matrix.map((row, index) => (index === size - 1 ? matrix[0]! : row));
  },
  'a chain that ends': (size) => matrixOf(size, (row, column) => (column === row + 1 ? 1 : 0)),
  'tiny entries': (size) => matrixOf(size, () => 1e-25 * random.normal()),
  'huge entries': (size) => matrixOf(size, () => 1e25 * random.normal()),
  zeros: (size) => matrixOf(size, () => 0),
};

function write(spectrum: MatrixSpectrum, matrix: Matrix): void {
  for (const [row, entries] of matrix.entries()) spectrum.entries.set(entries, row * spectrum.stride);
}

function measure(matrix: Matrix): Spectrum {
  const spectrum = new MatrixSpectrum(matrix.length);
  write(spectrum, matrix);
  return spectrum.measure();
}

function assertNear(actual: number, expected: number, margin: number, what: string): void {
  const error = Math.abs(actual - expected);
  assert.ok(error <= margin, `${what}: ${actual}, expected ${expected} (error ${error}, allowed ${margin})`);
}

for (const [kind, create] of Object.entries(kinds)) {
  test(`singular values and spectral radius of ${kind}`, () => {
    for (const size of sizes) {
      const matrix = create(size);
      const { largest, smallest, spectralRadius: radius } = measure(matrix);
      const expected = singularValues(matrix);
      const [first = 0, last = 0] = [expected[0], expected.at(-1)];
      assertNear(largest, first, 1e-4 * first, `σ₁ of ${size}`);
      assertNear(smallest, last, 1e-3 * last + 1e-6 * first, `σₙ of ${size}`);
      const expectedRadius = spectralRadius(matrix);
      assertNear(radius, expectedRadius, 1e-2 * expectedRadius, `ρ of ${size}`);
    }
  });
}

test('known eigenvalues: pairs that turn, and real ones below them', () => {
  // On an ellipse, so that powers of it do not grow evenly.
  const turn = (radius: number, angle: number, stretch: number) => [
    [radius * Math.cos(angle), -stretch * radius * Math.sin(angle)],
    [(radius * Math.sin(angle)) / stretch, radius * Math.cos(angle)],
  ];
  for (const angle of [0.01, 0.4, 1.5, 3.1]) {
    const block = turn(0.9, angle, 20);
    const matrix = matrixOf(6, (row, column) => {
      if (row < 2 && column < 2) return block[row]![column]!;
      return row === column ? 0.8 : 0.1 * Number(column > row);
    });
    assertNear(measure(matrix).spectralRadius, 0.9, 9e-3, `angle ${angle}`);
  }
});

for (const wrong of [NaN, Infinity, -Infinity]) {
  test(`nothing is told of a matrix with an entry ${wrong}, and all of the next one`, () => {
    const spectrum = new MatrixSpectrum(7);
    const good = gaussian(7);
    write(spectrum, good);
    const expected = spectrum.measure();
    write(
      spectrum,
      matrixOf(7, (row, column) => (row === 4 && column === 5 ? wrong : 1)),
    );
    spectrum.beginProduct();
    const unknown = { largest: NaN, smallest: NaN, spectralRadius: NaN };
    assert.deepEqual(spectrum.measure(), unknown);
    assert.equal(spectrum.extendProduct(), NaN);
    write(spectrum, good);
    assert.deepEqual(spectrum.measure(), expected);
    spectrum.beginProduct();
    assert.ok(Number.isFinite(spectrum.extendProduct()));
  });
}

for (const [what, gain] of Object.entries({ vanish: 1e-4, explode: 1e4, stay: 1 })) {
  test(`products that ${what}`, () => {
    for (const size of [1, 3, 12]) {
      const spectrum = new MatrixSpectrum(size);
      spectrum.beginProduct();
      let expected: Matrix = matrixOf(size, (row, column) => Number(row === column));
      let logarithm = 0;
      for (let factor = 0; factor < 120; factor += 1) {
        const matrix = gaussian(size).map((row) => row.map((entry) => Math.fround(gain * entry)));
        write(spectrum, matrix);
        spectrum.measure();
        const actual = spectrum.extendProduct();
        expected = product(expected, matrix);
        const [largest = 0] = singularValues(expected);
        expected = expected.map((row) => row.map((entry) => entry / largest));
        logarithm += Math.log10(largest);
        assertNear(actual, logarithm, 1e-4, `log₁₀ σ₁ of ${factor + 1} factors of size ${size}`);
      }
    }
  });
}
