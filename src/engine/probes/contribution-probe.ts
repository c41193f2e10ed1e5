/**
 * The contribution matrix of one sample: ∂L_s/∂q_t for the loss of every time step s and a quantity q of some layer at
 * every t ≤ s, through all layers. L_s is the sample's loss at s divided by T·B, so that Σ_s L_s is its share of the
 * batch-mean loss L and Σ_s ∂L_s/∂q_t is the recorded adjoint of q_t.
 */

import type { Network } from '../../compile/network.ts';
import {
  type ContributionSchedule,
  contributionSchedule,
  type ProbedQuantity,
  type ThroughTime,
} from '../../compile/probes/contribution-schedule.ts';
import type { LayerSchedule, ScheduledArray } from '../../compile/schedule/schedule.ts';
import { instantiate, type ProgramExports, programModule } from '../compiled/program-module.ts';
import { hasRelaxedSimd } from '../compiled/relaxed-simd.ts';
import { type ProbedIteration, SampleMemory } from './sample-memory.ts';

/** Losses s = from…to, from 1. */
export interface LossRange {
  readonly from: number;
  readonly to: number;
}

export interface ContributionRequest {
  /** Index of the sample of the batch, from 0. */
  readonly sample: number;
  /** All, if left out. */
  readonly losses?: LossRange;
  /** Whether each unit's part is wanted, too. */
  readonly vectors?: boolean;
}

export interface ContributionMatrix {
  readonly losses: LossRange;
  /** T */
  readonly timeSteps: number;
  /** n, of the quantity. */
  readonly units: number;
  /** ‖∂L_s/∂q_t‖, Euclidean, `[losses, T]`; 0 for t > s. */
  readonly norms: Float32Array;
  /** ∂L_s/∂q_t, `[losses, T, n]`. */
  readonly vectors: Float32Array | undefined;
}

/** More losses that walk back together would not be faster, and take more memory. */
const mostSeeds = 32;

const [valuesWalk, aboveWalk, throughWalk] = [0, 1, 2];

export class ContributionProbe {
  private readonly memory: SampleMemory;
  private readonly plan: ContributionSchedule;
  private readonly program: ProgramExports;
  private readonly timeSteps: number;

  /**
   * @throws where the run computes no adjoint of that quantity, or a layer above reads the sequence from its end
   * @throws {MemoryError} where the machine does not have as much memory
   */
  constructor(network: Network, probed: ProbedQuantity) {
    this.timeSteps = network.timeSteps;
    this.plan = contributionSchedule(network, probed, Math.min(mostSeeds, network.timeSteps));
    const { schedule, above, through } = this.plan;
    this.memory = new SampleMemory(schedule, 0);
    const bytes = programModule({
      layout: this.memory.layout,
      walks: [
        { layers: schedule.layers.map(({ forward }) => forward), direction: 'ascending' },
        { layers: downwards(above), direction: 'descending' },
        { layers: downwards(through?.layers ?? []), direction: 'descending' },
      ],
      gradients: [],
      threads: 0,
      relaxed: hasRelaxedSimd(),
    });
    this.program = instantiate(new WebAssembly.Module(bytes), this.memory.memory);
  }

  /** Of an iteration that has gone forward through all of its time steps. */
  compute(iteration: ProbedIteration, request: ContributionRequest): ContributionMatrix {
    const { timeSteps } = this;
    const { sample, losses = { from: 1, to: timeSteps }, vectors = false } = request;
    this.runAbove(iteration, sample);
    const { through, gradient } = this.plan;
    const { size: units } = through?.contributions ?? gradient;
    const count = losses.to - losses.from + 1;
    const matrix: ContributionMatrix = {
      losses,
      timeSteps,
      units,
      norms: new Float32Array(count * timeSteps),
      vectors: vectors ? new Float32Array(count * timeSteps * units) : undefined,
    };
    if (through === undefined) this.readDiagonal(matrix);
    else this.runThroughTime(through, matrix);
    return matrix;
  }

