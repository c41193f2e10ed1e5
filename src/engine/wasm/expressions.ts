/** Typed expressions of WebAssembly: each is the code that leaves one value on the stack. */
import { float32, signed, unsigned } from './encoding.ts';

export type ValueType = 'i32' | 'f32' | 'v128';

export interface Expression<Type extends ValueType> {
  readonly type: Type;
  readonly code: readonly number[];
}

export type I32 = Expression<'i32'>;
export type F32 = Expression<'f32'>;
export type V128 = Expression<'v128'>;

type Unary<Operand extends ValueType, Result extends ValueType> = (
  operand: Expression<Operand>,
) => Expression<Result>;

type Binary<Left extends ValueType, Right extends ValueType, Result extends ValueType> = (
  left: Expression<Left>,
  right: Expression<Right>,
) => Expression<Result>;

function unary<Operand extends ValueType, Result extends ValueType>(
  type: Result,
  opcode: readonly number[],
): Unary<Operand, Result> {
  return (operand) => ({ type, code: [...operand.code, ...opcode] });
}

function binary<Left extends ValueType, Right extends ValueType, Result extends ValueType>(
  type: Result,
  opcode: readonly number[],
): Binary<Left, Right, Result> {
  return (left, right) => ({ type, code: [...left.code, ...right.code, ...opcode] });
}

/** Vector instructions share one prefix. */
export function simd(opcode: number): number[] {
  return [0xfd, ...unsigned(opcode)];
}

const vectorUnary = (opcode: number): Unary<'v128', 'v128'> => unary('v128', simd(opcode));
const vectorBinary = (opcode: number): Binary<'v128', 'v128', 'v128'> => binary('v128', simd(opcode));

function load<Type extends ValueType>(type: Type, opcode: readonly number[], alignment: number) {
  return (address: I32, offset = 0): Expression<Type> => ({
    type,
    code: [...address.code, ...opcode, alignment, ...unsigned(offset)],
  });
}

const arithmetic = {
  add: binary<'i32', 'i32', 'i32'>('i32', [0x6a]),
  multiply: binary<'i32', 'i32', 'i32'>('i32', [0x6c]),
  divide: binary<'i32', 'i32', 'i32'>('i32', [0x6e]),
  remainder: binary<'i32', 'i32', 'i32'>('i32', [0x70]),
};

/** Constants are folded, so that callers need not look whether a factor is 1 or an offset 0. */
export const i32 = {
  constant: (value: number): I32 => ({ type: 'i32', code: [0x41, ...signed(value)] }),
  add: (left: I32, right: I32 | number): I32 => {
    if (typeof right !== 'number') return arithmetic.add(left, right);
    return right === 0 ? left : arithmetic.add(left, i32.constant(right));
  },
  multiply: (left: I32, right: I32 | number): I32 => {
    if (typeof right !== 'number') return arithmetic.multiply(left, right);
    return right === 1 ? left : arithmetic.multiply(left, i32.constant(right));
  },
  subtract: binary<'i32', 'i32', 'i32'>('i32', [0x6b]),
  /** Rounded down; both are at least 0. */
  divide: (left: I32, right: number): I32 =>
    right === 1 ? left : arithmetic.divide(left, i32.constant(right)),
  remainder: (left: I32, right: number): I32 => arithmetic.remainder(left, i32.constant(right)),
  equal: binary<'i32', 'i32', 'i32'>('i32', [0x46]),
  less: binary<'i32', 'i32', 'i32'>('i32', [0x48]),
  /** Of numbers without a sign, so that one below 0 is larger than all others. */
  lessUnsigned: binary<'i32', 'i32', 'i32'>('i32', [0x49]),
  /** Both are evaluated twice. */
  minimum: (left: I32, right: I32): I32 => ({
    type: 'i32',
    code: [...left.code, ...right.code, ...i32.less(left, right).code, 0x1b],
  }),
  atMost: binary<'i32', 'i32', 'i32'>('i32', [0x4c]),
  shiftRight: (operand: I32, bits: number): I32 => ({
    type: 'i32',
    code: [...operand.code, ...i32.constant(bits).code, 0x75],
  }),
  load: load('i32', [0x28], 2),
};

