/**
 * The adjoint program of one time step with every unit of one state as a seed, each with a row of its own. As long as
 * row i has passed through nothing but elementwise operations it holds nothing beside its unit i: of such an array the
 * diagonal alone is computed, [T, 1, n], and its product with W is W with its rows scaled. What has passed through a
 * product is dense, [T, n, m]. As adjoint programs are linear, an array that has parts of both kinds is their sum.
 */
import { mapOperands } from '../schedule/map-operands.ts';
import { readsOf } from '../schedule/reads.ts';
import type { Contribution, ScheduledArray, ScheduledOperation } from '../schedule/schedule.ts';
import { isElementwise } from '../schedule/stages.ts';
import { type ArrayMap, copies } from './probe-values.ts';

export class SeededUnits {
  readonly contributions: Contribution[] = [];
  private readonly values: ArrayMap;
  /** The parts of the program's arrays, as far as they are not zero. */
  private readonly diagonals: Parts;
  private readonly denses: Parts;
  /** Diagonals written out as dense arrays, for operations that need these. */
  private readonly spread: Parts;

  /**
   * @param state the adjoint that is 1 at every unit's own seed
   * @param values where the values are that the program reads
   */
  constructor(state: ScheduledArray, values: ArrayMap) {
    this.values = values;
    this.diagonals = new Parts(state.name, 1);
    this.denses = new Parts(state.name, state.size);
    this.spread = new Parts(state.name, state.size);
    const one = { kind: 'constant', value: 1 } as const;
    this.push(this.diagonals.add(state), { kind: 'copy', operand: one });
  }

  /** Adds one of the program's contributions, after all that it reads is complete. */
  add(target: ScheduledArray, operation: ScheduledOperation): void {
    const read = readsOf(operation).find(({ array }) => array.content === 'adjoint');
    if (read === undefined) throw new Error('Adjoint programs are linear in adjoints.');
    const diagonal = this.diagonals.find(read.array);
    if (diagonal !== undefined) this.addDiagonal(target, operation, diagonal);
    const dense = this.denses.find(read.array);
    if (dense !== undefined) this.push(this.denses.add(target), this.over(operation, dense));
  }

  /** The sum of an array's parts; undefined where it has none. */
  whole(array: ScheduledArray): ScheduledArray | undefined {
    const diagonal = this.diagonals.find(array);
    const dense = this.denses.find(array);
    if (diagonal === undefined || dense === undefined) return dense ?? diagonal;
    this.push(dense, { kind: 'diagonal', operand: { kind: 'array', array: diagonal, shift: 0 } });
    return dense;
  }

  private addDiagonal(target: ScheduledArray, operation: ScheduledOperation, diagonal: ScheduledArray): void {
    const operand = { kind: 'array', array: diagonal, shift: 0 } as const;
    if (operation.kind === 'product') {
      if (!operation.transposed) throw new Error('Adjoint programs multiply by transposed matrices.');
      const { matrix, negative } = operation;
      return this.push(this.denses.add(target), { kind: 'diagonalProduct', matrix, negative, operand });
    }
    if (isElementwise({ target, operation, accumulate: false }) && target.size === diagonal.size) {
      return this.push(this.diagonals.add(target), this.over(operation, diagonal));
    }
    if (this.spread.find(diagonal) === undefined) {
      this.push(this.spread.add(diagonal), { kind: 'diagonal', operand });
    }
    this.push(this.denses.add(target), this.over(operation, this.spread.find(diagonal)!));
  }

  /** The operation on one part of the adjoint that it reads. */
  private over(operation: ScheduledOperation, part: ScheduledArray): ScheduledOperation {
    return mapOperands(operation, (operand) => {
      const array = operand.array.content === 'adjoint' ? part : this.values(operand.array);
      return { ...operand, array };
    });
  }

  private push(target: ScheduledArray, operation: ScheduledOperation): void {
    this.contributions.push({ target, operation, accumulate: false });
  }
}

/** One kind of parts, each with `rows` rows at a time step. */
class Parts {
  private readonly known = new Set<ScheduledArray>();
  private readonly copy: ArrayMap;

  constructor(state: string, rows: number) {
    this.copy = copies(({ name }) => ({ name: `${name} of ${state}`, rows, recorded: false }));
  }

  add(array: ScheduledArray): ScheduledArray {
    this.known.add(array);
    return this.copy(array);
  }

  find(array: ScheduledArray): ScheduledArray | undefined {
    return this.known.has(array) ? this.copy(array) : undefined;
  }
}
