/** A layer written down line by line: what it reads, what it learns, its equations. */
import type { Initialiser, SourceRange } from '../../language/checked-model.ts';
import { adjointProgram } from '../adjoint.ts';
import type { ForwardProgram } from '../forward.ts';
import type { DefinePart } from '../functions.ts';
import {
  findParameter,
  type Instruction,
  initiallyZero,
  type LayerKind,
  type LayerProgram,
  type Operation,
  type Parameter,
  type ParameterReference,
  type Value,
  type ValueReference,
  type ValueRole,
} from '../program.ts';

export interface LayerIdentity {
  readonly id: string;
  /** As written in the model. */
  readonly label: string;
  readonly kind: LayerKind;
  readonly source: SourceRange;
}

/** The layers that a layer reads, by what it calls their outputs. */
export type Inputs = ReadonlyMap<string, LayerProgram>;

/** What an equation's value is computed by, and with which parts, which get no name of their own. */
export type Definition = Operation | ((part: DefinePart) => Operation);

export class LayerBuilder {
  private readonly identity: LayerIdentity;
  private readonly inputs = new Map<string, LayerProgram>();
  private readonly values = new Map<string, Value>();
  private readonly instructions: Instruction[] = [];
  private readonly parameters: Parameter[] = [];

  constructor(identity: LayerIdentity) {
    this.identity = identity;
  }

  input(name: string, below: LayerProgram): ValueReference {
    this.inputs.set(name, below);
    this.values.set(name, inputValue(name, below, this.identity.source));
    return { kind: 'value', name, delay: 0 };
  }

  parameter(name: string, shape: readonly number[], initialiser: Initialiser): ParameterReference {
    this.parameters.push({ name, shape, initialiser, source: this.identity.source });
    return { kind: 'parameter', name };
  }

  /** A parameter of a layer below, under its name there. */
  share(name: string, below: LayerProgram): ParameterReference {
    this.parameters.push(findParameter(below, name));
    return { kind: 'parameter', name };
  }

  /** @param equation `name = …` */
  define(equation: string, size: number, definition: Definition, role: ValueRole = 'value'): ValueReference {
    const name = equation.slice(0, equation.indexOf(' '));
    let count = 0;
    const part: DefinePart = (operation, partSize) => {
      count += 1;
      return this.add(`${name}.${count}`, partSize, operation, { equation, role: 'intermediate' });
    };
    const operation = typeof definition === 'function' ? definition(part) : definition;
    return this.add(name, size, operation, { equation, role });
  }

  build(output: ValueReference): LayerProgram {
    const { values, instructions, parameters, inputs } = this;
    return assemble(this.identity, { values, instructions }, { inputs, parameters, output: output.name });
  }

  private add(
    name: string,
    size: number,
    operation: Operation,
    { equation, role }: Pick<Value, 'equation' | 'role'>,
  ): ValueReference {
    const { source } = this.identity;
    const out: ValueReference = { kind: 'value', name, delay: 0 };
    this.values.set(name, { name, size, role, equation, source, initial: initiallyZero });
    this.instructions.push({ out, accumulate: false, operation, source });
    return out;
  }
}

export interface Surroundings {
  readonly inputs: Inputs;
  readonly parameters: readonly Parameter[];
  readonly output: string;
}

/** A forward program with all that follows from it. */
export function assemble(
  { id, label, kind, source }: LayerIdentity,
  forward: ForwardProgram,
  { inputs, parameters, output }: Surroundings,
): LayerProgram {
  const below = [...inputs.values()];
  const data = [...inputs].filter(([, layer]) => !layer.isDifferentiated).map(([name]) => name);
  const isDifferentiated =
    parameters.length > 0 || kind === 'cell' || below.some((layer) => layer.isDifferentiated);
  const adjoint = isDifferentiated
    ? adjointProgram(forward, { parameters, output, data: new Set(data) })
    : { instructions: [], gradients: [], temporaries: new Map() };
  return {
    id,
    label,
    kind,
    source,
    inputs: new Map([...inputs].map(([name, { id }]) => [name, id])),
    steps: below.some((layer) => layer.steps === 'last' || isPooling(layer)) ? 'last' : 'all',
    // A reversal turns the time of what it reads.
    reversed: below.some(({ reversed }) => reversed) !== (kind === 'reversal'),
    isDifferentiated,
    values: forward.values,
    output,
    parameters,
    forward: forward.instructions,
    adjoint: adjoint.instructions,
    gradients: adjoint.gradients,
    temporaries: adjoint.temporaries,
  };
}

/** Of all that it hands on only the last step is read. */
function isPooling({ kind }: LayerProgram): boolean {
  return kind === 'last' || kind === 'mean';
}

export function inputValue(name: string, below: LayerProgram, source: SourceRange): Value {
  const equation = `${name} = ${below.label}`;
  return { name, size: outputSize(below), role: 'input', equation, source, initial: initiallyZero };
}

export function outputSize({ values, output }: LayerProgram): number {
  return values.get(output)!.size;
}
