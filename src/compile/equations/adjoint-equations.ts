/**
 * A layer's adjoint program as equations that people can read: for every named quantity one equation that says what its
 * adjoint at time t is the sum of. The program runs backward and pushes: what was read at t − k receives δ[t-k] += ….
 * Here the same is pulled: δ at time t takes from k steps later. Parts that have no name are written out where they are
 * used.
 */
import type { SourceRange } from '../../language/checked-model.ts';
import { operandsOf } from '../adjoint.ts';
import type {
  AdjointReference,
  Instruction,
  LayerProgram,
  Operand,
  Operation,
  ValueReference,
} from '../program.ts';
import { derivative } from './derivative.ts';
import { binary, call, isScalar, length, number, shift, type Term, tidy } from './term.ts';

/** One summand, and the part of the source that it comes from. */
export interface Contribution {
  readonly term: Term;
  readonly source: SourceRange;
}

/** δname = the sum of the contributions, 0 where there are none. */
export interface AdjointEquation {
  readonly name: string;
  readonly contributions: readonly Contribution[];
}

/** δname = Σ over time steps and samples of the contributions. */
export interface GradientEquation extends AdjointEquation {
  /** Adjoints of states at t ≤ 0, where the parameter is what these are before the first step; summed up, too. */
  readonly before: readonly Contribution[];
}

/** A part of an equation that is too long to be written out wherever it is used. */
export interface PartEquation {
  readonly name: string;
  readonly value: Term;
  readonly source: SourceRange;
}

export interface AdjointEquations {
  readonly parts: readonly PartEquation[];
  /** Of quantities and of parts, in an order in which, at one time step, each is known before it is read; `x` comes last. */
  readonly adjoints: readonly AdjointEquation[];
  /** Of parameters, in order of declaration. */
  readonly gradients: readonly GradientEquation[];
}

export type DerivedLayer = Pick<
  LayerProgram,
  'values' | 'output' | 'parameters' | 'forward' | 'adjoint' | 'gradients' | 'temporaries'
>;

/** What the layer above hands down: δoutput is a part of the adjoint of the cell's output. */
export const handedDown = 'output';

/** A part that is used several times, and one that is used once: what is longer gets a line of its own. */
const longestRepeated = 6;
const longestPart = 24;

export function adjointEquations(layer: DerivedLayer): AdjointEquations {
  return new Renesting(layer).run();
}

class Renesting {
  private readonly layer: DerivedLayer;
  /** By name of the value that they define. */
  private readonly definitions: ReadonlyMap<string, Instruction>;
  /** By name of the adjoint that they contribute to, in the order of the equations: that of the program reversed. */
  private readonly contributions: ReadonlyMap<string, readonly Instruction[]>;
  /** How often a part is read, by its name with or without δ. */
  private readonly uses: ReadonlyMap<string, number>;
  private readonly valueTerms = new Map<string, Term>();
  private readonly adjointTerms = new Map<string, Term>();
  private readonly parts: PartEquation[] = [];
  private readonly adjoints: AdjointEquation[] = [];

  constructor(layer: DerivedLayer) {
    this.layer = layer;
    this.definitions = new Map(layer.forward.map((instruction) => [instruction.out.name, instruction]));
    this.contributions = byName(layer.adjoint.toReversed());
    this.uses = countUses(layer);
  }

  run(): AdjointEquations {
    for (const { out, source } of this.layer.forward.toReversed()) {
      if (this.hasName(out.name)) this.addAdjoint(out.name, source);
    }
    if (this.contributions.has('x')) this.addAdjoint('x');
    const gradients = this.layer.parameters.map(({ name }) => this.gradient(name));
    return { parts: this.parts, adjoints: this.adjoints, gradients };
  }

  /** @param source of the quantity's definition, which the input has none of */
  private addAdjoint(name: string, source?: SourceRange): void {
    const fromAbove: Contribution[] =
      source && name === this.layer.output ? [{ term: this.adjoint(handedDown, name, 0), source }] : [];
    this.adjoints.push({ name, contributions: [...fromAbove, ...this.pulled(name)] });
  }

