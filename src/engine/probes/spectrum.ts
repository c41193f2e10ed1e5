/** Extreme singular values, spectral radii and products of square matrices of one size, by compiled float32 operations. */
import { bytesPerFloat, roundUp } from '../compiled/layout.ts';
import { Random } from '../random.ts';
import { bytesPerPage } from '../wasm/module-builder.ts';
import { largestEigenvalue } from './lanczos.ts';
import { lanes, type MatrixPlaces } from './matrix-emission.ts';
import { type MatrixKernels, matrixModule } from './matrix-kernels.ts';
import { norm, scale } from './vectors.ts';

export interface Spectrum {
  /** σ₁, to a relative 10⁻⁴. */
  readonly largest: number;
  /** σₙ, to a relative 10⁻³ or to 10⁻⁶ σ₁, whichever is more. */
  readonly smallest: number;
  /**
   * max |λ|, to about a relative 10⁻²: how fast high powers grow, A²⁵⁶ or more. It is less exact where eigenvectors nearly
   * coincide, since there powers grow for long as no eigenvalue tells.
   */
  readonly spectralRadius: number;
}

/** Applications of a matrix and its transpose, or of their inverses. */
const mostSteps = 48;

/** The spectral radius is read off the growth of a vector under so many applications of a power of the matrix. */
const growthSteps = 64;

/** The largest entry is brought between these: so products of a few matrices stay in float32's range. */
const [smallEntry, largeEntry] = [2 ** -8, 2 ** 8];

const unknown: Spectrum = { largest: Number.NaN, smallest: Number.NaN, spectralRadius: Number.NaN };

/** What the spectra of matrices [n, n] take. */
export function spectrumBytes(size: number): number {
  return placeMatrices(size).pages * bytesPerPage;
}

export class MatrixSpectrum {
  /** Floats from row to row. */
  readonly stride: number;
  /** The matrix to be measured next, [n, stride]; what stands beyond column n stays 0. */
  readonly entries: Float32Array;
  private readonly size: number;
  private readonly places: SpectrumPlaces;
  private readonly memory: WebAssembly.Memory;
  private readonly kernels: MatrixKernels;
  private readonly squarings: number;
  private readonly start: Float32Array;
  private readonly x: Float32Array;
  private readonly y: Float32Array;
  /** Logarithms to base 2 of what the entries have been divided by. */
  private exponent = 0;
  private productExponent = 0;
  /** Undefined before the first factor. */
  private product: number | undefined;

  constructor(size: number) {
    const { places, pages } = placeMatrices(size);
    this.size = size;
    this.places = places;
    this.stride = places.size;
    this.squarings = squaringsFor(size);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const module = new WebAssembly.Module(matrixModule(places, pages));
    const { exports } = new WebAssembly.Instance(module, { run: { memory: this.memory } });
    this.kernels = exports as unknown as MatrixKernels;
    this.entries = this.matrix(places.matrix);
    this.x = this.vector(places.x);
    this.y = this.vector(places.y);
    const random = new Random(1);
    this.start = Float32Array.from({ length: places.size }, (_, unit) => (unit < size ? random.normal() : 0));
  }

  /** Of the matrix in `entries`, which are rescaled; all NaN where one of them is not finite. */
  measure(): Spectrum {
    const { matrix } = this.places;
    this.exponent = this.normalise(matrix);
    if (Number.isNaN(this.exponent)) return unknown;
    const factor = 2 ** this.exponent;
    return {
      largest: factor * this.largestSingularValue(matrix),
      smallest: factor * this.smallestSingularValue(),
      spectralRadius: factor * this.spectralRadius(),
    };
  }

  /** Begins a new product of the matrices that are measured. */
  beginProduct(): void {
    this.product = undefined;
    this.productExponent = 0;
  }

  /** Multiplies the product by the matrix that was measured last, from the right; gives log₁₀ of its σ₁. */
  extendProduct(): number {
    const { kernels, places } = this;
    this.productExponent += this.exponent;
    if (this.product === undefined) {
      this.product = places.products[0];
      this.matrix(this.product).set(this.entries);
    } else {
      const next = places.products[this.product === places.products[0] ? 1 : 0];
      kernels.pack(places.matrix);
      kernels.multiply(this.product, next);
      this.product = next;
    }
    this.productExponent += this.normalise(this.product);
    if (Number.isNaN(this.productExponent)) return Number.NaN;
    return Math.log10(this.largestSingularValue(this.product)) + this.productExponent * Math.log10(2);
  }

