/** A schedule → one WebAssembly module that runs it over the memory of its layout. */
import { targetsOf } from '../../compile/schedule/reads.ts';
import type { Phases, ScheduledGradient, Stage } from '../../compile/schedule/schedule.ts';
import type { Direction, Timing } from '../../compile/timing.ts';
import { fusedMultiplier, type I32, i32, plainMultiplier } from '../wasm/expressions.ts';
import type { FunctionBuilder, FunctionReference } from '../wasm/function-builder.ts';
import { ModuleBuilder } from '../wasm/module-builder.ts';
import { elementwiseStage } from './elementwise-stage.ts';
import type { Emission } from './emission.ts';
import { gradientStage } from './gradient-stage.ts';
import type { Layout } from './layout.ts';
import { productKernels } from './product-kernels.ts';
import { packMatrices, productStage } from './product-stage.ts';
import { rowStage } from './row-stage.ts';

/** What the module exports. */
export interface ProgramExports {
  /** Takes over the parameters as they are. */
  readonly pack: () => void;
  readonly walks: readonly RunWalk[];
  /** Each thread's share of all gradients. */
  readonly gradients: readonly (() => void)[];
}

/** t = from…to for `count` samples, or seeds, from `first` on; those are counted from 0, time steps from 1. */
type RunWalk = (from: number, to: number, first: number, count: number) => void;

/** Layer by layer, in this order: what runs for all time steps at once, the loop over time, what runs at once after it. */
export interface Walk {
  readonly layers: readonly Phases[];
  readonly direction: Direction;
}

export interface ModuleOptions {
  readonly layout: Layout;
  readonly walks: readonly Walk[];
  readonly gradients: readonly ScheduledGradient[];
  /** Among how many threads the gradients are shared out. */
  readonly threads: number;
  /** Whether the machine has relaxed SIMD. */
  readonly relaxed: boolean;
}

export function programModule(options: ModuleOptions): Uint8Array<ArrayBuffer> {
  const { layout, walks, gradients, threads, relaxed } = options;
  const module = new ModuleBuilder(layout.pages);
  const multiplier = relaxed ? fusedMultiplier : plainMultiplier;
  const emission: Emission = { module, layout, multiplier, kernels: productKernels(module, multiplier) };
  module.export('pack', packMatrices(emission));
  for (const [index, each] of walks.entries()) module.export(`walk${index}`, defineWalk(emission, each));
  for (let part = 0; part < threads; part += 1) {
    module.export(`gradients${part}`, gradientStage(emission, gradients, { part, parts: threads }));
  }
  return module.toBytes();
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): ProgramExports {
  const { exports } = new WebAssembly.Instance(module, { run: { memory } });
  const numbered = <Signature>(name: string): Signature[] => {
    const count = Object.keys(exports).filter((each) => each.startsWith(name)).length;
    return Array.from({ length: count }, (_, index) => exports[`${name}${index}`] as Signature);
  };
  return {
    pack: exports.pack as () => void,
    walks: numbered<RunWalk>('walk'),
    gradients: numbered<() => void>('gradients'),
  };
}

interface Range {
  readonly from: I32;
  readonly to: I32;
  readonly first: I32;
  readonly count: I32;
}

function defineWalk(emission: Emission, { layers, direction }: Walk): FunctionReference {
  const phases = layers.map(({ timing, before, loop, after }) => ({
    timing,
    before: before.map((stage) => defineStageAtOnce(emission, stage)),
    loop: loop.map((stage) => defineAny(emission, stage)),
    after: after.map((stage) => defineStageAtOnce(emission, stage)),
  }));
  const rows = rowsOf(layers);
  return emission.module.define(Array(4).fill('i32'), (builder) => {
    const integer = (index: number): I32 => builder.parameter('i32', index);
    const range: Range = { from: integer(0), to: integer(1), first: integer(2), count: integer(3) };
    for (const { timing, before, loop, after } of phases) {
      const run = (steps: Range): void => {
        atOnce(builder, before, steps, rows, direction);
        if (loop.length > 0) stepByStep(builder, loop, steps, rows, direction);
        atOnce(builder, after, steps, rows, direction);
      };
      inTime(builder, timing, range, { direction, timeSteps: emission.layout.network.timeSteps }, run);
    }
  });
}

