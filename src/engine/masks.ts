/**
 * The masks of dropout: data of the iteration, as its minibatch is. They hang on the run's seed and the iteration's
 * number alone, so that an iteration has the same ones however often it is stepped through, on whatever executes it.
 */
import type { Network } from '../compile/network.ts';
import type { Mask } from '../compile/program.ts';
import { Random } from './random.ts';
import type { Trace } from './trace.ts';

interface TracedMask extends Mask {
  /** [T, B, n] */
  readonly data: Float32Array;
}

export class Masks {
  private readonly masks: readonly TracedMask[];
  private readonly seed: number;
  private readonly timeSteps: number;

  /** @param trace in whose arrays programs find the masks */
  constructor({ layers, timeSteps }: Network, trace: Trace, seed: number) {
    this.seed = seed;
    this.timeSteps = timeSteps;
    this.masks = layers.flatMap((layer) =>
      layer.forward.flatMap(({ out, operation }) => {
        if (operation.kind !== 'mask') return [];
        return [{ ...operation, data: trace.find(layer.id, out.name, 'value')!.data }];
      }),
    );
  }

  /** Inverted dropout (Srivastava et al. 2014, section 10): what is kept is scaled up, so that its mean stays. */
  draw(iteration: number): void {
    for (const [index, { rate, each, data }] of this.masks.entries()) {
      const random = Random.of(this.seed, iteration, index);
      const kept = 1 / (1 - rate);
      const drawn = each === 'step' ? data.length : data.length / this.timeSteps;
      for (let entry = 0; entry < drawn; entry += 1) data[entry] = random.happens(rate) ? 0 : kept;
      for (let filled = drawn; filled < data.length; filled += drawn) data.copyWithin(filled, 0, drawn);
    }
  }
}