  /** Divides a matrix by a power of two where it is very large or very small; gives the exponent, NaN if it is not finite. */
  private normalise(address: number): number {
    this.kernels.largest(address);
    const [largest = 0] = new Float32Array(this.memory.buffer, this.places.largest, 1);
    if (!Number.isFinite(largest)) return Number.NaN;
    if (largest === 0 || (largest >= smallEntry && largest <= largeEntry)) return 0;
    const exponent = Math.floor(Math.log2(largest));
    const matrix = this.matrix(address);
    scale(matrix, 2 ** -exponent, matrix);
    return exponent;
  }

  /** √ of the largest eigenvalue of Aᵀ A. */
  private largestSingularValue(address: number): number {
    const { kernels, places, x, y } = this;
    const apply = (): void => {
      kernels.apply(address, places.x, places.between);
      kernels.applyTransposed(address, places.between, places.y);
    };
    return Math.sqrt(largestEigenvalue({ x, y, apply }, this.start, mostSteps));
  }

  /** From the slope of log ‖Bᵏ v‖ over the second half of the steps, B = A^(2^squarings). */
  private spectralRadius(): number {
    const { kernels, places, x, y, squarings } = this;
    const { power, logarithm: perStep } = this.raise(squarings);
    x.set(this.start);
    const logarithms: number[] = [];
    let logarithm = 0;
    for (let step = 0; step < growthSteps; step += 1) {
      kernels.apply(power, places.x, places.y);
      const growth = norm(y);
      if (growth === 0) return 0;
      logarithm += Math.log(growth) + perStep;
      logarithms.push(logarithm);
      scale(y, 1 / growth, x);
    }
    return Math.exp(slope(logarithms.slice(growthSteps / 2)) / 2 ** squarings);
  }

  /** A^(2^squarings), divided by a number of which the logarithm is given. */
  private raise(squarings: number): { readonly power: number; readonly logarithm: number } {
    const { kernels, places } = this;
    let power = places.matrix;
    let exponent = 0;
    for (let squaring = 0; squaring < squarings; squaring += 1) {
      const square = places.powers[squaring % 2]!;
      kernels.pack(power);
      kernels.multiply(power, square);
      power = square;
      exponent = 2 * exponent + this.normalise(power);
    }
    return { power, logarithm: exponent * Math.LN2 };
  }

  /** 1 / √ of the largest eigenvalue of (Aᵀ A)⁻¹. */
  private smallestSingularValue(): number {
    const { kernels, places, x, y } = this;
    const upper = this.matrix(places.upper);
    upper.set(this.entries);
    for (let unit = this.size; unit < this.stride; unit += 1) upper[unit * this.stride + unit] = 1;
    kernels.factorise();
    const [isSingular] = new Int32Array(this.memory.buffer, places.singular, 1);
    if (isSingular === 1) return 0;
    const apply = (): void => {
      kernels.solveTransposed(places.x, places.between);
      kernels.solve(places.between, places.y);
    };
    return 1 / Math.sqrt(largestEigenvalue({ x, y, apply }, this.start, mostSteps));
  }

  private matrix(address: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, this.stride * this.stride);
  }

  private vector(address: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, this.stride);
  }
}

/** Of the straight line through values one apart, by least squares. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const above = values.reduce((sum, value, index) => sum + (index - middle) * value, 0);
  const below = values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
  return above / below;
}

/** Small matrices are multiplied in no time. */
function squaringsFor(size: number): number {
  if (size <= 32) return 6;
  return size <= 64 ? 3 : 2;
}

interface SpectrumPlaces extends MatrixPlaces {
  readonly matrix: number;
  readonly powers: readonly [number, number];
  readonly products: readonly [number, number];
  readonly x: number;
  readonly y: number;
  readonly between: number;
}

const cacheLine = 64;

function placeMatrices(unpadded: number): { readonly places: SpectrumPlaces; readonly pages: number } {
  const size = roundUp(unpadded, lanes);
  const bytesPerRow = size * bytesPerFloat;
  let end = 0;
  const allocate = (bytes: number): number => {
    const address = end;
    // A line more, so that matrices do not lie a power of two apart.
    end += roundUp(bytes, cacheLine) + cacheLine;
    return address;
  };
  const matrix = (): number => allocate(size * bytesPerRow);
  const vector = (): number => allocate(bytesPerRow);
  const places: SpectrumPlaces = {
    size,
    bytesPerRow,
    zeros: allocate(cacheLine),
    largest: allocate(bytesPerFloat),
    singular: allocate(bytesPerFloat),
    matrix: matrix(),
    packed: matrix(),
    upper: matrix(),
    lower: matrix(),
    powers: [matrix(), matrix()],
    products: [matrix(), matrix()],
    order: vector(),
    scratch: vector(),
    x: vector(),
    y: vector(),
    between: vector(),
  };
  return { places, pages: Math.ceil(end / bytesPerPage) };
}
