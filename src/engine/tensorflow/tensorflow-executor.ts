/**
 * Executes programs with native TensorFlow, operation by operation. Products and everything else that does not recur is
 * computed for many time steps at once, what recurs step by step. Between calls all values and adjoints lie in memory, most
 * of them in the trace, and no tensor of theirs lives on.
 */
import type { Network } from '../../compile/network.ts';
import { stepsOf } from '../../compile/timing.ts';
import type { Batch } from '../data/batch.ts';
import type { Executor } from '../executor.ts';
import type { ParameterArray } from '../parameters.ts';
import { type Trace, traceKey } from '../trace.ts';
import { BatchTensors } from './batch-tensors.ts';
import { bindingOf, type Tensor, type TfjsNode } from './binding.ts';
import { Constants } from './constants.ts';
import { Evaluator, type EvaluatorParts } from './evaluator.ts';
import { computeGradient } from './gradients.ts';
import { LentArray } from './lent-array.ts';
import { ParameterTensors } from './parameter-tensors.ts';
import type { Definition, InitialOperand, Quantity } from './plan/definition.ts';
import { type Plan, planOf, type Stage } from './plan/plan.ts';
import { RawOperations } from './raw-operations.ts';
import { Series } from './series.ts';

export interface TensorFlowExecutorOptions {
  readonly tf: TfjsNode;
  readonly network: Network;
  readonly parameters: readonly ParameterArray[];
  readonly trace: Trace;
}

/** Time steps are computed in blocks of about so many rows, so that their tensors, which all live on, do not pile up. */
const rowsPerBlock = 2048;

export class TensorFlowExecutor implements Executor {
  private readonly plan: Plan;
  /** In TensorFlow's memory for the life of the executor, of the iteration, of one block of time steps. */
  private readonly lasting: RawOperations;
  private readonly ofIteration: RawOperations;
  private readonly ofBlock: RawOperations;
  private readonly memories: ReadonlyMap<Quantity, Float32Array>;
  private readonly series: ReadonlyMap<Quantity, Series>;
  private readonly parts: EvaluatorParts;
  private readonly evaluator: Evaluator;
  private readonly stepsPerBlock: number;

  constructor({ tf, network, parameters, trace }: TensorFlowExecutorOptions) {
    const binding = bindingOf(tf);
    const { timeSteps, batchSize } = network;
    this.lasting = new RawOperations(binding);
    this.ofIteration = new RawOperations(binding);
    this.ofBlock = new RawOperations(binding);
    const recorded = new Map(
      trace.arrays.map(({ layer, quantity, content, data }) => [traceKey(layer, quantity, content), data]),
    );
    this.plan = planOf(network, (key) => recorded.has(key));
    const quantities = quantitiesOf(this.plan);
    this.memories = new Map(
      quantities.flatMap((quantity) => {
        const isKept = this.plan.kept.has(quantity);
        const own = isKept ? new Float32Array(timeSteps * batchSize * quantity.size) : undefined;
        const memory = recorded.get(quantity.key) ?? own;
        return memory === undefined ? [] : [[quantity, memory] as const];
      }),
    );
    const constants = new Constants(this.lasting);
    const parameterTensors = new ParameterTensors(this.ofIteration, parameters);
    const filled = (rows: number, size: number, initial: InitialOperand): Tensor => {
      if (initial.kind === 'constant') return constants.filled(rows, size, initial.value);
      const shape = constants.list(rows, size);
      return this.ofBlock.apply('BroadcastTo', parameterTensors.vector(initial), shape);
    };
    this.series = new Map(
      quantities.map((quantity) => {
        const data = this.memories.get(quantity);
        const { size } = quantity;
        const common = { operations: this.ofBlock, constants, batchSize };
        const memory = data && new LentArray({ ...common, size, data, timeSteps, lasting: this.lasting });
        return [
          quantity,
          new Series({ ...common, memory, filled: (rows, initial) => filled(rows, size, initial) }),
        ];
      }),
    );
    this.parts = {
      operations: this.ofBlock,
      constants,
      parameters: parameterTensors,
      batch: new BatchTensors(this.ofBlock, batchSize),
      series: this.series,
      timeSteps,
      batchSize,
      predictions: network.lossSteps * batchSize,
    };
    this.evaluator = new Evaluator(this.parts);
    this.stepsPerBlock = Math.max(1, Math.ceil(rowsPerBlock / batchSize));
  }

  begin(batch: Batch): void {
    this.ofIteration.dispose();
    this.parts.parameters.forget();
    this.parts.batch.begin(batch);
  }

  forward(from: number, to: number): void {
    for (const input of this.plan.inputs) {
      this.parts.batch.writeInputs(input, this.memories.get(input.quantity)!, from, to);
    }
    for (const { timing, stages } of this.plan.forward) {
      const steps = stepsOf(timing, { from, to }, 'ascending', this.parts.timeSteps);
      for (let first = steps.from; first <= steps.to; first += this.stepsPerBlock) {
        const last = Math.min(steps.to, first + this.stepsPerBlock - 1);
        this.block(() => {
          for (const stage of stages) this.runForward(stage, first, last);
        });
      }
    }
  }

  backward(from: number, to: number): void {
    for (const { timing, stages } of this.plan.backward) {
      const steps = stepsOf(timing, { from, to }, 'descending', this.parts.timeSteps);
      for (let last = steps.to; last >= steps.from; last -= this.stepsPerBlock) {
        const first = Math.max(steps.from, last - this.stepsPerBlock + 1);
        this.block(() => {
          for (const stage of stages) this.runBackward(stage, first, last);
        });
      }
    }
  }

  gradients(): void {
    this.block(() => {
      for (const gradient of this.plan.gradients) computeGradient(gradient, this.evaluator, this.parts);
    });
  }

  dispose(): void {
    this.ofIteration.dispose();
    this.lasting.dispose();
  }

  /** Tensors live as long as `action` runs. */
  private block(action: () => void): void {
    try {
      action();
    } finally {
      this.ofBlock.dispose();
      for (const series of this.series.values()) series.forget();
    }
  }

  private runForward({ recurs, definitions }: Stage, first: number, last: number): void {
    if (!recurs) this.compute(definitions, first, last);
    else for (let t = first; t <= last; t += 1) this.compute(definitions, t, t);
    this.keep(definitions, first, last);
  }

  private runBackward({ recurs, definitions }: Stage, first: number, last: number): void {
    if (!recurs) this.compute(definitions, first, last);
    else for (let t = last; t >= first; t -= 1) this.compute(definitions, t, t);
    this.keep(definitions, first, last);
  }

  private compute(definitions: readonly Definition[], first: number, last: number): void {
    for (const definition of definitions) {
      const value = this.evaluator.evaluate(definition, first, last);
      this.series.get(definition.quantity)!.hold(first, last, value);
    }
  }

  private keep(definitions: readonly Definition[], first: number, last: number): void {
    for (const { quantity } of definitions) this.series.get(quantity)!.keep(first, last);
  }
}

function quantitiesOf({ inputs, forward, backward }: Plan): Quantity[] {
  const stages = [...forward, ...backward].flatMap((segment) => segment.stages);
  const computed = stages.flatMap(({ definitions }) => definitions);
  return [...inputs, ...computed].map(({ quantity }) => quantity);
}
