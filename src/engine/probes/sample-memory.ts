/** The memory of a probe: one sample of the iteration in hand, copied from the run. */
import type { Schedule, ScheduledArray } from '../../compile/schedule/schedule.ts';
import { Layout } from '../compiled/layout.ts';
import { fillRows, RunMemory } from '../compiled/run-memory.ts';
import type { Batch, Steps } from '../data/batch.ts';
import { requireMemory } from '../memory.ts';
import type { ParameterArray } from '../parameters.ts';
import type { Trace } from '../trace.ts';

/** What a probe reads of the iteration in hand. */
export interface ProbedIteration {
  readonly trace: Trace;
  readonly batch: Batch;
  /** With the values that the iteration began with. */
  readonly parameters: readonly Pick<ParameterArray, 'layer' | 'name' | 'values'>[];
}

export class SampleMemory {
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
  private readonly run: RunMemory;
  private readonly given: readonly ScheduledArray[];

  /**
   * @param beside bytes that the probe needs elsewhere
   * @throws {MemoryError} where the machine does not have as much memory
   */
  constructor(schedule: Schedule, beside: number) {
    this.layout = new Layout(schedule);
    requireMemory(this.layout, { what: 'This probe', beside });
    this.run = new RunMemory(this.layout);
    this.memory = this.run.memory;
    this.given = schedule.arrays.filter(({ content, recorded }) => content === 'value' && recorded);
  }

  /** `[T, rows, n]` */
  array(array: ScheduledArray): Float32Array {
    const { timeSteps } = this.layout.network;
    return this.run.floats(this.layout.address(array), timeSteps * array.rows * array.size);
  }

  loadParameters({ parameters }: ProbedIteration): void {
    for (const { layer, name, values } of this.run.parameters) {
      values.set(valuesOf(parameters, layer, name));
    }
  }

  /** Values of `count` time steps, and of as many before them as are read. The first of them becomes t = 1 here. */
  loadValues(iteration: ProbedIteration, sample: number, first: number, count: number): void {
    const { trace } = iteration;
    for (const array of this.given) {
      const { data } = trace.find(array.layer, array.name, 'value')!;
      const { size, padBefore } = array;
      const initial = initialUnits(array, iteration);
      const start = this.layout.address(array, -padBefore);
      const to = this.run.floats(start, (padBefore + count) * size);
      for (let step = 0; step < padBefore + count; step += 1) {
        const row = (first - padBefore + step - 1) * trace.batchSize + sample;
        if (row < 0) fillRows(to.subarray(step * size, (step + 1) * size), size, initial);
        else to.set(data.subarray(row * size, (row + 1) * size), step * size);
      }
    }
  }

  loadTargets({ batch, trace }: ProbedIteration, sample: number): void {
    this.run.loadTargets(ofSample(batch.targets, sample, trace));
  }
}

function initialUnits({ initial }: ScheduledArray, { parameters }: ProbedIteration): ArrayLike<number> {
  if (initial.kind === 'constant') return [initial.value];
  return valuesOf(parameters, initial.layer, initial.name);
}

function valuesOf(parameters: ProbedIteration['parameters'], layer: string, name: string): Float32Array {
  return parameters.find((each) => each.layer === layer && each.name === name)!.values;
}

function ofSample(steps: Steps, sample: number, { timeSteps, batchSize }: Trace): Steps {
  if (steps.kind === 'tokens') {
    return { kind: 'tokens', values: steps.values.filter((_, row) => row % batchSize === sample) };
  }
  const { size } = steps;
  const values = new Float32Array(timeSteps * size);
  for (let step = 0; step < timeSteps; step += 1) {
    const row = step * batchSize + sample;
    values.set(steps.values.subarray(row * size, (row + 1) * size), step * size);
  }
  return { kind: 'numbers', size, values };
}
