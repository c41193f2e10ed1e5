/** Shapes as messages write them. */
import type { Expression } from '../generated/ast.ts';
import type { Size } from '../sizes.ts';
import { foldedText } from './reporter.ts';

/** `[]` scalar, `[n]` vector, `[m, n]` matrix; sizes may be symbols. */
export type Sizes = readonly Size[];

export function showSizes(sizes: Sizes): string {
  return `[${sizes.join(', ')}]`;
}

export function showSize(size: Size): string {
  return typeof size === 'number' ? `${size}` : `\`${size}\``;
}

export function describeShape(shape: Sizes): string {
  const kinds = ['a scalar', 'a vector', 'a matrix'] as const;
  return shape.length === 0 ? kinds[0] : `${kinds[shape.length]} ${showSizes(shape)}`;
}

/** An operand by its text where that is short. */
export function label(expression: Expression, otherwise: string): string {
  const text = foldedText(expression);
  return text.length <= 24 ? text : otherwise;
}
