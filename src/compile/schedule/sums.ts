/**
 * Sums of products: z = (W @ x + U @ h[t−1]) + b, which a program computes by way of unnamed values, becomes three
 * contributions to z, so that products add to z itself.
 */
import type { Contribution, ScheduledArray, ScheduledOperand, ScheduledOperation } from './schedule.ts';

/** @param reads how often each array is read, in all of the network */
export function mergeSums(
  contributions: readonly Contribution[],
  reads: ReadonlyMap<ScheduledArray, number>,
): Contribution[] {
  const definitions = definitionsOf(contributions);
  const merged = new Set<Contribution>();

  /** The one place where an unnamed value is computed, if `operand` is the one place where it is read. */
  function partOf(operand: ScheduledOperand): Contribution | undefined {
    if (operand.kind !== 'array' || operand.shift !== 0) return undefined;
    const { array } = operand;
    return !array.recorded && reads.get(array) === 1 ? definitions.get(array) : undefined;
  }

  function terms(operation: ScheduledOperation, negative: boolean): ScheduledOperation[] | undefined {
    switch (operation.kind) {
      case 'product':
        return [{ ...operation, negative: operation.negative !== negative }];
      case 'negate':
        return termsOf(operation.operand, !negative);
      case 'add':
        return [...termsOf(operation.left, negative), ...termsOf(operation.right, negative)];
      case 'subtract':
        return [...termsOf(operation.left, negative), ...termsOf(operation.right, !negative)];
      default:
        return undefined;
    }
  }

  function termsOf(operand: ScheduledOperand, negative: boolean): ScheduledOperation[] {
    const part = partOf(operand);
    const inner = part === undefined ? undefined : terms(part.operation, negative);
    if (part === undefined || inner === undefined) {
      return [{ kind: negative ? 'negate' : 'copy', operand }];
    }
    merged.add(part);
    return inner;
  }

  const result = contributions.toReversed().flatMap((contribution) => {
    if (merged.has(contribution)) return [];
    const { target, operation } = contribution;
    if (!sumsProducts(operation, partOf)) return [contribution];
    const parts = terms(operation, false) ?? [];
    return parts.map((part): Contribution => ({ target, operation: part, accumulate: false })).toReversed();
  });
  return result.toReversed();
}

/** Whether products are among the terms of a sum. */
function sumsProducts(
  operation: ScheduledOperation,
  partOf: (operand: ScheduledOperand) => Contribution | undefined,
): boolean {
  const holds = (operand: ScheduledOperand): boolean => {
    const part = partOf(operand)?.operation;
    return part !== undefined && (part.kind === 'product' || sumsProducts(part, partOf));
  };
  switch (operation.kind) {
    case 'negate':
      return holds(operation.operand);
    case 'add':
    case 'subtract':
      return holds(operation.left) || holds(operation.right);
    default:
      return false;
  }
}

/** Arrays of a single contribution. */
function definitionsOf(contributions: readonly Contribution[]): Map<ScheduledArray, Contribution> {
  const definitions = new Map<ScheduledArray, Contribution>();
  const repeated = new Set<ScheduledArray>();
  for (const contribution of contributions) {
    if (definitions.has(contribution.target)) repeated.add(contribution.target);
    definitions.set(contribution.target, contribution);
  }
  for (const array of repeated) definitions.delete(array);
  return definitions;
}
