/** Calls of functions in equations, read by what the functions' table says. */
import type { Call, Expression } from '../generated/ast.ts';
import type { Size } from '../sizes.ts';
import {
  type FunctionParameter,
  functions,
  isFunctionName,
  type WrittenFunction,
} from '../vocabulary/functions.ts';
import type { Environment } from './constants.ts';
import type { Reporter } from './reporter.ts';
import { bindArguments, readValue } from './values.ts';

export interface FunctionCall {
  readonly node: Call;
  readonly name: WrittenFunction;
  /** What it reads, in order. */
  readonly values: readonly Expression[];
  /** Its constants, with defaults; without those that are optional and not given. */
  readonly numbers: ReadonlyMap<string, Size>;
  /** Of those constants that are a name and nothing else, that name. */
  readonly names: ReadonlyMap<string, string>;
}

/** @returns undefined where the call is not right, which is reported */
export function readCall(call: Call, environment: Environment, reporter: Reporter): FunctionCall | undefined {
  const name = call.function.$refText;
  if (!isFunctionName(name)) {
    const message = `There is no function \`${name}\`.`;
    const known = Object.keys(functions);
    const place = reporter.part(call, 'function');
    reporter.unknownName('unknown-function', message, place, { name, known, listing: 'Functions are' });
    return undefined;
  }
  const parameters = expandRepeated(functions[name].parameters, call);
  const required = parameters.map((parameter) => ({
    name: parameter.name,
    required: !parameter.optional && parameter.default === undefined,
  }));
  const bound = bindArguments(name, required, call.arguments, call, reporter);
  const values: Expression[] = [];
  const numbers = new Map<string, Size>();
  const names = new Map<string, string>();
  let complete = bound.complete;
  for (const parameter of parameters) {
    const given = bound.arguments.get(parameter.name)?.value;
    if (parameter.value.kind === 'value') {
      if (given) values.push(given);
    } else if (given) {
      const number = readValue(given, parameter.value, reporter, environment);
      if (number?.kind === 'number') numbers.set(parameter.name, number.value);
      else complete = false;
      if (given.$type === 'NameReference') names.set(parameter.name, given.reference.$refText);
    } else if (parameter.default !== undefined) {
      numbers.set(parameter.name, parameter.default);
    }
  }
  return complete ? { node: call, name, values, numbers, names } : undefined;
}

/** A repeated parameter takes all further arguments: b, b2, b3, … */
function expandRepeated(parameters: readonly FunctionParameter[], call: Call): readonly FunctionParameter[] {
  const last = parameters.at(-1)!;
  if (!last.repeated) return parameters;
  const further = Array.from(
    { length: Math.max(0, call.arguments.length - parameters.length) },
    (_, index) => ({
      ...last,
      name: `${last.name}${index + 2}`,
    }),
  );
  return [...parameters, ...further];
}
