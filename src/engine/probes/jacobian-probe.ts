/**
 * The Jacobian of a layer's recurrence for one sample, J_t = ∂z_t/∂z_{t−1}, and its spectrum at every time step. z_t
 * holds all that the cell reads of earlier time steps. A state q that is read up to k steps later stands in it k times,
 * as q_t, q_{t−1}, …, q_{t−k+1}, of which all but the first are handed on unchanged: so z_t follows from z_{t−1} and the
 * layer's input alone (companion form). Instead of z a single state may be asked for, ∂q_t/∂q_{t−1} with everything
 * else at t − 1 held fixed.
 */
import type { Network } from '../../compile/network.ts';
import {
  type JacobianBlock,
  type JacobianSchedule,
  jacobianSchedule,
  type State,
  statesOf,
} from '../../compile/probes/jacobian-schedule.ts';
import { targetsOf } from '../../compile/schedule/reads.ts';
import { stagesOf } from '../compiled/layout.ts';
import { instantiate, type ProgramExports, programModule } from '../compiled/program-module.ts';
import { hasRelaxedSimd } from '../compiled/relaxed-simd.ts';
import { type ProbedIteration, SampleMemory } from './sample-memory.ts';
import { MatrixSpectrum, spectrumBytes } from './spectrum.ts';

export interface ProbedRecurrence {
  /** A layer's id. */
  readonly layer: string;
  /** One state; all of them, with all of their delays, if left out. */
  readonly state?: string;
}

export interface JacobianSpectra {
  /** Singular values of J_t for t = 1…T, and max |λ|: [T]. NaN where an entry of J_t is not finite. */
  readonly largest: Float64Array;
  readonly smallest: Float64Array;
  readonly spectralRadius: Float64Array;
  /** log₁₀ of the largest singular value of J_T · … · J_{t+1} = ∂z_T/∂z_t, t = 1…T: 0 at T. */
  readonly logProduct: Float64Array;
}

/** How many matrices are computed at once: as many as stay in the cache. */
const stepsAtOnce = 16;

export class JacobianProbe {
  /** In the order in which they stand in z. */
  readonly states: readonly State[];
  /** Rows of J. */
  readonly size: number;
  private readonly timeSteps: number;
  private readonly plan: JacobianSchedule;
  private readonly memory: SampleMemory;
  private readonly program: ProgramExports;
  /** Of each stage's targets, at one time step. */
  private readonly rows: readonly number[];
  private readonly spectrum: MatrixSpectrum;

  /**
   * @throws where the layer has no such state, or none at all
   * @throws {MemoryError} where the machine does not have as much memory
   */
  constructor(network: Network, probed: ProbedRecurrence) {
    this.timeSteps = network.timeSteps;
    this.states = probedStates(network, probed);
    this.size = this.states.reduce((sum, { size, delay }) => sum + size * delay, 0);
    this.plan = jacobianSchedule(
      network,
      probed.layer,
      this.states,
      Math.min(stepsAtOnce, network.timeSteps),
    );
    const { schedule } = this.plan;
    this.memory = new SampleMemory(schedule, spectrumBytes(this.size));
    const stages = stagesOf(schedule);
    this.rows = stages.map((stage) => targetsOf(stage)[0]!.rows);
    const bytes = programModule({
      layout: this.memory.layout,
      walks: stages.map((stage) => {
        return {
          layers: [{ timing: 'eachStep', before: [stage], loop: [], after: [] }],
          direction: 'ascending',
        };
      }),
      gradients: [],
      threads: 0,
      relaxed: hasRelaxedSimd(),
    });
    this.program = instantiate(new WebAssembly.Module(bytes), this.memory.memory);
    this.spectrum = new MatrixSpectrum(this.size);
  }

  /**
   * Of an iteration that has gone forward through all of its time steps; `sample` counts from 0. Of a cell that reads the
   * sequence from its end, t counts in its own time, from there.
   */
  compute(iteration: ProbedIteration, sample: number): JacobianSpectra {
    const { timeSteps, spectrum } = this;
    const spectra = {
      largest: new Float64Array(timeSteps),
      smallest: new Float64Array(timeSteps),
      spectralRadius: new Float64Array(timeSteps),
      logProduct: new Float64Array(timeSteps),
    };
    spectrum.beginProduct();
    this.forEachMatrix(iteration, sample, { from: 1, to: timeSteps }, (t) => {
      const { largest, smallest, spectralRadius } = spectrum.measure();
      spectra.largest[t - 1] = largest;
      spectra.smallest[t - 1] = smallest;
      spectra.spectralRadius[t - 1] = spectralRadius;
      if (t > 1) spectra.logProduct[t - 2] = spectrum.extendProduct();
    });
    return spectra;
  }

