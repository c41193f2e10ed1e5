/** The one memory of a run. Its trace, parameters and gradients are views of it, and stay where they are. */

import type { ScheduledArray } from '../../compile/schedule/schedule.ts';
import { timingOf } from '../../compile/timing.ts';
import type { Batch, Steps } from '../data/batch.ts';
import type { ParameterArray } from '../parameters.ts';
import type { TraceArray } from '../trace.ts';
import { bytesPerFloat, type Layout } from './layout.ts';

export class RunMemory {
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
  /** All zero. */
  readonly parameters: readonly ParameterArray[];

  /** @throws {RangeError} where the machine does not have as much memory */
  constructor(layout: Layout) {
    this.layout = layout;
    this.memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages, shared: true });
    this.parameters = layout.parameters.map(({ layer, name, shape, values, gradient }) => {
      const count = shape.reduce((product, size) => product * size, 1);
      return {
        layer,
        name,
        shape,
        values: this.floats(values, count),
        gradient: this.floats(gradient, count),
      };
    });
    this.fillPadding();
    this.fillInitial('constant');
    this.fillMissingTokens();
  }

  /** Every named value and its adjoint, `[T, B, n]`. */
  traceArrays(): TraceArray[] {
    const recorded = this.layout.schedule.arrays.filter((array) => array.recorded);
    return recorded.map((array) => this.traceArray(array));
  }

  private traceArray(array: ScheduledArray): TraceArray {
    const { layout } = this;
    const { layer, name: quantity, content, rows, size } = array;
    const { layers, timings, timeSteps } = layout.network;
    const program = layers.find(({ id }) => id === layer)!;
    return {
      layer,
      quantity,
      content,
      size,
      timing: timingOf(program, timings.get(layer)!, quantity, content),
      reversed: program.reversed,
      data: this.floats(layout.address(array), timeSteps * rows * size),
    };
  }

  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }

  /** Copies a minibatch, and the initial states that are parameters, to where programs read them. */
  load({ inputs, targets }: Batch): void {
    const { data } = this.layout;
    this.fillInitial('parameter');
    this.write(inputs, data.inputTokens, data.inputNumbers);
    this.loadTargets(targets);
  }

  loadTargets(targets: Steps): void {
    const { data } = this.layout;
    this.write(targets, data.targetTokens, data.targetNumbers);
  }

  private write(steps: Steps, tokens: number, numbers: number): void {
    if (steps.kind === 'tokens') this.integers(tokens, steps.values.length).set(steps.values);
    else this.floats(numbers, steps.values.length).set(steps.values);
  }

  private integers(address: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, count);
  }

  /** Before the first time step a value is its initial one. */
  private fillInitial(kind: ScheduledArray['initial']['kind']): void {
    const { layout } = this;
    for (const array of layout.schedule.arrays) {
      const { initial, padBefore, rows, size } = array;
      if (padBefore === 0 || initial.kind !== kind) continue;
      const padding = this.floats(layout.address(array, -padBefore), padBefore * rows * size);
      fillRows(padding, size, this.initialUnits(initial));
    }
  }

  private initialUnits(initial: ScheduledArray['initial']): ArrayLike<number> {
    if (initial.kind === 'constant') return [initial.value];
    const { values } = this.layout.parameter(initial.layer, initial.name);
    return this.floats(values, initial.size);
  }

  /**
   * After the last time step a value is 1: what later steps owe is 0 there, whether a derivative multiplies or divides it
   * by a value.
   */
  private fillPadding(): void {
    const { layout } = this;
    for (const array of layout.schedule.arrays) {
      const { padAfter, rows, size } = array;
      if (padAfter === 0 || array.content === 'adjoint') continue;
      this.floats(layout.address(array, layout.stepsOf(array)), padAfter * rows * size).fill(1);
    }
  }

  /** Before the first time step there is no token: one beyond the vocabulary stands for that. */
  private fillMissingTokens(): void {
    const { layout } = this;
    const { inputTokens } = layout.data;
    const count = (inputTokens - layout.firstInputToken) / bytesPerFloat;
    const [first] = layout.network.layers;
    const embedding = first?.parameters[0]?.shape[0];
    const vocabulary = embedding ?? first?.values.get(first.output)?.size ?? 0;
    this.integers(layout.firstInputToken, count).fill(vocabulary);
  }
}

/** Each row of `size` units: as `units` are, or all of them as the one that there is. */
export function fillRows(rows: Float32Array, size: number, units: ArrayLike<number>): void {
  if (units.length === 1) rows.fill(units[0]!);
  else for (let start = 0; start < rows.length; start += size) rows.set(units, start);
}
