/** `let` constants of a file. */
import type { Constant, Expression, File } from '../generated/ast.ts';
import type { Size } from '../sizes.ts';
import { inputName, isFunctionName } from '../vocabulary/functions.ts';
import { namesReferredTo } from '../walk.ts';
import { type Environment, evaluateConstant } from './constants.ts';
import type { Reporter } from './reporter.ts';
import { isWhole } from './whole.ts';

/**
 * The values of a file's constants; each can read those before it. What is wrong is reported, once: a constant without
 * a value stands for itself, as a size that is not known.
 */
export function readConstants(constants: readonly Constant[], reporter: Reporter): Environment {
  const values = new Map<string, Size>();
  const seen = new Set<string>();
  for (const constant of constants) {
    const { name } = constant;
    if (!isWhole(constant)) continue;
    const place = reporter.part(constant, 'name');
    if (name === inputName || isFunctionName(name)) {
      const what = name === inputName ? 'the input of every cell' : 'a function';
      reporter.error('reserved-name', `\`${name}\` is ${what}; choose another name.`, place);
    } else if (seen.has(name)) {
      reporter.error('duplicate-definition', `There is already a constant \`${name}\`.`, place);
    } else {
      seen.add(name);
      values.set(name, readConstant(constant.value, values, reporter) ?? name);
    }
  }
  return values;
}

/** A share counts as the number that it is: 20% as 0.2. */
function readConstant(expression: Expression, earlier: Environment, reporter: Reporter): Size | undefined {
  if (expression.$type === 'NumberLiteral' && expression.percent) return expression.value / 100;
  return evaluateConstant(expression, earlier, reporter);
}

/** Warns of constants that nothing reads. */
export function checkUnusedConstants(file: File, values: Environment, reporter: Reporter): void {
  if (file.constants.length === 0) return;
  const read = namesReferredTo(file);
  for (const constant of file.constants) {
    if (typeof values.get(constant.name) !== 'number' || read.has(constant.name)) continue;
    const message = `Constant \`${constant.name}\` is never read.`;
    reporter.warning('unused-constant', message, reporter.part(constant, 'name'));
  }
}