  /** J_t, row by row, [n, n]; the cell has read time steps t and before. */
  matrix(iteration: ProbedIteration, sample: number, t: number): Float32Array {
    const { size, spectrum } = this;
    const matrix = new Float32Array(size * size);
    this.forEachMatrix(iteration, sample, { from: t, to: t }, () => {
      const { entries, stride } = spectrum;
      for (let row = 0; row < size; row += 1) {
        matrix.set(entries.subarray(row * stride, row * stride + size), row * size);
      }
    });
    return matrix;
  }

  /** Calls `use` for t = to…from, downwards, with J_t in the entries of the spectrum. */
  private forEachMatrix(
    iteration: ProbedIteration,
    sample: number,
    { from, to }: { readonly from: number; readonly to: number },
    use: (t: number) => void,
  ): void {
    const { memory, program, plan } = this;
    const { timeSteps: atOnce } = plan.schedule.network;
    memory.loadParameters(iteration);
    program.pack();
    for (let last = to; last >= from; last -= atOnce) {
      const first = Math.max(from, last - atOnce + 1);
      const count = last - first + 1;
      memory.loadValues(iteration, sample, first, count);
      for (const [stage, rows] of this.rows.entries()) program.walks[stage]!(1, count, 0, rows);
      for (let t = last; t >= first; t -= 1) {
        this.assemble(t - first);
        use(t);
      }
    }
  }

  /** @param step of those computed at once, from 0 */
  private assemble(step: number): void {
    const { entries } = this.spectrum;
    entries.fill(0);
    for (const block of this.plan.blocks) this.writeBlock(block, step);
    for (const { name, size, delay } of this.states) {
      const start = this.offset(name, 1);
      // Of the next k − 1 rows of blocks each is the one before it, a step ago.
      for (let unit = 0; unit < size * (delay - 1); unit += 1) {
        entries[(start + size + unit) * this.spectrum.stride + start + unit] = 1;
      }
    }
  }

  private writeBlock({ of, by, delay, array }: JacobianBlock, step: number): void {
    const { entries, stride } = this.spectrum;
    const { rows, size } = array;
    const data = this.memory.array(array);
    const units = this.states.find(({ name }) => name === of)!.size;
    const start = this.offset(of, 1) * stride + this.offset(by, delay);
    // A block of several rows of which one is stored is a diagonal.
    const isDiagonal = rows < units;
    for (let row = 0; row < units; row += 1) {
      const to = start + row * stride;
      if (isDiagonal) entries[to + row] = data[step * units + row]!;
      else copyRow(data, (step * units + row) * size, size, entries, to);
    }
  }

  /** Where q_{t−delay} stands in z_{t−1}, and q_{t−delay+1} in z_t. */
  private offset(state: string, delay: number): number {
    const index = this.states.findIndex(({ name }) => name === state);
    const before = this.states.slice(0, index);
    return before.reduce((sum, each) => sum + each.size * each.delay, (delay - 1) * this.states[index]!.size);
  }
}

function probedStates(network: Network, { layer, state }: ProbedRecurrence): readonly State[] {
  const all = statesOf(network, layer);
  if (all.length === 0) throw new Error(`Layer ${layer} reads nothing of earlier time steps.`);
  if (state === undefined) return all;
  const found = all.find(({ name }) => name === state);
  if (found === undefined) {
    const names = all.map(({ name }) => name).join(', ');
    throw new Error(`${state} is no state of layer ${layer}, whose states are ${names}.`);
  }
  return [{ ...found, delay: 1 }];
}

/** A loop: for rows of some dozens of floats a view would cost more than its copy. */
function copyRow(from: Float32Array, start: number, count: number, into: Float32Array, at: number): void {
  for (let index = 0; index < count; index += 1) into[at + index] = from[start + index]!;
}
