/** What equations read of a layer, as one iteration of a run computed it for one sample. */
import type { LayerProgram } from '../../../src/compile/program.ts';
import { resolveQuantity, type TraceContent } from '../../../src/engine/trace.ts';
import type { CellEquations } from '../../../src/language/equation-texts.ts';
import type { TestRun } from '../../support/engine.ts';
import { type Node, readEquation } from './equation-reader.ts';
import { evaluate, type Surroundings, type Value } from './evaluator.ts';

export interface TracedLayer {
  readonly run: TestRun;
  readonly layer: LayerProgram;
  readonly sample: number;
}

/** Arguments of the cells in tests that are read in their equations, by name. */
const argumentValues: Readonly<Record<string, number>> = { rate: -0.4, leak: 0.3, floor: 0.2 };

/** At t in 1…T. */
export function traced(
  { run: { training }, layer, sample }: TracedLayer,
  quantity: string,
  content: TraceContent,
  t: number,
): Float64Array {
  const { network, trace } = training;
  const place = resolveQuantity(network, layer, quantity);
  const { data, size } = trace.find(place.layer.id, place.name, content)!;
  const start = ((t - 1) * network.batchSize + sample) * size;
  return Float64Array.from(data.subarray(start, start + size));
}

/** Each with its further lines. */
export function equationsIn(lines: readonly { readonly text: string }[]): string[][] {
  const equations: string[][] = [];
  for (const { text } of lines) {
    if (text.startsWith(' ')) equations.at(-1)!.push(text.trim());
    else equations.push([text]);
  }
  return equations;
}

/** Whatever is in no trace is taken from the equations themselves. */
export function surroundingsOf(place: TracedLayer, { quantities }: CellEquations): Surroundings {
  const { run, layer } = place;
  const equations = new Map(
    quantities
      .flatMap(({ forward, adjoint }) => equationsIn([...forward, ...adjoint]))
      .map((lines): [string, Node] => {
        const { name, value } = readEquation(lines);
        return [name, value];
      }),
  );
  const parameters = parametersOf(place);
  const isTraced = (name: string) => (layer.values.get(name)?.role ?? 'intermediate') !== 'intermediate';
  const sizeOf = (name: string): number => {
    const quantity = name === 'output' ? layer.output : name;
    return layer.values.get(quantity)?.size ?? layer.temporaries.get(name.replace('.δ', '·'))!;
  };
  const initial = (name: string): Value => {
    const { size, initial: start } = layer.values.get(name)!;
    if (start.kind === 'parameter') return parameters.get(start.name)!;
    return { data: new Float64Array(size).fill(start.value) };
  };
  const surroundings: Surroundings = {
    timeSteps: run.training.network.timeSteps,
    constant: (name) => parameters.get(name) ?? argument(name),
    quantity: (name, t) => {
      if (!isTraced(name)) return evaluate(equations.get(name)!, t, surroundings);
      return t < 1 ? initial(name) : { data: traced(place, name, 'value', t) };
    },
    adjoint: (name, t) => {
      if (t < 1) return evaluate(equations.get(`δ${name}`)!, t, beforeStart);
      if (name === 'output') return { data: handedDown(place, t) };
      if (!isTraced(name)) return spread(evaluate(equations.get(`δ${name}`)!, t, surroundings), sizeOf(name));
      return { data: traced(place, name, 'adjoint', t) };
    },
  };
  /** Before the first step nothing is computed: adjoints only arrive there, from later steps. */
  const beforeStart: Surroundings = {
    ...surroundings,
    adjoint: (name, t) => (t < 1 ? { data: new Float64Array(sizeOf(name)) } : surroundings.adjoint(name, t)),
  };
  return surroundings;
}

/** A vector whose equation comes to a scalar has that in all of its units. */
function spread({ data }: Value, size: number): Value {
  return { data: data.length === 1 ? new Float64Array(size).fill(data[0]!) : data };
}

function parametersOf({ run, layer }: TracedLayer): ReadonlyMap<string, Value> {
  const own = run.training.parameters.filter((parameter) => parameter.layer === layer.id);
  return new Map(
    own.map(({ name, shape, values }) => {
      const data = Float64Array.from(values);
      return [name, shape.length === 2 ? { data, columns: shape[1]! } : { data }];
    }),
  );
}

function argument(name: string): Value | undefined {
  const value = argumentValues[name];
  return value === undefined ? undefined : { data: Float64Array.of(value) };
}

/** δoutput: Wᵀ δy of the dense layer above. */
function handedDown(place: TracedLayer, t: number): Float64Array {
  const { training } = place.run;
  const { layers } = training.network;
  const above = layers[layers.indexOf(place.layer) + 1]!;
  const weights = training.parameters.find(({ layer, name }) => layer === above.id && name === 'W')!;
  const delta = traced({ ...place, layer: above }, 'y', 'adjoint', t);
  const [, columns = 1] = weights.shape;
  return Float64Array.from({ length: columns }, (_, column) =>
    delta.reduce((sum, entry, row) => sum + entry * weights.values[row * columns + column]!, 0),
  );
}