  /** Those of the same time step come first, then those of the next, and so on. */
  private pulled(name: string): Contribution[] {
    const instructions = this.contributions.get(name) ?? [];
    const contributions = instructions
      .toSorted((one, other) => one.out.delay - other.out.delay)
      .map(({ out, operation, source }) => ({
        term: shift(tidy(this.operation(operation)), out.delay),
        source,
      }));
    return collected(contributions);
  }

  private gradient(parameter: string): GradientEquation {
    const contributions: Contribution[] = [];
    const before: Contribution[] = [];
    const { shape } = this.layer.parameters.find(({ name }) => name === parameter)!;
    for (const instruction of this.layer.gradients.toReversed()) {
      if (instruction.parameter !== parameter) continue;
      const { source } = instruction;
      switch (instruction.kind) {
        case 'outer': {
          const term = tidy({
            kind: 'outer',
            left: this.vector(instruction.adjoint),
            right: this.vector(instruction.operand),
          });
          contributions.push({ term, source });
          break;
        }
        case 'sum': {
          // What is computed for this parameter alone needs no name.
          const isOwn = this.layer.temporaries.has(instruction.adjoint.name);
          contributions.push(
            ...(isOwn
              ? this.pulled(instruction.adjoint.name)
              : [{ term: this.operand(instruction.adjoint), source }]),
          );
          break;
        }
        case 'initial': {
          const delta = this.operand(instruction.adjoint);
          const term = shape.length === 0 && !isScalar(delta) ? call('sum', delta) : delta;
          before.push({ term, source });
          break;
        }
        case 'lookup':
          throw new Error('A cell reads no table.');
      }
    }
    return { name: parameter, contributions, before };
  }

  private hasName(value: string): boolean {
    const role = this.layer.values.get(value)?.role;
    return role !== undefined && role !== 'intermediate';
  }

  private operand(operand: Operand): Term {
    switch (operand.kind) {
      case 'constant':
        return number(operand.value, operand.name);
      case 'parameter': {
        const { shape } = this.layer.parameters.find(({ name }) => name === operand.name)!;
        return { kind: 'parameter', name: operand.name, isScalar: shape.length === 0 };
      }
      case 'value':
        return shift(this.value(operand), -operand.delay);
      case 'adjoint':
        return shift(this.adjointTerm(operand), -operand.delay);
    }
  }

  /** Units of a vector may all be the same scalar, as those of δv in s = sum(v): written out as a vector. */
  private vector(operand: Operand): Term {
    const term = this.operand(operand);
    if (!isScalar(term) || (operand.kind !== 'value' && operand.kind !== 'adjoint')) return term;
    const size = this.size(operand.name);
    return size === 1 ? term : tidy(binary('multiply', term, { kind: 'ones', size }));
  }

  private value({ name }: ValueReference): Term {
    const definition = this.definitions.get(name);
    if (this.hasName(name) || definition === undefined) return this.quantity(name);
    return remembered(this.valueTerms, name, () => {
      const value = tidy(this.operation(definition.operation));
      if (this.isShort(value, name)) return value;
      this.parts.push({ name, value, source: definition.source });
      return this.quantity(name);
    });
  }

  private adjointTerm({ name }: AdjointReference): Term {
    if (this.hasName(name)) return this.adjoint(name, name, 0);
    return remembered(this.adjointTerms, name, () => {
      const contributions = this.pulled(name);
      const sum = contributions.map(({ term }) => term).reduce((left, right) => binary('add', left, right));
      if (this.isShort(sum, `δ${name}`)) return sum;
      this.adjoints.push({ name: spelledName(name), contributions });
      return this.adjoint(spelledName(name), name, 0);
    });
  }

  private isShort(part: Term, name: string): boolean {
    return length(part) <= ((this.uses.get(name) ?? 0) > 1 ? longestRepeated : longestPart);
  }

