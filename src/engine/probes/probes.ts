/**
 * The probes of a run: of the iteration in hand, on demand. Nothing is allocated before the first is asked for, and
 * from then on each iteration's parameters are kept through its update, until `release`.
 */
import type { ProbedQuantity } from '../../compile/probes/contribution-schedule.ts';
import type { Training } from '../training.ts';
import {
  type ContributionMatrix,
  ContributionProbe,
  type ContributionRequest,
} from './contribution-probe.ts';
import { JacobianProbe, type JacobianSpectra, type ProbedRecurrence } from './jacobian-probe.ts';
import type { ProbedIteration } from './sample-memory.ts';

export class Probes {
  private readonly training: Training;
  private readonly contributionProbes = new Map<string, ContributionProbe>();
  private readonly jacobianProbes = new Map<string, JacobianProbe>();
  private kept: KeptParameters | undefined;

  constructor(training: Training) {
    this.training = training;
  }

  /**
   * Undefined until the iteration in hand has gone forward to its end, and after an update of which nobody knew that
   * its parameters would be asked for: then the next iteration will have it.
   * @throws where the run computes no adjoint of that quantity, or a layer above reads the sequence from its end
   * @throws {MemoryError} where the machine does not have as much memory
   */
  contributions(probed: ProbedQuantity, request: ContributionRequest): ContributionMatrix | undefined {
    const iteration = this.iteration();
    if (iteration === undefined) return undefined;
    const { network } = this.training;
    const key = `${probed.layer} ${probed.quantity}`;
    const probe = this.contributionProbes.get(key) ?? new ContributionProbe(network, probed);
    this.contributionProbes.set(key, probe);
    return probe.compute(iteration, request);
  }

  /**
   * As `contributions`; `sample` is an index of the batch, from 0.
   * @throws where the layer has no such state, or none at all
   * @throws {MemoryError} where the machine does not have as much memory
   */
  jacobians(probed: ProbedRecurrence, sample: number): JacobianSpectra | undefined {
    const iteration = this.iteration();
    if (iteration === undefined) return undefined;
    const { network } = this.training;
    const key = `${probed.layer} ${probed.state ?? ''}`;
    const probe = this.jacobianProbes.get(key) ?? new JacobianProbe(network, probed);
    this.jacobianProbes.set(key, probe);
    return probe.compute(iteration, sample);
  }

  /** Gives back all memory, when nobody looks any more. */
  release(): void {
    this.contributionProbes.clear();
    this.jacobianProbes.clear();
    this.kept = undefined;
    this.training.beforeUpdate = undefined;
  }

  private iteration(): ProbedIteration | undefined {
    const { training } = this;
    this.kept ??= new KeptParameters(training);
    training.beforeUpdate = () => this.kept?.keep();
    const { trace, batch, position, forwardThrough, network } = training;
    if (forwardThrough < network.timeSteps) return undefined;
    const parameters = position.phase === 'update' ? this.kept.of(position.iteration) : training.parameters;
    return parameters && { trace, batch, parameters };
  }
}

/** The parameters that the last iteration began with, in memory of their own. */
class KeptParameters {
  private readonly training: Training;
  private readonly copies: ProbedIteration['parameters'];
  private iteration = 0;

  constructor(training: Training) {
    this.training = training;
    this.copies = training.parameters.map(({ layer, name, values }) => {
      return { layer, name, values: new Float32Array(values.length) };
    });
  }

  keep(): void {
    const { parameters, position } = this.training;
    for (const [index, { values }] of this.copies.entries()) values.set(parameters[index]!.values);
    this.iteration = position.iteration;
  }

  of(iteration: number): ProbedIteration['parameters'] | undefined {
    return iteration === this.iteration ? this.copies : undefined;
  }
}