interface WalkTime {
  readonly direction: Walk['direction'];
  readonly timeSteps: number;
}

/** Runs the steps of a walk that are a layer's; `stepsOf` says the same of numbers. */
function inTime(
  builder: FunctionBuilder,
  timing: Timing,
  range: Range,
  { direction, timeSteps }: WalkTime,
  run: (steps: Range) => void,
): void {
  const [first, last] = [i32.constant(1), i32.constant(timeSteps)];
  const latest = direction === 'ascending' ? range.to : range.from;
  switch (timing) {
    case 'eachStep':
      return run(range);
    case 'lastStep':
      return builder.when(i32.equal(latest, last), () => run({ ...range, from: last, to: last }));
    case 'atEnd': {
      const [from, to] = direction === 'ascending' ? [first, last] : [last, first];
      return builder.when(i32.equal(range.to, to), () => run({ ...range, from, to }));
    }
  }
}

/** Of all that a walk writes, at one time step. */
function rowsOf(layers: readonly Phases[]): number {
  const stages = layers.flatMap(({ before, loop, after }) => [...before, ...loop, ...after]);
  const [rows = 1, ...others] = new Set(stages.flatMap(targetsOf).map((target) => target.rows));
  if (others.length > 0) throw new Error('All that a walk writes has the same number of rows.');
  return rows;
}

export function defineAny(emission: Emission, stage: Stage): FunctionReference {
  switch (stage.kind) {
    case 'products':
      return productStage(emission, stage);
    case 'elementwise':
      return elementwiseStage(emission, stage);
    case 'row':
      return rowStage(emission, stage);
  }
}

/** A stage that computes all time steps, or the first ones, at once. */
interface StageAtOnce {
  readonly stage: FunctionReference;
  readonly steps: number | undefined;
}

function defineStageAtOnce(emission: Emission, stage: Stage): StageAtOnce {
  return { stage: defineAny(emission, stage), steps: targetsOf(stage)[0]!.steps };
}

/** The whole batch lies in one piece over all time steps; a part of it is as many pieces as there are time steps. */
function atOnce(
  builder: FunctionBuilder,
  stages: readonly StageAtOnce[],
  range: Range,
  rowsPerStep: number,
  direction: Walk['direction'],
): void {
  if (stages.length === 0) return;
  const [earliest, end] = direction === 'ascending' ? [range.from, range.to] : [range.to, range.from];
  const row = (t: I32): I32 => i32.multiply(i32.add(t, -1), rowsPerStep);
  const latest = ({ steps }: StageAtOnce): I32 =>
    steps === undefined ? end : i32.minimum(end, i32.constant(steps));
  builder.when(
    i32.equal(range.count, i32.constant(rowsPerStep)),
    () => {
      for (const each of stages) {
        const rows = i32.multiply(i32.add(i32.subtract(latest(each), earliest), 1), rowsPerStep);
        builder.call(each.stage, row(earliest), rows);
      }
    },
    () => {
      const t = builder.local('i32');
      for (const each of stages) {
        builder.count(t, earliest, i32.add(latest(each), 1), 1, () =>
          builder.call(each.stage, i32.add(row(t), range.first), range.count),
        );
      }
    },
  );
}

function stepByStep(
  builder: FunctionBuilder,
  stages: readonly FunctionReference[],
  { from, to, first, count }: Range,
  rowsPerStep: number,
  direction: Walk['direction'],
): void {
  const t = builder.keep(from);
  const goesOn = direction === 'ascending' ? i32.atMost(t, to) : i32.atMost(to, t);
  builder.whileTrue(goesOn, () => {
    const row = i32.multiply(i32.add(t, -1), rowsPerStep);
    for (const stage of stages) builder.call(stage, i32.add(row, first), count);
    builder.set(t, i32.add(t, direction === 'ascending' ? 1 : -1));
  });
}
