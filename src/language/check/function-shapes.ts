/** Shapes of calls in equations. */
import type { Expression } from '../generated/ast.ts';
import { addSizes, divideSizes, isFixed, multiplySizes, type Size } from '../sizes.ts';
import type { FunctionCall } from './function-calls.ts';
import { describeShape, label, type Sizes, showSize, showSizes } from './shape-texts.ts';

/** `unknown`: hangs on a state whose shape is not yet found; undefined: in error. */
export type Inferred = Sizes | 'unknown' | undefined;

/** Receives what does not fit; a warning where it may fit, once the sizes are known. */
export type Tell = (severity: 'error' | 'warning', message: string, place: Expression) => void;

/**
 * @param shapes of the call's values
 * @param units of an `affine` that names none; undefined where there is no telling
 */
export function callShape(
  call: FunctionCall,
  shapes: readonly Inferred[],
  units: Size | undefined,
  tell: Tell,
): Inferred {
  switch (call.name) {
    case 'sigmoid':
    case 'tanh':
    case 'relu':
    case 'leaky_relu':
    case 'elu':
    case 'softplus':
    case 'hard_sigmoid':
    case 'hard_tanh':
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'abs':
      return shapes[0];
    case 'prelu':
    case 'min':
    case 'max':
      return unitByUnit(call, shapes, tell);
    case 'softmax':
      return needVector(call, shapes[0], 0, tell);
    case 'norm':
    case 'sum':
    case 'mean':
      return needVector(call, shapes[0], 0, tell) && [];
    case 'concat':
      return known(shapes, (all) => [all.map(([units = 1]) => units).reduce(addSizes)]);
    case 'window':
      return known(shapes, ([[units = 1] = []]) => [multiplySizes(units, call.numbers.get('k')!)]);
    case 'maxout':
      return maxoutShape(call, needVector(call, shapes[0], 0, tell), tell);
    case 'affine': {
      const fit = shapes.map((shape, index) => needVector(call, shape, index, tell));
      return units === undefined || fit.includes(undefined) ? undefined : [units];
    }
  }
}

/** All shapes known: `then`; one of them in error: an error; otherwise not yet known. */
function known(shapes: readonly Inferred[], then: (shapes: readonly Sizes[]) => Sizes): Inferred {
  if (shapes.includes(undefined)) return undefined;
  const all = shapes.filter((shape): shape is Sizes => shape !== undefined && shape !== 'unknown');
  return all.length === shapes.length ? then(all) : 'unknown';
}

/** Scalars count for all units of the vectors. */
function unitByUnit(call: FunctionCall, shapes: readonly Inferred[], tell: Tell): Inferred {
  let result: Inferred = [];
  for (const [index, shape] of shapes.entries()) {
    if (shape === undefined) return undefined;
    if (shape === 'unknown') {
      if (result.length === 0) result = 'unknown';
      continue;
    }
    if (shape.length === 0) continue;
    if (result === 'unknown' || result.length === 0) {
      result = shape;
    } else if (result[0] !== shape[0]) {
      const message =
        `\`${call.name}\` works unit by unit; ${label(call.values[index]!, 'this argument')} ${showSizes(shape)} has ` +
        `${showSize(shape[0]!)} units, what comes before it ${showSize(result[0]!)}.`;
      if (isFixed(shape[0]!) && isFixed(result[0]!)) {
        tell('error', message, call.values[index]!);
        return undefined;
      }
      tell('warning', `${message} ${fitsOnlyWhere(shape[0]!, result[0]!)}`, call.values[index]!);
    }
  }
  return result;
}

export function fitsOnlyWhere(one: Size, other: Size): string {
  return `This fits only where ${showSize(one)} equals ${showSize(other)}.`;
}

const vectorNeeded: Partial<Record<FunctionCall['name'], string>> = {
  softmax: '`softmax` normalises over the units of a vector',
  norm: '`norm` is the length of a vector',
  sum: '`sum` adds the units of a vector',
  mean: '`mean` averages the units of a vector',
  maxout: '`maxout` compares parts of a vector',
  affine: '`affine` multiplies vectors by its weights',
};

function needVector(call: FunctionCall, shape: Inferred, index: number, tell: Tell): Inferred {
  if (shape === undefined || shape === 'unknown' || shape.length === 1) return shape;
  const value = call.values[index]!;
  const message = `${vectorNeeded[call.name]}; ${label(value, 'its argument')} is ${describeShape(shape)}.`;
  tell('error', message, value);
  return undefined;
}

function maxoutShape(call: FunctionCall, shape: Inferred, tell: Tell): Inferred {
  if (shape === undefined || shape === 'unknown') return shape;
  const units = shape[0]!;
  const parts = call.numbers.get('k')!;
  const each = divideSizes(units, parts);
  if (typeof each !== 'number' || Number.isInteger(each)) return [each];
  const value = call.values[0]!;
  tell(
    'error',
    `\`maxout\` takes ${parts} equal parts; ${label(value, 'its argument')} has ${units} units.`,
    value,
  );
  return undefined;
}