  private quantity(name: string): Term {
    return { kind: 'quantity', name, offset: 0, isScalar: this.size(name) === 1 };
  }

  /** @param like the name of a value, or of an adjoint of the program, that is as wide */
  private adjoint(name: string, like: string, offset: number): Term {
    return { kind: 'adjoint', name, offset, isScalar: this.size(like) === 1 };
  }

  private size(name: string): number {
    return this.layer.values.get(name)?.size ?? this.layer.temporaries.get(name)!;
  }

  private operation(operation: Operation): Term {
    switch (operation.kind) {
      case 'product':
        return { ...operation, operand: this.vector(operation.operand) };
      case 'add':
      case 'subtract':
      case 'multiply':
      case 'divide':
      case 'max':
      case 'min':
        return binary(operation.kind, this.operand(operation.left), this.operand(operation.right));
      case 'where': {
        const { comparison, adjoint, left, right } = operation;
        const holds: Term = {
          kind: 'holds',
          comparison,
          left: this.operand(left),
          right: this.operand(right),
        };
        return binary('multiply', this.operand(adjoint), holds);
      }
      case 'negate':
        return { kind: 'negate', operand: this.operand(operation.operand) };
      case 'copy':
        return this.operand(operation.operand);
      case 'function':
        return call(operation.name, this.operand(operation.operand));
      case 'derivative': {
        const { name, adjoint, input, output } = operation;
        return derivative(name, this.operand(adjoint), this.operand(input), this.operand(output));
      }
      case 'sumUnits':
        return call('sum', this.vector(operation.operand));
      case 'concat':
        return call('concat', ...operation.operands.map((operand) => this.vector(operand)));
      case 'slice':
      case 'pad':
        return { ...operation, operand: this.vector(operation.operand) };
      case 'onehot':
      case 'lookup':
      case 'numbers':
      case 'mask':
      case 'reverse':
      case 'crossEntropy':
      case 'crossEntropyGradient':
      case 'squaredError':
      case 'squaredErrorGradient':
        throw new Error(`A cell's equations never contain ${operation.kind}.`);
    }
  }
}

/** a + a is 2a, as where a quantity is multiplied with itself. */
function collected(contributions: readonly Contribution[]): Contribution[] {
  const repeated: { readonly contribution: Contribution; times: number }[] = [];
  for (const contribution of contributions) {
    const last = repeated.at(-1);
    if (last && isDeepEqual(last.contribution.term, contribution.term)) last.times += 1;
    else repeated.push({ contribution, times: 1 });
  }
  return repeated.map(({ contribution: { term, source }, times }) => ({
    term: times === 1 ? term : tidy(binary('multiply', number(times), term)),
    source,
  }));
}

/** Terms are plain data, made in one way. */
function isDeepEqual(one: Term, other: Term): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function byName(instructions: readonly Instruction[]): ReadonlyMap<string, readonly Instruction[]> {
  const groups = new Map<string, Instruction[]>();
  for (const instruction of instructions) {
    const { name } = instruction.out;
    groups.set(name, [...(groups.get(name) ?? []), instruction]);
  }
  return groups;
}

function countUses({ adjoint, gradients }: DerivedLayer): ReadonlyMap<string, number> {
  const read = [
    ...adjoint.flatMap(({ operation }) => operandsOf(operation)),
    ...gradients.flatMap((gradient) =>
      gradient.kind === 'outer' ? [gradient.adjoint, gradient.operand] : [gradient.adjoint],
    ),
  ];
  const uses = new Map<string, number>();
  for (const operand of read) {
    if (operand.kind !== 'value' && operand.kind !== 'adjoint') continue;
    const name = operand.kind === 'adjoint' ? `δ${operand.name}` : operand.name;
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}

function remembered(known: Map<string, Term>, name: string, make: () => Term): Term {
  const term = known.get(name) ?? make();
  known.set(name, term);
  return term;
}

/** Programs name the parts of an adjoint `h·1`; `·` is a product where people read. */
function spelledName(name: string): string {
  return name.replace('·', '.δ');
}
