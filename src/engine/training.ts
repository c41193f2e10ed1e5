/**
 * One training run as a walk: every iteration goes forward through t = 1…T, takes the loss, goes backward through
 * t = T…1 and updates the parameters. Stepping and running are the same walk with more or fewer stops, and so give
 * the same bits.
 */
import type { Network } from '../compile/network.ts';
import { type Steps, stepsOf } from '../compile/timing.ts';
import type { TrainSpec } from '../language/checked-model.ts';
import type { MetricPoint } from '../protocol/frame.ts';
import { thinMetrics } from '../protocol/metrics.ts';
import type { Granularity, Position } from '../protocol/position.ts';
import type { Batch } from './data/batch.ts';
import type { Minibatches } from './data/minibatches.ts';
import { describeDivergence } from './divergence.ts';
import type { Executor } from './executor.ts';
import { Masks } from './masks.ts';
import { clipScale, createOptimizer, globalNorm, type Optimizer } from './optimizer.ts';
import type { ParameterArray } from './parameters.ts';
import { lossesOf, type Trace, type TraceArray } from './trace.ts';

export interface TrainingParts {
  readonly network: Network;
  readonly spec: TrainSpec;
  readonly parameters: readonly ParameterArray[];
  readonly trace: Trace;
  readonly executor: Executor;
  readonly minibatches: Minibatches;
}

/** The loss or the gradient is no longer a number; the run stays where that was found. */
export class DivergenceError extends Error {
  readonly iteration: number;

  constructor(message: string, iteration: number) {
    super(message);
    this.name = 'DivergenceError';
    this.iteration = iteration;
  }
}

/** Metrics that wait to be taken: a run of small iterations finishes thousands between two reports. */
const mostMetrics = 500;

export class Training {
  readonly network: Network;
  readonly parameters: readonly ParameterArray[];
  readonly trace: Trace;
  /** Iterations in all epochs together. */
  readonly iterations: number;
  /** Called when all of an iteration is known and its update has not changed the parameters yet. */
  beforeUpdate: (() => void) | undefined;
  private readonly spec: TrainSpec;
  private readonly executor: Executor;
  private readonly minibatches: Minibatches;
  private readonly masks: Masks;
  private readonly optimizer: Optimizer;
  private finished: MetricPoint[] = [];
  private current: Position = { iteration: 1, phase: 'forward', t: 0 };
  private minibatch: Batch;
  private meanLoss: number | undefined;
  private milliseconds = 0;

  /** Loads the first minibatch and stands before its first time step. */
  constructor(parts: TrainingParts) {
    this.network = parts.network;
    this.spec = parts.spec;
    this.parameters = parts.parameters;
    this.trace = parts.trace;
    this.executor = parts.executor;
    this.minibatches = parts.minibatches;
    this.optimizer = createOptimizer(parts.spec.optimizer);
    this.iterations = parts.spec.epochs * parts.minibatches.perEpoch;
    this.masks = new Masks(parts.network, parts.trace, parts.spec.seed);
    this.minibatch = this.minibatches.next();
    this.masks.draw(this.current.iteration);
    this.executor.begin(this.minibatch);
  }

  get position(): Position {
    return this.current;
  }

  get batch(): Batch {
    return this.minibatch;
  }

  /** Mean loss of the iteration in hand, once the loss phase has passed. */
  get loss(): number | undefined {
    return this.meanLoss;
  }

  get isFinished(): boolean {
    return this.current.phase === 'update' && this.current.iteration >= this.iterations;
  }

  /** Values of t = 1…forwardThrough belong to the iteration in hand. */
  get forwardThrough(): number {
    return this.current.phase === 'forward' ? this.current.t : this.network.timeSteps;
  }

  /** Adjoints of t = backwardFrom…T belong to the iteration in hand. */
  get backwardFrom(): number {
    const { phase, t } = this.current;
    if (phase === 'update') return 1;
    return phase === 'backward' ? t : this.network.timeSteps + 1;
  }

  /** Time steps of the iteration in hand at which a quantity is computed by now. */
  knownSteps({ content, timing }: Pick<TraceArray, 'content' | 'timing'>): Steps {
    const { timeSteps } = this.network;
    const { forwardThrough, backwardFrom } = this;
    if (content === 'value') {
      return stepsOf(timing, { from: 1, to: forwardThrough }, 'ascending', timeSteps);
    }
    if (backwardFrom > timeSteps) return { from: backwardFrom, to: timeSteps };
    return stepsOf(timing, { from: timeSteps, to: backwardFrom }, 'descending', timeSteps);
  }

