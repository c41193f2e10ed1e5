/**
 * `affine` owns its weights and bias, named after the quantity that it defines: `f = sigmoid(affine(x, h[t-1]))` makes
 * `W_f`, `U_f` and `b_f`; a second one in the same equation makes `W_f_2`, `U_f_2` and `b_f_2`.
 */
import { type Call, type Equation, isCall } from '../generated/ast.ts';
import { nodesOf } from '../walk.ts';

export interface AffineNames {
  /** One matrix for each vector. */
  readonly weights: readonly string[];
  readonly bias: string;
}

const letters = ['W', 'U', 'V'] as const;

/** Names that belong to whoever writes them: for how many units `affine` gives, and where its bias starts. */
const options = ['units', 'bias'];

/** The calls of `affine` in an equation, in source order, with the names of their parameters. */
export function affineCalls(equation: Equation): ReadonlyMap<Call, AffineNames> {
  const calls = nodesOf(equation.value, isCall).filter((call) => call.function.$refText === 'affine');
  return new Map(
    calls.map((call, index) => {
      const name = index === 0 ? equation.name : `${equation.name}_${index + 1}`;
      const vectors = call.arguments.filter((argument) => !options.includes(argument.name ?? ''));
      const weights = letters.slice(0, vectors.length).map((letter) => `${letter}_${name}`);
      return [call, { weights, bias: `b_${name}` }];
    }),
  );
}
