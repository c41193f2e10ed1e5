/** What a state starts from: `initial h = 0`, `initial h = ones`, `initial h = h0`. */
import type { InitialState } from '../checked-model.ts';
import type { InitialStatement } from '../generated/ast.ts';
import type { Size } from '../sizes.ts';
import type { CellDefinition } from './cells.ts';
import { type Environment, evaluateConstant } from './constants.ts';
import type { Reporter } from './reporter.ts';

type InitialSize =
  | Extract<InitialState, { kind: 'parameter' }>
  | { readonly kind: 'constant'; readonly value: Size };

/** Words for numbers that states start from. */
export const initialWords: Readonly<Record<string, number>> = { zeros: 0, ones: 1 };

/** @returns undefined where it is neither a number nor a parameter, which is reported */
export function readInitial(
  { value }: InitialStatement,
  { parameters }: CellDefinition,
  environment: Environment,
  reporter: Reporter,
): InitialSize | undefined {
  if (value.$type === 'NameReference' && !value.delayed) {
    const name = value.reference.$refText;
    if (parameters.has(name)) return { kind: 'parameter', name };
    const word = environment.has(name) || !Object.hasOwn(initialWords, name) ? undefined : initialWords[name];
    if (word !== undefined) return { kind: 'constant', value: word };
  }
  const constant = evaluateConstant(value, environment, reporter);
  return constant === undefined ? undefined : { kind: 'constant', value: constant };
}
