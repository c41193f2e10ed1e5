/** Executes programs on TensorFlow.js tensors, one operation at a time, on whichever backend is loaded. */
import { operandsOf } from '../../compile/adjoint.ts';
import type { Network } from '../../compile/network.ts';
import type { GradientInstruction, Instruction, LayerProgram, Operand } from '../../compile/program.ts';
import type { Batch } from '../data/batch.ts';
import type { Executor } from '../executor.ts';
import type { ParameterArray } from '../parameters.ts';
import { resolveQuantity, type Trace, type TraceContent, traceKey } from '../trace.ts';
import { BatchTensors } from './batch-tensors.ts';
import type { Tensor, TensorFlow } from './functions.ts';
import { type OperationContext, runOperation } from './operations.ts';
import { Slot } from './slot.ts';

export interface TensorExecutorOptions {
  readonly tf: TensorFlow;
  readonly network: Network;
  readonly parameters: readonly ParameterArray[];
  readonly trace: Trace;
}

/** An instruction whose names have been looked up once and for all. */
type BoundInstruction = (t: number) => void;

/** A parameter of the iteration in hand; some backends multiply by a transposed matrix slowly, so it is kept ready. */
interface ParameterTensors {
  readonly plain: Tensor;
  readonly transposed: Tensor;
}

export class TensorExecutor implements Executor {
  private readonly tf: TensorFlow;
  private readonly network: Network;
  private readonly parameters: ReadonlyMap<string, ParameterArray>;
  private readonly trace: Trace;
  private readonly batch: BatchTensors;
  /** Values and adjoints of the iteration in hand, by trace key. */
  private readonly slots = new Map<string, Slot>();
  private readonly parameterTensors = new Map<ParameterArray, ParameterTensors>();
  private readonly constants: Tensor[] = [];
  private readonly forwardProgram: readonly BoundInstruction[];
  private readonly adjointProgram: readonly BoundInstruction[];

  constructor(options: TensorExecutorOptions) {
    this.tf = options.tf;
    this.network = options.network;
    this.parameters = new Map(options.parameters.map((each) => [`${each.layer} ${each.name}`, each]));
    this.trace = options.trace;
    this.batch = new BatchTensors(this.tf, this.network);
    const { layers } = this.network;
    this.forwardProgram = layers.flatMap((layer) => layer.forward.map((each) => this.bind(layer, each)));
    this.adjointProgram = layers
      .toReversed()
      .flatMap((layer) => layer.adjoint.map((each) => this.bind(layer, each)));
  }

  begin(batch: Batch): void {
    this.release();
    this.batch.begin(batch);
    for (const parameter of this.parameters.values()) {
      const plain = this.tf.tensor(parameter.values, [...parameter.shape], 'float32');
      this.parameterTensors.set(parameter, { plain, transposed: this.tf.transpose(plain) });
    }
  }

  forward(from: number, to: number): void {
    for (let t = from; t <= to; t += 1) for (const run of this.forwardProgram) run(t);
    this.record('value', from, to);
  }

  backward(from: number, to: number): void {
    for (let t = from; t >= to; t -= 1) for (const run of this.adjointProgram) run(t);
    this.record('adjoint', to, from);
  }

  gradients(): void {
    for (const layer of this.network.layers) {
      for (const instruction of layer.gradients) this.gradient(layer, instruction);
    }
  }

  dispose(): void {
    this.release();
    for (const slot of this.slots.values()) slot.dispose();
    this.tf.dispose(this.constants);
  }

  /** Copies what is known of the steps from…to into the trace. */
  private record(content: TraceContent, from: number, to: number): void {
    for (const array of this.trace.arrays) {
      if (array.content !== content) continue;
      const slot = this.slot(array.layer, array.quantity, content, array.size);
      const recorded = this.compute(() => slot.range(from, to, 0));
      array.data.set(recorded, (from - 1) * this.network.batchSize * array.size);
    }
  }

  private release(): void {
    for (const slot of this.slots.values()) slot.clear();
    for (const { plain, transposed } of this.parameterTensors.values()) this.tf.dispose([plain, transposed]);
    this.parameterTensors.clear();
  }

  private bind(layer: LayerProgram, instruction: Instruction): BoundInstruction {
    const { tf } = this;
    const { out, accumulate, operation } = instruction;
    const { slot } = this.locate(layer, out.kind, out.name);
    const context = this.contextOf(layer, instruction);
    return (t) => {
      const step = t - out.delay;
      // What flows to before the first time step flows to a constant and is not needed.
      if (step < 1) return;
      const result = tf.tidy(() => {
        const computed = slot.fit(runOperation(operation, t, context));
        const held = accumulate ? slot.held(step) : undefined;
        return held === undefined ? computed : tf.add(held, computed);
      });
      slot.set(step, result);
    };
  }

