/**
 * The functions of the language on four float32 lanes, within two units in the last place of the true value. They
 * keep NaN, infinities, signed zeros and denormals as IEEE 754 has them.
 */
import type { ElementwiseFunction } from '../../language/checked-model.ts';
import { f32x4, i32, i32x4, type Multiplier, type V128, v128 } from '../wasm/expressions.ts';
import type { FunctionBuilder } from '../wasm/function-builder.ts';

export class VectorFunctions {
  private readonly builder: FunctionBuilder;
  private readonly multiplier: Multiplier;

  constructor(builder: FunctionBuilder, multiplier: Multiplier) {
    this.builder = builder;
    this.multiplier = multiplier;
  }

  apply(name: ElementwiseFunction, x: V128): V128 {
    switch (name) {
      case 'sigmoid':
        return this.sigmoid(x);
      case 'tanh':
        return this.tanh(x);
      case 'relu':
        return f32x4.larger(x, this.constant(0));
      case 'softplus':
        return this.softplus(x);
      case 'exp':
        return this.exp(x);
      case 'log':
        return this.log(x);
      case 'sqrt':
        return f32x4.squareRoot(x);
      case 'abs':
        return f32x4.absolute(x);
    }
  }

  /** δ · f′(x), where y = f(x); each formula reads x or y, as `derivativeReadsOutput` says. */
  derivative(name: ElementwiseFunction, delta: V128, x: V128, y: V128): V128 {
    const one = this.constant(1);
    switch (name) {
      case 'sigmoid':
        return f32x4.multiply(delta, f32x4.multiply(y, f32x4.subtract(one, y)));
      case 'tanh':
        return f32x4.multiply(delta, this.multiplier.negateMultiplyAdd(y, y, one));
      case 'relu':
        return f32x4.multiply(delta, v128.and(f32x4.greater(x, this.constant(0)), one));
      case 'softplus':
        return f32x4.multiply(delta, this.sigmoid(x));
      case 'exp':
        return f32x4.multiply(delta, y);
      case 'log':
        return f32x4.divide(delta, x);
      case 'sqrt':
        return f32x4.divide(delta, f32x4.add(y, y));
      case 'abs':
        return f32x4.multiply(delta, this.sign(x));
    }
  }

  /** Beyond −104 and 89 the result is 0 and ∞ in float32. */
  exp(x: V128): V128 {
    const bounded = f32x4.larger(f32x4.smaller(x, this.constant(89)), this.constant(-105));
    const { power, exponent } = this.reduce(bounded);
    // In two factors, as 2ⁿ alone may be denormal or too large.
    const half = this.keep(i32x4.shiftRight(exponent, i32.constant(1)));
    const rest = i32x4.subtract(exponent, half);
    const mantissa = f32x4.add(this.constant(1), power);
    return f32x4.multiply(f32x4.multiply(mantissa, this.powerOfTwo(half)), this.powerOfTwo(rest));
  }

  /** 1 / (1 + e⁻ˣ) = eˣ / (1 + eˣ), whichever takes a power of e that is at most 1. */
  sigmoid(x: V128): V128 {
    const kept = this.keep(x);
    const power = this.keep(this.exp(v128.or(kept, this.constant(-0))));
    const one = this.constant(1);
    const numerator = v128.select(power, one, f32x4.less(kept, this.constant(0)));
    const sum = this.keep(f32x4.add(one, power));
    const quotient = this.keep(f32x4.divide(numerator, sum));
    // Most of what rounding the sum added is taken back: 1 / sum lies between ½ and 1.
    const added = f32x4.subtract(f32x4.subtract(sum, one), power);
    return this.multiplier.multiplyAdd(f32x4.multiply(quotient, added), this.constant(0.75), quotient);
  }

  /** tanh |x| = (1 − e) / (1 + e), e = e^(−2|x|) = s + s p, each rounded once, so that small x keep their digits. */
  tanh(x: V128): V128 {
    const { multiplyAdd, negateMultiplyAdd } = this.multiplier;
    const kept = this.keep(x);
    const sign = this.constant(-0);
    const one = this.constant(1);
    // Beyond 9.1 the result rounds to 1.
    const bounded = f32x4.smaller(v128.andNot(kept, sign), this.constant(9.1));
    const { power, exponent } = this.reduce(f32x4.multiply(bounded, this.constant(-2)));
    const scale = this.keep(this.powerOfTwo(exponent));
    const numerator = negateMultiplyAdd(power, scale, f32x4.subtract(one, scale));
    const denominator = multiplyAdd(power, scale, f32x4.add(one, scale));
    return v128.select(kept, f32x4.divide(numerator, denominator), sign);
  }

  /** max(x, 0) + log(1 + e^−|x|) */
  softplus(x: V128): V128 {
    const kept = this.keep(x);
    const power = this.keep(this.exp(v128.or(kept, this.constant(-0))));
    const one = this.constant(1);
    const sum = this.keep(f32x4.add(one, power));
    // What rounding the sum lost, to first order.
    const lost = f32x4.divide(f32x4.subtract(power, f32x4.subtract(sum, one)), sum);
    const logarithm = f32x4.add(this.log(sum), lost);
    return f32x4.add(f32x4.larger(kept, this.constant(0)), logarithm);
  }

