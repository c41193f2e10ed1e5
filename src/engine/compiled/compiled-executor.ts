/** Executes the programs of a network as SIMD code over the memory of the run. */
import type { BackendDescription } from '../../protocol/network.ts';
import type { Batch } from '../data/batch.ts';
import type { Executor } from '../executor.ts';
import { instantiate, type ProgramExports, programModule } from './program-module.ts';
import { hasRelaxedSimd } from './relaxed-simd.ts';
import type { RunMemory } from './run-memory.ts';

export class CompiledExecutor implements Executor {
  readonly backend: BackendDescription;
  private readonly memory: RunMemory;
  private readonly program: ProgramExports;

  constructor(memory: RunMemory, backend: BackendDescription) {
    this.backend = backend;
    this.memory = memory;
    const { layout } = memory;
    const bytes = programModule({ layout, threads: 1, relaxed: hasRelaxedSimd() });
    this.program = instantiate(new WebAssembly.Module(bytes), memory.memory, 1);
  }

  begin(batch: Batch): void {
    this.memory.load(batch);
    this.program.pack();
  }

  forward(from: number, to: number): void {
    this.program.forward(from, to, 0, this.batchSize);
  }

  backward(from: number, to: number): void {
    this.program.backward(from, to, 0, this.batchSize);
  }

  gradients(): void {
    for (const share of this.program.gradients) share();
  }

  dispose(): void {}

  private get batchSize(): number {
    return this.memory.layout.network.batchSize;
  }
}
