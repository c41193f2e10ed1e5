/** Whether this machine's WebAssembly has relaxed SIMD, whose multiply-add rounds once. */
import { f32x4, fusedMultiplier } from '../wasm/expressions.ts';
import { ModuleBuilder } from '../wasm/module-builder.ts';

export function hasRelaxedSimd(): boolean {
  const module = new ModuleBuilder(1);
  module.define([], (builder) => {
    const one = f32x4.constant(1);
    builder.keep(fusedMultiplier.multiplyAdd(one, one, one));
  });
  return WebAssembly.validate(module.toBytes());
}
