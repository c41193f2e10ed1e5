/**
 * Reverse-mode differentiation of a forward program, symbolically: for every instruction v = f(a, b), in reverse
 * order, δa += δv · ∂f/∂a and δb += δv · ∂f/∂b. A value that was read at t − k receives its contribution at t − k:
 * that is backpropagation through time. Gradients of parameters need all time steps at once and are listed apart.
 */
import type { SourceRange } from '../language/checked-model.ts';
import type { ForwardProgram } from './forward.ts';
import type {
  AdjointReference,
  Comparison,
  ElementwiseOperator,
  GradientInstruction,
  Instruction,
  Operand,
  Operation,
  Parameter,
  ValueReference,
} from './program.ts';

export interface AdjointProgram {
  readonly instructions: Instruction[];
  readonly gradients: GradientInstruction[];
  /** Sizes of the adjoints that the program needs beside those of values, by name. */
  readonly temporaries: Map<string, number>;
}

export interface AdjointOptions {
  readonly parameters: readonly Parameter[];
  /** The value that the layer above reads; its adjoint is there before the program runs. */
  readonly output: string;
  /** Inputs that are data: their adjoints are of no use and are not computed. */
  readonly data: ReadonlySet<string>;
}

export function adjointProgram(forward: ForwardProgram, options: AdjointOptions): AdjointProgram {
  return new Derivation(forward, options).run();
}

class Derivation {
  private readonly instructions: Instruction[] = [];
  private readonly gradients: GradientInstruction[] = [];
  private readonly temporaries = new Map<string, number>();
  /** Adjoints that equal another one need no instruction of their own: in v = a + b, δa is δv. */
  private readonly aliases = new Map<string, AdjointReference>();
  /** Values whose adjoint holds something already when their defining instruction is reached. */
  private readonly reached: Set<string>;
  private readonly withGradient: Set<string>;
  /** Values whose adjoints are of no use. */
  private readonly data: ReadonlySet<string>;
  /** How often the forward program reads each value. */
  private readonly reads: ReadonlyMap<string, number>;
  private readonly forward: ForwardProgram;
  private readonly options: AdjointOptions;

  constructor(forward: ForwardProgram, options: AdjointOptions) {
    this.forward = forward;
    this.options = options;
    this.data = new Set([...options.data, ...masksOf(forward.instructions)]);
    this.withGradient = new Set(
      options.parameters.flatMap(({ name, owner }) => (owner === undefined ? [] : [name])),
    );
    this.reads = countReads(forward.instructions);
    const inputs = [...forward.values.values()].filter(({ role }) => role === 'input');
    this.reached = new Set([
      options.output,
      ...inputs.map(({ name }) => name),
      ...delayedReads(forward.instructions),
    ]);
  }

  run(): AdjointProgram {
    for (const instruction of this.forward.instructions.toReversed()) {
      const { out } = instruction;
      if (out.kind === 'value' && (this.reached.has(out.name) || this.aliases.has(out.name))) {
        this.differentiate(instruction, out);
      }
    }
    this.differentiateInitial();
    const { instructions, gradients, temporaries } = this;
    return { instructions, gradients, temporaries };
  }

  /** What a state is before the first step receives the adjoints that reach t ≤ 0. */
  private differentiateInitial(): void {
    for (const { name, initial, source } of this.forward.values.values()) {
      if (initial.kind === 'constant') continue;
      const isReached = this.instructions.some(({ out }) => out.name === name && out.delay > 0);
      if (!isReached) continue;
      const adjoint: AdjointReference = { kind: 'adjoint', name, delay: 0 };
      this.gradient(initial.name, source, { kind: 'initial', adjoint });
    }
  }