  /** x = m · 2ᵉ, √½ ≤ m < √2; the polynomial is that of Cephes' `logf`. */
  log(x: V128): V128 {
    const { builder } = this;
    const { multiplyAdd, negateMultiplyAdd } = this.multiplier;
    const kept = this.keep(x);
    const isDenormal = this.keep(f32x4.less(kept, this.constant(2 ** -126)));
    const normal = v128.select(f32x4.multiply(kept, this.constant(2 ** 23)), kept, isDenormal);
    const bits = this.keep(normal);
    // Counted from √½, so that the mantissa comes out between √½ and √2.
    const rootHalf = this.integerConstant(0x3f3504f3);
    const raised = this.keep(i32x4.subtract(bits, rootHalf));
    const steps = i32x4.shiftRight(raised, i32.constant(23));
    const mantissaBits = v128.and(raised, this.integerConstant(0x7fffff));
    const f = this.keep(f32x4.subtract(i32x4.add(mantissaBits, rootHalf), this.constant(1)));
    const correction = v128.and(isDenormal, this.constant(23));
    const exponent = this.keep(f32x4.subtract(i32x4.toFloat(steps), correction));
    const square = this.keep(f32x4.multiply(f, f));
    const polynomial = this.keep(
      f32x4.multiply(f32x4.multiply(this.polynomial(logCoefficients, f), f), square),
    );
    const low = multiplyAdd(exponent, this.constant(ln2Low), polynomial);
    const halved = builder.keep(negateMultiplyAdd(this.constant(0.5), square, low));
    const result = multiplyAdd(exponent, this.constant(ln2High), f32x4.add(halved, f));
    return this.logOfSpecials(kept, this.keep(result));
  }

  /** log 0 = −∞, log ∞ = ∞, and NaN for NaN and whatever is negative. */
  private logOfSpecials(x: V128, result: V128): V128 {
    const infinity = this.constant(Number.POSITIVE_INFINITY);
    const zero = this.constant(0);
    const withInfinity = v128.select(x, result, f32x4.equal(x, infinity));
    const withZero = v128.select(this.constant(Number.NEGATIVE_INFINITY), withInfinity, f32x4.equal(x, zero));
    const isNumber = v128.or(f32x4.greater(x, zero), f32x4.equal(x, zero));
    return v128.select(withZero, this.constant(Number.NaN), isNumber);
  }

  /** x = n ln 2 + r, |r| ≤ ½ ln 2: n as integer lanes, and eʳ − 1. */
  private reduce(x: V128): { readonly exponent: V128; readonly power: V128 } {
    const { multiplyAdd, negateMultiplyAdd } = this.multiplier;
    const kept = this.keep(x);
    // Adding 1.5 · 2²³ leaves n in the low bits of the sum.
    const shift = this.constant(roundingShift);
    const shifted = this.keep(multiplyAdd(kept, this.constant(Math.LOG2E), shift));
    const n = this.keep(f32x4.subtract(shifted, shift));
    const high = negateMultiplyAdd(n, this.constant(ln2High), kept);
    const r = this.keep(negateMultiplyAdd(n, this.constant(ln2Low), high));
    const power = f32x4.multiply(this.polynomial(expm1Coefficients, r), r);
    const exponent = i32x4.subtract(shifted, this.integerConstant(roundingShiftBits));
    return { exponent: this.keep(exponent), power: this.keep(multiplyAdd(power, r, r)) };
  }

  /** 2ⁿ for −126 ≤ n ≤ 127 */
  private powerOfTwo(exponent: V128): V128 {
    const bias = this.integerConstant(127);
    return i32x4.shiftLeft(i32x4.add(exponent, bias), i32.constant(23));
  }

  /** −1, 0 or 1 */
  private sign(x: V128): V128 {
    const kept = this.keep(x);
    const one = v128.or(v128.and(kept, this.constant(-0)), this.constant(1));
    return v128.and(one, f32x4.notEqual(kept, this.constant(0)));
  }

  /** Horner's rule, the highest power first. */
  private polynomial(coefficients: readonly number[], x: V128): V128 {
    const [first, ...rest] = coefficients.map((each) => this.constant(each));
    return rest.reduce((sum, next) => this.keep(this.multiplier.multiplyAdd(sum, x, next)), first!);
  }

  private constant(value: number): V128 {
    return this.builder.constant(value);
  }

  private integerConstant(value: number): V128 {
    return this.builder.integerConstant(value);
  }

  private keep(value: V128): V128 {
    return this.builder.keep(value);
  }
}

const roundingShift = 1.5 * 2 ** 23;
const roundingShiftBits = 0x4b400000;

/** ln 2 in two parts; products of the first with small integers are exact. */
const ln2High = 0.693359375;
const ln2Low = -2.1219444005469057e-4;

/** (eʳ − 1 − r) / r² for |r| ≤ ½ ln 2, minimax. */
const expm1Coefficients = [
  1.3864520005881786e-3, 8.366531692445278e-3, 4.1667502373456955e-2, 1.666654348373413e-1,
  4.999999701976776e-1,
];

const logCoefficients = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
];
