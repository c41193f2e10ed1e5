/** One layer of a model → its programs. Cells bring their equations; the other layers are as simple as these. */
import type { LayerSpec, Shape, SourceRange } from '../language/checked-model.ts';
import { adjointProgram } from './adjoint.ts';
import { CompileError } from './compile-error.ts';
import { type ForwardProgram, forwardProgram, type Resolve } from './forward.ts';
import {
  type Instruction,
  initiallyZero,
  type LayerProgram,
  type Operation,
  type Parameter,
  type Value,
} from './program.ts';

/** What a layer is attached to. */
export interface Place {
  readonly id: string;
  /** The layer below; absent where data enters. */
  readonly below: LayerProgram | undefined;
  readonly resolve: Resolve;
}

/** @throws {CompileError} where no program computes such a layer */
export function compileLayer(spec: LayerSpec, place: Place): LayerProgram {
  const { resolve } = place;
  const size = resolveOne(spec.outputSize, resolve);
  switch (spec.kind) {
    case 'cell':
      return cellLayer(spec, place);
    case 'onehot':
      return simpleLayer(spec, place, size, 'y = onehot(token)', { kind: 'onehot', size });
    case 'embed': {
      const table: Parameter = {
        name: 'E',
        shape: [resolveOne(spec.inputSize, resolve), size],
        initialiser: { kind: 'normal', deviation: 1 / Math.sqrt(size) },
        source: spec.source,
      };
      return simpleLayer(spec, place, size, 'y = E[token]', { kind: 'lookup', table: 'E' }, [table]);
    }
    case 'dense':
      return denseLayer(spec, place, size);
    case 'softmax': {
      const operation: Operation = { kind: 'function', name: 'softmax', operand: input };
      // Softmax and cross-entropy are differentiated together, in the loss, where that is numerically stable.
      return { ...simpleLayer(spec, place, size, 'y = softmax(x)', operation), adjoint: [] };
    }
    case 'linear':
      return simpleLayer(spec, place, size, 'y = x', { kind: 'copy', operand: input });
    case 'bidirectional':
    case 'residual':
    case 'dropout':
    case 'layer_norm':
    case 'last':
    case 'mean':
    case 'tie':
      throw notYetTrained(spec.kind, spec.source);
  }
}

type CellLayer = Extract<LayerSpec, { kind: 'cell' }>;
type DenseLayer = Extract<LayerSpec, { kind: 'dense' }>;

const input = { kind: 'value', name: 'x', delay: 0 } as const;

function notYetTrained(what: string, source: SourceRange): CompileError {
  const message = `\`${what}\` is understood, but this version cannot train it yet. Without it the other layers train.`;
  return new CompileError(message, source);
}

/** Where numbers enter a model that reads a table. */
export function numbersLayer(size: number, source: SourceRange): LayerProgram {
  const spec = { kind: 'numbers', text: 'inputs', source } as const;
  const place = { id: 'inputs', below: undefined, resolve: () => [size] };
  return simpleLayer(spec, place, size, 'y = inputs', { kind: 'numbers' });
}

function cellLayer(spec: CellLayer, place: Place): LayerProgram {
  const { cell, recurrentDropout } = spec;
  if (recurrentDropout > 0) throw notYetTrained('recurrent_dropout', spec.source);
  const forward = forwardProgram(cell, inputValue(spec.source, place), place.resolve);
  const parameters = cell.parameters.map((parameter) => ({
    ...parameter,
    shape: place.resolve(parameter.shape),
  }));
  return assemble(spec, place, forward, parameters, cell.output);
}

function denseLayer(spec: DenseLayer, place: Place, size: number): LayerProgram {
  const { source } = spec;
  const x = inputValue(source, place);
  const weighted: Value = {
    name: 'y.1',
    size,
    role: 'intermediate',
    equation: 'W @ x',
    source,
    initial: initiallyZero,
  };
  const forward: ForwardProgram = {
    values: new Map([
      ['x', x],
      ['y.1', weighted],
      ['y', outputValue('y = W @ x + b', size, source)],
    ]),
    instructions: [
      define('y.1', { kind: 'product', matrix: 'W', transposed: false, operand: input }, source),
      define(
        'y',
        {
          kind: 'add',
          left: { kind: 'value', name: 'y.1', delay: 0 },
          right: { kind: 'parameter', name: 'b' },
        },
        source,
      ),
    ],
  };
  const parameters: Parameter[] = [
    { name: 'W', shape: [size, x.size], initialiser: { kind: 'glorot' }, source },
    { name: 'b', shape: [size], initialiser: { kind: 'constant', value: 0 }, source },
  ];
  return assemble(spec, place, forward, parameters, 'y');
}

/** A layer of one equation. */
function simpleLayer(
  spec: Pick<LayerProgram, 'kind' | 'source'> & { readonly text: string },
  place: Place,
  size: number,
  equation: string,
  operation: Operation,
  parameters: readonly Parameter[] = [],
): LayerProgram {
  const values = new Map([['y', outputValue(equation, size, spec.source)]]);
  if (place.below !== undefined) values.set('x', inputValue(spec.source, place));
  return assemble(
    spec,
    place,
    { values, instructions: [define('y', operation, spec.source)] },
    parameters,
    'y',
  );
}

function assemble(
  spec: Pick<LayerProgram, 'kind' | 'source'> & { readonly text: string },
  place: Place,
  forward: ForwardProgram,
  parameters: readonly Parameter[],
  output: string,
): LayerProgram {
  const adjoint = adjointProgram(forward, {
    parameters,
    output,
    differentiateInput: place.below !== undefined && !entersData(place.below),
  });
  return {
    id: place.id,
    label: spec.text,
    kind: spec.kind,
    source: spec.source,
    input: place.below?.id,
    values: forward.values,
    output,
    parameters,
    forward: forward.instructions,
    adjoint: adjoint.instructions,
    gradients: adjoint.gradients,
    temporaries: adjoint.temporaries,
  };
}

/** Nothing below this layer learns: the adjoint of its output is of no use. */
function entersData(layer: LayerProgram): boolean {
  return layer.kind === 'numbers' || layer.kind === 'onehot';
}

export function define(name: string, operation: Operation, source: SourceRange): Instruction {
  return { out: { kind: 'value', name, delay: 0 }, accumulate: false, operation, source };
}

function inputValue(source: SourceRange, place: Place): Value {
  const below = place.below;
  const size = below?.values.get(below.output)?.size;
  if (size === undefined) throw new Error(`Layer ${place.id} has nothing to read.`);
  return { name: 'x', size, role: 'input', equation: `x = ${below?.label}`, source, initial: initiallyZero };
}

function outputValue(equation: string, size: number, source: SourceRange): Value {
  return { name: 'y', size, role: 'value', equation, source, initial: initiallyZero };
}

function resolveOne(size: Shape[number], resolve: Resolve): number {
  return resolve([size])[0]!;
}
