/** Small modules that run one kernel on numbers of a test. */
import { VectorFunctions } from '../../../src/engine/compiled/vector-functions.ts';
import {
  fusedMultiplier,
  i32,
  type Multiplier,
  plainMultiplier,
  v128,
} from '../../../src/engine/wasm/expressions.ts';
import { bytesPerPage, ModuleBuilder } from '../../../src/engine/wasm/module-builder.ts';
import type { ElementwiseFunction } from '../../../src/language/checked-model.ts';

export const multipliers: Readonly<Record<string, Multiplier>> = {
  'relaxed SIMD': fusedMultiplier,
  'plain SIMD': plainMultiplier,
};

export interface KernelModule {
  readonly floats: Float32Array;
  readonly exports: Readonly<Record<string, unknown>>;
}

export function kernelModule(bytes: number, define: (module: ModuleBuilder) => void): KernelModule {
  const pages = Math.ceil(bytes / bytesPerPage) + 1;
  const module = new ModuleBuilder(pages);
  define(module);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { run: { memory } });
  return { floats: new Float32Array(memory.buffer), exports };
}

/** f over an array whose length is a multiple of four. */
export function applyFunction(
  name: ElementwiseFunction,
  multiplier: Multiplier,
  inputs: Float32Array,
): Float32Array {
  const { floats, exports } = kernelModule(inputs.byteLength, (module) => {
    const apply = module.define([], (builder) => {
      const offset = builder.local('i32');
      builder.count(offset, i32.constant(0), i32.constant(inputs.byteLength), 16, () =>
        builder.store(offset, new VectorFunctions(builder, multiplier).apply(name, v128.load(offset))),
      );
    });
    module.export('apply', apply);
  });
  floats.set(inputs);
  (exports.apply as () => void)();
  return floats.slice(0, inputs.length);
}
