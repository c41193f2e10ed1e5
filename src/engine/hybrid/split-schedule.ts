/**
 * Splits a schedule between compiled code and TensorFlow: products that run for all time steps at once and are large
 * enough to repay the calls go to TensorFlow; what recurs, and all that is small, stays compiled.
 */
import type {
  Phases,
  ProductOperation,
  ProductTarget,
  ScheduledGradient,
  Stage,
} from '../../compile/schedule/schedule.ts';
import type { Timing } from '../../compile/timing.ts';
import { wholeWalks } from '../compiled/compiled-executor.ts';
import { type Layout, packedShape } from '../compiled/layout.ts';
import type { Walk } from '../compiled/program-module.ts';

export type HybridStep =
  /** A walk of the compiled module. */
  | { readonly kind: 'walk'; readonly walk: number }
  | { readonly kind: 'product'; readonly target: ProductTarget; readonly timing: Timing };

export type OuterGradient = Extract<ScheduledGradient, { kind: 'outer' }>;

export interface SplitSchedule {
  /** Forward and backward whole, which single time steps take, then the pieces between TensorFlow's products. */
  readonly walks: readonly Walk[];
  readonly forward: readonly HybridStep[];
  readonly backward: readonly HybridStep[];
  readonly compiledGradients: readonly ScheduledGradient[];
  readonly largeGradients: readonly OuterGradient[];
}

/** Multiplications of a product below which compiled code has finished before TensorFlow's copies have. */
const worthwhileMultiplications = 6e7;

export function splitSchedule(layout: Layout): SplitSchedule {
  const { schedule } = layout;
  const walks: Walk[] = [...wholeWalks(schedule)];
  const splitter = new Splitter(layout, walks);
  const { layers } = schedule;
  const forward = layers.flatMap((layer) => splitter.split(layer.forward, 'ascending'));
  const backward = layers.toReversed().flatMap((layer) => splitter.split(layer.adjoint, 'descending'));
  const gradients = layers.flatMap((layer) => layer.gradients);
  // TensorFlow's come last: none may replace what compiled code has added before.
  const isLarge = (gradient: ScheduledGradient): gradient is OuterGradient =>
    isLargeGradient(layout, gradient) &&
    gradients
      .slice(gradients.indexOf(gradient))
      .every((each) => !isOfSameParameter(each, gradient) || isLargeGradient(layout, each));
  return {
    walks,
    forward,
    backward,
    compiledGradients: gradients.filter((each) => !isLarge(each)),
    largeGradients: gradients.filter(isLarge),
  };
}

/** Whether TensorFlow would have anything to do. */
export function hasLargeProducts(layout: Layout): boolean {
  const { forward, backward, largeGradients } = splitSchedule(layout);
  return largeGradients.length > 0 || [...forward, ...backward].some(({ kind }) => kind === 'product');
}

class Splitter {
  private readonly layout: Layout;
  private readonly walks: Walk[];

  constructor(layout: Layout, walks: Walk[]) {
    this.layout = layout;
    this.walks = walks;
  }

  split({ timing, before, loop, after }: Phases, direction: Walk['direction']): HybridStep[] {
    const early = this.splitStages(before, timing, direction);
    const recurrent =
      loop.length === 0 ? [] : [this.walk({ timing, before: [], loop, after: [] }, direction)];
    return [...early, ...recurrent, ...this.splitStages(after, timing, direction)];
  }

  private splitStages(stages: readonly Stage[], timing: Timing, direction: Walk['direction']): HybridStep[] {
    const steps: HybridStep[] = [];
    let compiled: Stage[] = [];
    const flush = (): void => {
      if (compiled.length > 0) {
        steps.push(this.walk({ timing, before: compiled, loop: [], after: [] }, direction));
      }
      compiled = [];
    };
    for (const stage of stages) {
      const large =
        stage.kind === 'products' ? stage.targets.filter((each) => this.isLarge(each, timing)) : [];
      if (stage.kind !== 'products' || large.length === 0) {
        compiled.push(stage);
        continue;
      }
      const small = stage.targets.filter((each) => !large.includes(each));
      if (small.length > 0) compiled.push({ kind: 'products', targets: small });
      flush();
      steps.push(...large.map((target): HybridStep => ({ kind: 'product', target, timing })));
    }
    flush();
    return steps;
  }

  private walk(phases: Phases, direction: Walk['direction']): HybridStep {
    this.walks.push({ layers: [phases], direction });
    return { kind: 'walk', walk: this.walks.length - 1 };
  }

  /** Of a single time step no product is. */
  private isLarge({ target, terms }: ProductTarget, timing: Timing): boolean {
    if (target.steps !== undefined || timing === 'lastStep') return false;
    const multiplications = terms.map((term) => {
      const { rows, columns } = packedShape(term);
      return this.layout.rows * rows * columns;
    });
    const total = multiplications.reduce((sum, each) => sum + each, 0);
    return total >= worthwhileMultiplications && terms.every((term) => isDense(this.layout, term));
  }
}

function isOfSameParameter(one: ScheduledGradient, other: ScheduledGradient): boolean {
  return one.layer === other.layer && one.parameter === other.parameter;
}

function isLargeGradient(layout: Layout, gradient: ScheduledGradient): boolean {
  if (gradient.firstStep > 1) return false;
  if (gradient.kind !== 'outer' || !isDense(layout, gradient) || gradient.operand.kind !== 'array')
    return false;
  const entries = gradient.adjoint.array.size * gradient.operand.array.size;
  return layout.rows * entries >= worthwhileMultiplications;
}

/** Neither tokens, of which a product is a look-up, nor the same for all time steps. */
function isDense(layout: Layout, reader: Pick<ProductOperation, 'operand'>): boolean {
  return reader.operand.kind === 'array' && layout.tokensOf(reader) === undefined;
}