  /** The points of iterations finished since this was last asked, oldest first; of many those of `thinMetrics`. */
  takeMetrics(): readonly MetricPoint[] {
    const taken = this.finished;
    this.finished = [];
    return taken;
  }

  /**
   * Goes one time step on, to the end of the phase that comes next, or to the end of the iteration.
   * @throws {DivergenceError} where the loss or the gradient is not finite
   */
  step(granularity: Granularity): void {
    if (this.isFinished) return;
    switch (granularity) {
      case 'timeStep':
        return this.advance(1);
      case 'phase':
        return this.advance(this.network.timeSteps);
      case 'iteration':
        do this.advance(this.network.timeSteps);
        while (this.current.phase !== 'update');
    }
  }

  /** Mean loss of the minibatch in hand with the parameters as they are now; the trace's values are then of that. */
  evaluate(): number {
    this.executor.begin(this.minibatch);
    this.executor.forward(1, this.network.timeSteps);
    return this.meanLossNow();
  }

  dispose(): void {
    this.executor.dispose();
  }

  /** Goes on within the next phase, by at most `steps` time steps. */
  private advance(steps: number): void {
    const started = performance.now();
    const { phase, t } = this.current;
    const { timeSteps } = this.network;
    switch (phase) {
      case 'update':
        this.beginIteration();
        this.forward(1, Math.min(timeSteps, steps));
        break;
      case 'forward':
        if (t < timeSteps) this.forward(t + 1, Math.min(timeSteps, t + steps));
        else this.takeLoss();
        break;
      case 'loss':
        this.backward(timeSteps, Math.max(1, timeSteps - steps + 1));
        break;
      case 'backward':
        if (t > 1) this.backward(t - 1, Math.max(1, t - steps));
        else this.update(started);
        break;
    }
    this.milliseconds += performance.now() - started;
  }

  private beginIteration(): void {
    const iteration = this.current.iteration + 1;
    this.minibatch = this.minibatches.next();
    this.masks.draw(iteration);
    this.executor.begin(this.minibatch);
    this.meanLoss = undefined;
    this.milliseconds = 0;
    this.current = { iteration, phase: 'forward', t: 0 };
  }

  private forward(from: number, to: number): void {
    this.executor.forward(from, to);
    this.current = { ...this.current, phase: 'forward', t: to };
  }

  private takeLoss(): void {
    this.meanLoss = this.meanLossNow();
    this.current = { ...this.current, phase: 'loss', t: 0 };
    if (!Number.isFinite(this.meanLoss)) this.diverge(`The loss became ${this.meanLoss}`);
  }

  /** L = (1 / T·B) Σ_t Σ_b loss_tb, above pooling (1 / B) Σ_b loss_Tb. */
  private meanLossNow(): number {
    const losses = lossesOf(this.network, this.trace);
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  }

  private backward(from: number, to: number): void {
    this.executor.backward(from, to);
    if (to === 1) this.executor.gradients();
    this.current = { ...this.current, phase: 'backward', t: to };
  }

  private update(started: number): void {
    const gradientNorm = globalNorm(this.parameters);
    if (!Number.isFinite(gradientNorm)) this.diverge(`The norm of the gradient became ${gradientNorm}`);
    this.beforeUpdate?.();
    const scale = clipScale(gradientNorm, this.spec.clipNorm);
    this.optimizer.update(this.parameters, scale);
    this.current = { ...this.current, phase: 'update', t: 0 };
    const { iteration } = this.current;
    this.finished.push({
      iteration,
      epoch: Math.ceil(iteration / this.minibatches.perEpoch),
      loss: this.meanLoss!,
      gradientNorm,
      clippedGradientNorm: gradientNorm * scale,
      milliseconds: this.milliseconds + performance.now() - started,
    });
    if (this.finished.length > mostMetrics) this.finished = [...thinMetrics(this.finished, mostMetrics)];
  }

  private diverge(what: string): never {
    const { iteration } = this.current;
    throw new DivergenceError(describeDivergence(what, iteration, this.trace, this.spec), iteration);
  }
}
