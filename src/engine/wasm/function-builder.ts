/** The body of one WebAssembly function, written statement by statement. */
import { unsigned } from './encoding.ts';
import { type Expression, type I32, i32, i32x4, simd, type V128, type ValueType } from './expressions.ts';

/** Reading it is an expression. */
export interface Local<Type extends ValueType> extends Expression<Type> {
  readonly index: number;
}

/** What a call names; `parameters` are checked when it is called. */
export interface FunctionReference {
  readonly index: number;
  readonly parameters: readonly ValueType[];
}

const noResult = 0x40;

export class FunctionBuilder {
  readonly parameters: readonly ValueType[];
  private readonly locals: ValueType[] = [];
  private readonly prologue: number[] = [];
  private readonly body: number[] = [];
  /** By their bits. */
  private readonly constants = new Map<string, V128>();

  constructor(parameters: readonly ValueType[]) {
    this.parameters = parameters;
  }

  parameter<Type extends ValueType>(type: Type, index: number): Local<Type> {
    if (this.parameters[index] !== type) throw new Error(`Parameter ${index} is no ${type}.`);
    return readLocal(index, type);
  }

  local<Type extends ValueType>(type: Type): Local<Type> {
    this.locals.push(type);
    return readLocal(this.parameters.length + this.locals.length - 1, type);
  }

  /** A new local that holds `value`. */
  keep<Type extends ValueType>(value: Expression<Type>): Local<Type> {
    const local = this.local(value.type);
    this.set(local, value);
    return local;
  }

  /** The float32 `value` in all four lanes, in a local that is set once, outside of all loops. */
  constant(value: number): V128 {
    return this.integerConstant(new Int32Array(Float32Array.of(value).buffer)[0]!);
  }

  /** As `constant`, with a 32-bit integer. */
  integerConstant(bits: number): V128 {
    return this.lanes([bits, bits, bits, bits]);
  }

  /** As `constant`, with four 32-bit integers. */
  lanes(bits: readonly [number, number, number, number]): V128 {
    const key = bits.join();
    let local = this.constants.get(key);
    if (local === undefined) {
      local = this.hoisted(i32x4.constant(bits));
      this.constants.set(key, local);
    }
    return local;
  }

  /** `value`, which may read parameters only, in a local that is set once, outside of all loops. */
  hoisted<Type extends ValueType>(value: Expression<Type>): Local<Type> {
    const local = this.local(value.type);
    this.prologue.push(...value.code, 0x21, ...unsigned(local.index));
    return local;
  }

  set<Type extends ValueType>(local: Local<Type>, value: Expression<Type>): void {
    this.emit(...value.code, 0x21, ...unsigned(local.index));
  }

  store(address: I32, value: V128, offset = 0): void {
    this.emit(...address.code, ...value.code, ...simd(0x0b), 2, ...unsigned(offset));
  }

  /** Stores the first `lanes` (1…4) of the four. */
  storeLanes(address: I32, value: Local<'v128'>, lanes: number, offset = 0): void {
    if (lanes === 4) return this.store(address, value, offset);
    if (lanes >= 2) this.storeLane(0x5b, address, value, 0, offset);
    if (lanes % 2 === 1) this.storeLane(0x5a, address, value, lanes - 1, offset + 4 * (lanes - 1));
  }

  storeFloat(address: I32, value: Expression<'f32'>, offset = 0): void {
    this.emit(...address.code, ...value.code, 0x38, 2, ...unsigned(offset));
  }

  storeInteger(address: I32, value: I32, offset = 0): void {
    this.emit(...address.code, ...value.code, 0x36, 2, ...unsigned(offset));
  }

  /** Sets `bytes` bytes from `address` to zero. */
  clear(address: I32, bytes: I32): void {
    this.emit(...address.code, ...i32.constant(0).code, ...bytes.code, 0xfc, 0x0b, 0);
  }

  call(callee: FunctionReference, ...operands: readonly Expression<ValueType>[]): void {
    const types = operands.map(({ type }) => type).join();
    if (types !== callee.parameters.join())
      throw new Error(`A call passes (${types}), not (${callee.parameters}).`);
    this.emit(...operands.flatMap(({ code }) => code), 0x10, ...unsigned(callee.index));
  }

  when(condition: I32, body: () => void, otherwise?: () => void): void {
    this.emit(...condition.code, 0x04, noResult);
    body();
    if (otherwise !== undefined) {
      this.emit(0x05);
      otherwise();
    }
    this.emit(0x0b);
  }

  /** while (condition) body */
  whileTrue(condition: I32, body: () => void): void {
    this.when(condition, () => {
      this.emit(0x03, noResult);
      body();
      this.emit(...condition.code, 0x0d, 0, 0x0b);
    });
  }

  /** for (index = from; index < below; index += step) body */
  count(index: Local<'i32'>, from: I32, below: I32, step: number, body: () => void): void {
    this.set(index, from);
    this.whileTrue(i32.less(index, below), () => {
      body();
      this.set(index, i32.add(index, step));
    });
  }

  /** Size, locals, code: an entry of the code section. */
  toBytes(): number[] {
    const locals = this.locals.map((type) => [1, typeCodes[type]]);
    const code = [...unsigned(locals.length), ...locals.flat(), ...this.prologue, ...this.body, 0x0b];
    return [...unsigned(code.length), ...code];
  }

  private storeLane(opcode: number, address: I32, value: V128, lane: number, offset: number): void {
    const part = opcode === 0x5b ? lane / 2 : lane;
    this.emit(...address.code, ...value.code, ...simd(opcode), 2, ...unsigned(offset), part);
  }

  private emit(...code: readonly number[]): void {
    for (const byte of code) this.body.push(byte);
  }
}

export const typeCodes: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

function readLocal<Type extends ValueType>(index: number, type: Type): Local<Type> {
  return { index, type, code: [0x20, ...unsigned(index)] };
}