  private contextOf(layer: LayerProgram, { operation }: Instruction): OperationContext {
    const { tf, network, batch } = this;
    const readers = new Map(operandsOf(operation).map((each) => [each, this.reader(layer, each)]));
    return {
      tf,
      predictions: network.timeSteps * network.batchSize,
      batch,
      operand: (operand, t) => readers.get(operand)!(t),
      matrix: (name, transposed) => this.tensorsOf(layer, name)[transposed ? 'transposed' : 'plain'],
    };
  }

  private reader(layer: LayerProgram, operand: Operand): (t: number) => Tensor {
    switch (operand.kind) {
      case 'constant': {
        const scalar = this.tf.scalar(operand.value);
        this.constants.push(scalar);
        return () => scalar;
      }
      case 'parameter':
        return () => this.tensorsOf(layer, operand.name).plain;
      case 'value':
      case 'adjoint': {
        const { slot, initial } = this.locate(layer, operand.kind, operand.name);
        return (t) => slot.read(t - operand.delay, initial);
      }
    }
  }

  private gradient(layer: LayerProgram, instruction: GradientInstruction): void {
    const { gradient } = this.parameter(layer, instruction.parameter);
    const computed = this.compute(() => this.gradientTensor(layer, instruction));
    if (!instruction.accumulate) return gradient.set(computed);
    for (let index = 0; index < gradient.length; index += 1) gradient[index]! += computed[index]!;
  }

  private gradientTensor(layer: LayerProgram, instruction: GradientInstruction): Tensor {
    const { tf } = this;
    const delta = this.allSteps(layer, instruction.adjoint);
    switch (instruction.kind) {
      case 'outer':
        return this.sumOfOuterProducts(delta, this.allSteps(layer, instruction.operand));
      case 'sum':
        return tf.sum(delta, 0);
      case 'lookup': {
        const [vocabulary = 1] = this.parameter(layer, instruction.parameter).shape;
        return this.sumOfOuterProducts(this.batch.allInputUnitVectors(vocabulary), delta);
      }
    }
  }

  /** Σ over the rows of left ⊗ right: [T·B, n], [T·B, m] → [n, m]. Asked for in the product itself, turning is slow. */
  private sumOfOuterProducts(left: Tensor, right: Tensor): Tensor {
    return this.tf.matMul(this.tf.transpose(left), right);
  }

  /** Numbers are read outside of `tidy`, which would look for tensors in every entry of an array. */
  private compute(compute: () => Tensor): Float32Array {
    const tensor = this.tf.tidy(() => this.tf.clone(compute()));
    const numbers = tensor.dataSync<'float32'>();
    tensor.dispose();
    return numbers;
  }

  /** [T·B, n] */
  private allSteps(layer: LayerProgram, operand: Operand): Tensor {
    const { timeSteps, batchSize } = this.network;
    switch (operand.kind) {
      case 'value':
      case 'adjoint': {
        const { slot, initial } = this.locate(layer, operand.kind, operand.name);
        return slot.range(1 - operand.delay, timeSteps - operand.delay, initial);
      }
      case 'parameter': {
        const vector = this.tensorsOf(layer, operand.name).plain;
        return this.tf.broadcastTo(vector, [timeSteps * batchSize, vector.size]);
      }
      case 'constant':
        throw new Error('The checker lets no matrix be multiplied by a constant.');
    }
  }

  private parameter(layer: LayerProgram, name: string): ParameterArray {
    return this.parameters.get(`${layer.id} ${name}`)!;
  }

  private tensorsOf(layer: LayerProgram, name: string): ParameterTensors {
    return this.parameterTensors.get(this.parameter(layer, name))!;
  }

  /** Where a layer's value or adjoint is held, and what a read before the first time step yields. */
  private locate(
    layer: LayerProgram,
    content: TraceContent,
    name: string,
  ): { readonly slot: Slot; readonly initial: number } {
    const target = resolveQuantity(this.network, layer, name);
    const size = target.layer.values.get(target.name)?.size ?? layer.temporaries.get(name)!;
    const initial = content === 'value' ? (layer.values.get(name)?.initial ?? 0) : 0;
    return { slot: this.slot(target.layer.id, target.name, content, size), initial };
  }

  private slot(layer: string, name: string, content: TraceContent, size: number): Slot {
    const key = traceKey(layer, name, content);
    const slot = this.slots.get(key) ?? new Slot(this.tf, this.network.batchSize, size);
    this.slots.set(key, slot);
    return slot;
  }
}