  private runAbove(iteration: ProbedIteration, sample: number): void {
    const { memory, program, timeSteps } = this;
    memory.loadParameters(iteration);
    memory.loadValues(iteration, sample, 1, timeSteps);
    memory.loadTargets(iteration, sample);
    program.pack();
    program.walks[valuesWalk]!(1, timeSteps, 0, 1);
    program.walks[aboveWalk]!(timeSteps, 1, 0, 1);
  }

  /** Where no layer remembers anything, a loss reaches its own time step alone. */
  private readDiagonal(matrix: ContributionMatrix): void {
    const rows = this.memory.array(this.plan.gradient);
    for (let s = matrix.losses.from; s <= matrix.losses.to; s += 1) {
      writeEntry(matrix, s, s, rows.subarray((s - 1) * matrix.units, s * matrix.units));
    }
  }

  private runThroughTime(through: ThroughTime, matrix: ContributionMatrix): void {
    const { from, to } = matrix.losses;
    const { rows: seeds } = through.seeds;
    for (let first = from; first <= to; first += seeds) {
      const count = Math.min(seeds, to - first + 1);
      this.plantSeeds(through, first, count);
      for (let t = first + count - 1; t >= 1; t -= 1) {
        const youngest = Math.max(0, t - first);
        this.program.walks[throughWalk]!(t, t, youngest, count - youngest);
      }
      this.readBlock(through.contributions, matrix, first, count);
    }
  }

  /** Seed j is the gradient of the loss at first + j. */
  private plantSeeds({ seeds }: ThroughTime, first: number, count: number): void {
    const { memory, plan } = this;
    const gradient = memory.array(plan.gradient);
    const planted = memory.array(seeds);
    const { rows, size } = seeds;
    this.clearBeyond(first, count);
    planted.fill(0, 0, (first + count - 1) * rows * size);
    for (let seed = 0; seed < count; seed += 1) {
      const step = first + seed - 1;
      planted.set(gradient.subarray(step * size, (step + 1) * size), (step * rows + seed) * size);
    }
  }

  /** Steps after its own, of which a loss knows nothing, are read where a delay reaches beyond it: nothing is owed there. */
  private clearBeyond(first: number, count: number): void {
    const { memory, timeSteps } = this;
    for (const array of memory.layout.schedule.arrays) {
      const { content, padAfter, rows, size } = array;
      if (content === 'value' || padAfter === 0) continue;
      const data = memory.array(array);
      for (let seed = 0; seed < count; seed += 1) {
        const lossStep = first + seed;
        for (let t = lossStep + 1; t <= Math.min(timeSteps, lossStep + padAfter); t += 1) {
          const start = ((t - 1) * rows + seed) * size;
          data.fill(0, start, start + size);
        }
      }
    }
  }

  private readBlock(array: ScheduledArray, matrix: ContributionMatrix, first: number, count: number): void {
    const data = this.memory.array(array);
    const { rows, size } = array;
    for (let seed = 0; seed < count; seed += 1) {
      for (let t = 1; t <= first + seed; t += 1) {
        const start = ((t - 1) * rows + seed) * size;
        writeEntry(matrix, first + seed, t, data.subarray(start, start + size));
      }
    }
  }
}

function downwards(layers: readonly LayerSchedule[]): LayerSchedule['adjoint'][] {
  return layers.map(({ adjoint }) => adjoint).toReversed();
}

function writeEntry(matrix: ContributionMatrix, s: number, t: number, vector: Float32Array): void {
  const entry = (s - matrix.losses.from) * matrix.timeSteps + t - 1;
  matrix.norms[entry] = euclideanNorm(vector);
  matrix.vectors?.set(vector, entry * matrix.units);
}

/** An index instead of `for … of` makes it four times as fast. */
function euclideanNorm(vector: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < vector.length; index += 1) sum += vector[index]! ** 2;
  return Math.sqrt(sum);
}