  private differentiate(instruction: Instruction, out: ValueReference): void {
    const { operation, source } = instruction;
    const delta = this.aliases.get(out.name) ?? adjointOf(out);
    switch (operation.kind) {
      case 'product':
        this.gradient(operation.matrix, source, {
          kind: 'outer',
          adjoint: delta,
          operand: operation.operand,
        });
        return this.contribute(operation.operand, { ...operation, transposed: true, operand: delta }, source);
      case 'add':
        this.pass(operation.left, out, delta, source);
        return this.pass(operation.right, out, delta, source);
      case 'subtract':
        this.pass(operation.left, out, delta, source);
        return this.contributeReduced(operation.right, out, { kind: 'negate', operand: delta }, source);
      case 'multiply':
        this.scale(operation.left, out, delta, operation.right, source);
        return this.scale(operation.right, out, delta, operation.left, source);
      case 'divide':
        return this.differentiateQuotient(operation, out, delta, source);
      case 'max':
      case 'min':
        return this.differentiateExtreme(operation, out, delta, source);
      case 'negate':
        return this.contribute(operation.operand, { kind: 'negate', operand: delta }, source);
      case 'sumUnits':
        // Each unit receives the scalar's.
        return this.contribute(operation.operand, { kind: 'copy', operand: delta }, source);
      case 'reverse':
        return this.contribute(operation.operand, { kind: 'reverse', operand: delta }, source);
      case 'concat':
        return this.differentiateConcat(operation.operands, delta, source);
      case 'slice': {
        const { operand, first } = operation;
        const size = this.size(operand);
        return this.contribute(operand, { kind: 'pad', operand: delta, first, size }, source);
      }
      case 'copy':
        return this.pass(operation.operand, out, delta, source);
      case 'function':
        return this.contribute(
          operation.operand,
          { kind: 'derivative', name: operation.name, adjoint: delta, input: operation.operand, output: out },
          source,
        );
      case 'onehot':
      case 'numbers':
      case 'mask':
        return;
      case 'lookup':
        return this.gradient(operation.table, source, { kind: 'lookup', adjoint: delta });
      case 'crossEntropy': {
        const { logits } = operation;
        return this.contribute(logits, { kind: 'crossEntropyGradient', logits }, source);
      }
      case 'squaredError': {
        const { prediction } = operation;
        return this.contribute(prediction, { kind: 'squaredErrorGradient', prediction }, source);
      }
      case 'derivative':
      case 'where':
      case 'pad':
      case 'crossEntropyGradient':
      case 'squaredErrorGradient':
        throw new Error(`Forward programs never contain ${operation.kind}.`);
    }
  }

  /** v = a / b: δa += δv / b, δb −= δv · v / b. */
  private differentiateQuotient(
    operation: { left: Operand; right: Operand },
    out: ValueReference,
    delta: AdjointReference,
    source: SourceRange,
  ): void {
    const { left, right } = operation;
    this.contributeReduced(left, out, { kind: 'divide', left: delta, right }, source);
    if (right.kind === 'constant') return;
    const product = this.temporary(
      out.name,
      this.size(out),
      { kind: 'multiply', left: delta, right: out },
      source,
    );
    const quotient = this.temporary(
      out.name,
      this.size(out),
      { kind: 'divide', left: product, right },
      source,
    );
    this.contributeReduced(right, out, { kind: 'negate', operand: quotient }, source);
  }

  /** v = max(a, b): δv goes to a where a ≥ b, and to b where b > a; of min(a, b) the other way round. */
  private differentiateExtreme(
    { kind, left, right }: { kind: ElementwiseOperator; left: Operand; right: Operand },
    out: ValueReference,
    delta: AdjointReference,
    source: SourceRange,
  ): void {
    const [larger, smaller] = kind === 'max' ? [left, right] : [right, left];
    const where = (comparison: Comparison, one: Operand, other: Operand): Operation => {
      return { kind: 'where', adjoint: delta, comparison, left: one, right: other };
    };
    this.contributeReduced(left, out, where('atLeast', larger, smaller), source);
    this.contributeReduced(right, out, where('above', smaller, larger), source);
  }

  private differentiateConcat(
    operands: readonly Operand[],
    delta: AdjointReference,
    source: SourceRange,
  ): void {
    let first = 0;
    for (const operand of operands) {
      const size = this.size(operand);
      this.contribute(operand, { kind: 'slice', operand: delta, first, size }, source);
      first += size;
    }
  }

  /** v = a · b: δa += δv · b. */
  private scale(
    target: Operand,
    out: ValueReference,
    delta: AdjointReference,
    factor: Operand,
    source: SourceRange,
  ): void {
    this.contributeReduced(target, out, { kind: 'multiply', left: delta, right: factor }, source);
  }

  /** δ goes on unchanged, as through a sum. */
  private pass(target: Operand, out: ValueReference, delta: AdjointReference, source: SourceRange): void {
    const sameSize = this.size(target) === this.size(out);
    if (target.kind === 'value' && this.isPart(target) && sameSize) {
      this.aliases.set(target.name, delta);
    } else if (target.kind === 'parameter' && sameSize) {
      this.gradient(target.name, source, { kind: 'sum', adjoint: delta });
    } else {
      this.contributeReduced(target, out, { kind: 'copy', operand: delta }, source);
    }
  }

