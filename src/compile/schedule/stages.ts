/** Contributions of one phase → stages: products as soon as what they multiply is there, else as much elementwise as goes. */
import { isBias, type Phase } from './phases.ts';
import { readsOf } from './reads.ts';
import type {
  Contribution,
  ElementwiseOperation,
  ParameterOperand,
  ProductOperation,
  ProductTarget,
  RowOperation,
  ScheduledArray,
  Stage,
} from './schedule.ts';

/** @param written arrays that hold something already; those that this phase writes are added */
export function buildStages(
  contributions: readonly Contribution[],
  phase: Phase,
  written: Set<ScheduledArray>,
): Stage[] {
  const builder = new StageBuilder(contributions, phase, written);
  const stages: Stage[] = [];
  for (let stage = builder.next(); stage !== undefined; stage = builder.next()) stages.push(stage);
  return stages;
}

class StageBuilder {
  private pending: Contribution[];
  private readonly phase: Phase;
  private readonly written: Set<ScheduledArray>;

  constructor(contributions: readonly Contribution[], phase: Phase, written: Set<ScheduledArray>) {
    this.pending = [...contributions];
    this.phase = phase;
    this.written = written;
  }

  next(): Stage | undefined {
    if (this.pending.length === 0) return undefined;
    const ready = this.pending.filter((each) => this.isReady(each, []));
    const product = ready.find(isProduct);
    if (product !== undefined) {
      return this.products(
        ready.filter(isProduct).filter((each) => haveSameRows(each.target, product.target)),
      );
    }
    const [first] = ready;
    if (first === undefined) throw new Error('These contributions wait for each other.');
    return isElementwise(first) ? this.elementwise(first.target) : this.row(first);
  }

  private products(ready: readonly Contribution<ProductOperation>[]): Stage {
    const targets = [...new Set(ready.map(({ target }) => target))].map((target): ProductTarget => {
      const terms = ready.filter((each) => each.target === target);
      const accumulate = this.written.has(target);
      const bias = accumulate
        ? undefined
        : this.pending.find((each) => each.target === target && isBias(each));
      this.remove([...terms, ...(bias === undefined ? [] : [bias])]);
      return {
        target,
        accumulate,
        bias: bias === undefined ? undefined : parameterOf(bias),
        terms: terms.map(({ operation }) => operation),
      };
    });
    return { kind: 'products', targets };
  }

  private elementwise(array: ScheduledArray): Stage {
    const { size } = array;
    const assignments: Contribution<ElementwiseOperation>[] = [];
    const fits = (each: Contribution): each is Contribution<ElementwiseOperation> =>
      haveSameRows(each.target, array) &&
      each.target.size === size &&
      isElementwise(each) &&
      this.isReady(each, assignments);
    for (let found = this.pending.find(fits); found !== undefined; found = this.pending.find(fits)) {
      found.accumulate = this.written.has(found.target);
      assignments.push(found);
      this.remove([found]);
    }
    return { kind: 'elementwise', size, assignments };
  }

  private row(contribution: Contribution): Stage {
    contribution.accumulate = this.written.has(contribution.target);
    this.remove([contribution]);
    return { kind: 'row', assignment: contribution as Contribution<RowOperation> };
  }

  private remove(done: readonly Contribution[]): void {
    for (const { target } of done) this.written.add(target);
    this.pending = this.pending.filter((each) => !done.includes(each));
  }

  /**
   * Whether all that it reads is complete. In the loop other time steps are; where all steps run at once, an array of
   * which another step is read must have been finished by an earlier stage.
   */
  private isReady({ operation }: Contribution, stage: readonly Contribution[]): boolean {
    return readsOf(operation).every(({ array, shift }) => {
      if (this.phase === 'loop' && shift !== 0) return true;
      if (shift !== 0 && stage.some(({ target }) => target === array)) return false;
      return !this.pending.some(({ target }) => target === array);
    });
  }
}

function haveSameRows(one: ScheduledArray, other: ScheduledArray): boolean {
  return one.rows === other.rows && one.steps === other.steps;
}

function parameterOf({ operation }: Contribution): ParameterOperand {
  if (operation.kind !== 'copy' || operation.operand.kind !== 'parameter')
    throw new Error('This is no bias.');
  return operation.operand;
}

function isProduct(contribution: Contribution): contribution is Contribution<ProductOperation> {
  return contribution.operation.kind === 'product';
}

export function isElementwise(
  contribution: Contribution,
): contribution is Contribution<ElementwiseOperation> {
  switch (contribution.operation.kind) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'max':
    case 'min':
    case 'where':
    case 'negate':
    case 'copy':
    case 'function':
    case 'derivative':
    case 'numbers':
    case 'squaredErrorGradient':
      return true;
    case 'product':
    case 'softmax':
    case 'softmaxDerivative':
    case 'sumUnits':
    case 'reverse':
    case 'concat':
    case 'slice':
    case 'pad':
    case 'onehot':
    case 'lookup':
    case 'crossEntropy':
    case 'crossEntropyGradient':
    case 'squaredError':
    case 'diagonal':
    case 'diagonalProduct':
      return false;
  }
}
