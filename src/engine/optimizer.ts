/** Parameter updates, on flat arrays in float64 arithmetic, so that every backend's updates are the same bits. */
import type { OptimizerSpec } from '../language/checked-model.ts';
import type { ParameterArray } from './parameters.ts';

export interface Optimizer {
  /** Moves every parameter against its gradient, which is scaled by `scale` first (1, or less where it is clipped). */
  update(parameters: readonly ParameterArray[], scale: number): void;
}

export function createOptimizer(spec: OptimizerSpec): Optimizer {
  switch (spec.kind) {
    case 'sgd':
      return new Sgd(spec.learningRate);
    case 'adam':
      return new Adam(spec);
  }
}

/** θ ← θ − η g */
class Sgd implements Optimizer {
  private readonly learningRate: number;

  constructor(learningRate: number) {
    this.learningRate = learningRate;
  }

  update(parameters: readonly ParameterArray[], scale: number): void {
    for (const { values, gradient } of parameters) {
      for (let index = 0; index < values.length; index += 1) {
        values[index]! -= this.learningRate * scale * gradient[index]!;
      }
    }
  }
}

/** Kingma & Ba (2015), Algorithm 1. */
class Adam implements Optimizer {
  private readonly spec: Extract<OptimizerSpec, { kind: 'adam' }>;
  private readonly moments = new Map<ParameterArray, { first: Float32Array; second: Float32Array }>();
  private count = 0;

  constructor(spec: Extract<OptimizerSpec, { kind: 'adam' }>) {
    this.spec = spec;
  }

  update(parameters: readonly ParameterArray[], scale: number): void {
    const { learningRate, beta1, beta2, epsilon } = this.spec;
    this.count += 1;
    const bias1 = 1 - beta1 ** this.count;
    const bias2 = 1 - beta2 ** this.count;
    for (const parameter of parameters) {
      const { values, gradient } = parameter;
      const { first, second } = this.momentsOf(parameter);
      for (let index = 0; index < values.length; index += 1) {
        const slope = scale * gradient[index]!;
        first[index] = beta1 * first[index]! + (1 - beta1) * slope;
        second[index] = beta2 * second[index]! + (1 - beta2) * slope * slope;
        values[index]! -=
          (learningRate * (first[index]! / bias1)) / (Math.sqrt(second[index]! / bias2) + epsilon);
      }
    }
  }

  private momentsOf(parameter: ParameterArray): { first: Float32Array; second: Float32Array } {
    let moments = this.moments.get(parameter);
    if (moments === undefined) {
      const size = parameter.values.length;
      moments = { first: new Float32Array(size), second: new Float32Array(size) };
      this.moments.set(parameter, moments);
    }
    return moments;
  }
}

/** ‖g‖ over all parameters together. */
export function globalNorm(parameters: readonly ParameterArray[]): number {
  let sum = 0;
  for (const { gradient } of parameters) {
    // An iterator would take ten times as long.
    for (let index = 0; index < gradient.length; index += 1) sum += gradient[index]! * gradient[index]!;
  }
  return Math.sqrt(sum);
}

/** The factor that brings a gradient of norm `norm` down to `limit` (Pascanu, Mikolov & Bengio, 2013). */
export function clipScale(norm: number, limit: number | undefined): number {
  return limit === undefined || norm <= limit ? 1 : limit / norm;
}