  /** A scalar that was broadcast over the units of `out` receives the sum over them. */
  private contributeReduced(
    target: Operand,
    out: ValueReference,
    operation: Operation,
    source: SourceRange,
  ): void {
    if (target.kind === 'constant' || this.size(target) === this.size(out)) {
      return this.contribute(target, operation, source);
    }
    const broadcast = this.temporary(out.name, this.size(out), operation, source);
    this.contribute(target, { kind: 'sumUnits', operand: broadcast }, source);
  }

  private contribute(target: Operand, operation: Operation, source: SourceRange): void {
    switch (target.kind) {
      case 'constant':
        return;
      case 'parameter':
        return this.gradient(target.name, source, {
          kind: 'sum',
          adjoint: this.temporary(target.name, this.size(target), operation, source),
        });
      case 'value': {
        if (this.data.has(target.name)) return;
        const accumulate = this.reached.has(target.name);
        this.reached.add(target.name);
        this.instructions.push({ out: adjointOf(target), accumulate, operation, source });
        return;
      }
      case 'adjoint':
        throw new Error('Forward programs do not read adjoints.');
    }
  }

  private temporary(of: string, size: number, operation: Operation, source: SourceRange): AdjointReference {
    const name = `${of}·${this.temporaries.size + 1}`;
    this.temporaries.set(name, size);
    const out: AdjointReference = { kind: 'adjoint', name, delay: 0 };
    this.instructions.push({ out, accumulate: false, operation, source });
    return out;
  }

  private gradient(
    parameter: string,
    source: SourceRange,
    rest:
      | { kind: 'outer'; adjoint: AdjointReference; operand: Operand }
      | { kind: 'sum' | 'lookup' | 'initial'; adjoint: AdjointReference },
  ): void {
    const accumulate = this.withGradient.has(parameter);
    this.withGradient.add(parameter);
    this.gradients.push({ parameter, accumulate, source, ...rest });
  }

  /** Nothing but this reads it: no other adjoint flows to it. */
  private isPart({ name }: ValueReference): boolean {
    return this.forward.values.get(name)?.role === 'intermediate' && this.reads.get(name) === 1;
  }

  /** Units; a scalar is a vector of one. */
  private size(operand: Operand): number {
    switch (operand.kind) {
      case 'value':
        return this.forward.values.get(operand.name)!.size;
      case 'parameter':
        return this.options.parameters.find(({ name }) => name === operand.name)!.shape[0] ?? 1;
      case 'adjoint':
      case 'constant':
        return 1;
    }
  }
}

function adjointOf(value: ValueReference): AdjointReference {
  return { kind: 'adjoint', name: value.name, delay: value.delay };
}

function masksOf(instructions: readonly Instruction[]): string[] {
  return instructions.flatMap(({ out, operation }) => (operation.kind === 'mask' ? [out.name] : []));
}

function valuesRead(instructions: readonly Instruction[]): ValueReference[] {
  const operands = instructions.flatMap(({ operation }) => operandsOf(operation));
  return operands.filter((operand) => operand.kind === 'value');
}

function delayedReads(instructions: readonly Instruction[]): string[] {
  return valuesRead(instructions).flatMap(({ name, delay }) => (delay > 0 ? [name] : []));
}

function countReads(instructions: readonly Instruction[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of valuesRead(instructions)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Everything that an operation reads, parameters of products and tables apart. */
export function operandsOf(operation: Operation): Operand[] {
  switch (operation.kind) {
    case 'product':
    case 'negate':
    case 'copy':
    case 'function':
    case 'sumUnits':
    case 'reverse':
    case 'slice':
    case 'pad':
      return [operation.operand];
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'max':
    case 'min':
      return [operation.left, operation.right];
    case 'where':
      return [operation.adjoint, operation.left, operation.right];
    case 'concat':
      return [...operation.operands];
    case 'derivative':
      return [operation.adjoint, operation.input, operation.output];
    case 'crossEntropy':
    case 'crossEntropyGradient':
      return [operation.logits];
    case 'squaredError':
    case 'squaredErrorGradient':
      return [operation.prediction];
    case 'onehot':
    case 'lookup':
    case 'numbers':
    case 'mask':
      return [];
  }
}