export const f32 = {
  constant: (value: number): F32 => ({ type: 'f32', code: [0x43, ...float32(value)] }),
  add: binary<'f32', 'f32', 'f32'>('f32', [0x92]),
  subtract: binary<'f32', 'f32', 'f32'>('f32', [0x93]),
  multiply: binary<'f32', 'f32', 'f32'>('f32', [0x94]),
  divide: binary<'f32', 'f32', 'f32'>('f32', [0x95]),
  /** NaN where one of the two is. */
  maximum: binary<'f32', 'f32', 'f32'>('f32', [0x97]),
  absolute: unary<'f32', 'f32'>('f32', [0x8b]),
  greater: binary<'f32', 'f32', 'i32'>('i32', [0x5e]),
  convert: unary<'i32', 'f32'>('f32', [0xb2]),
  load: load('f32', [0x2a], 2),
};

/** Four float32 lanes. */
export const f32x4 = {
  constant: (value: number): V128 => {
    const bytes = float32(value);
    return { type: 'v128', code: [...simd(0x0c), ...bytes, ...bytes, ...bytes, ...bytes] };
  },
  splat: unary<'f32', 'v128'>('v128', simd(0x13)),
  lane: (operand: V128, lane: number): F32 => ({
    type: 'f32',
    code: [...operand.code, ...simd(0x1f), lane],
  }),
  equal: vectorBinary(0x41),
  notEqual: vectorBinary(0x42),
  less: vectorBinary(0x43),
  greater: vectorBinary(0x44),
  atLeast: vectorBinary(0x46),
  absolute: vectorUnary(0xe0),
  negate: vectorUnary(0xe1),
  squareRoot: vectorUnary(0xe3),
  add: vectorBinary(0xe4),
  subtract: vectorBinary(0xe5),
  multiply: vectorBinary(0xe6),
  divide: vectorBinary(0xe7),
  /** NaN where one of the two is. */
  minimum: vectorBinary(0xe8),
  maximum: vectorBinary(0xe9),
  /** right < left ? right : left, so that a left NaN stays. */
  smaller: vectorBinary(0xea),
  /** left < right ? right : left, so that a left NaN stays. */
  larger: vectorBinary(0xeb),
};

/** Four 32-bit integer lanes. */
export const i32x4 = {
  constant: (values: readonly [number, number, number, number]): V128 => ({
    type: 'v128',
    code: [...simd(0x0c), ...new Uint8Array(Int32Array.from(values).buffer)],
  }),
  shiftLeft: binary<'v128', 'i32', 'v128'>('v128', simd(0xab)),
  shiftRight: binary<'v128', 'i32', 'v128'>('v128', simd(0xac)),
  add: vectorBinary(0xae),
  subtract: vectorBinary(0xb1),
  larger: vectorBinary(0xb8),
  toFloat: vectorUnary(0xfa),
};

export const v128 = {
  load: load('v128', simd(0x00), 2),
  /** One float32 in all four lanes. */
  loadSplat: load('v128', simd(0x09), 2),
  /** `vector` with one lane replaced by the float32 at `address`. */
  loadLane: (vector: V128, lane: number, address: I32, offset = 0): V128 => ({
    type: 'v128',
    code: [...address.code, ...vector.code, ...simd(0x56), 2, ...unsigned(offset), lane],
  }),
  and: vectorBinary(0x4e),
  /** left and not right */
  andNot: vectorBinary(0x4f),
  or: vectorBinary(0x50),
  xor: vectorBinary(0x51),
  /** Lanes of `yes` where the mask's bits are set, else of `no`. */
  select: (yes: V128, no: V128, mask: V128): V128 => ({
    type: 'v128',
    code: [...yes.code, ...no.code, ...mask.code, ...simd(0x52)],
  }),
};

export interface Multiplier {
  /** a · b + c */
  readonly multiplyAdd: (a: V128, b: V128, c: V128) => V128;
  /** c − a · b */
  readonly negateMultiplyAdd: (a: V128, b: V128, c: V128) => V128;
}

function relaxed(opcode: number) {
  return (a: V128, b: V128, c: V128): V128 => ({
    type: 'v128',
    code: [...a.code, ...b.code, ...c.code, ...simd(opcode)],
  });
}

/** Relaxed SIMD: one rounding where the processor has fused multiply-add. */
export const fusedMultiplier: Multiplier = {
  multiplyAdd: relaxed(0x105),
  negateMultiplyAdd: relaxed(0x106),
};

export const plainMultiplier: Multiplier = {
  multiplyAdd: (a, b, c) => f32x4.add(f32x4.multiply(a, b), c),
  negateMultiplyAdd: (a, b, c) => f32x4.subtract(c, f32x4.multiply(a, b)),
};
