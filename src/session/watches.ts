import type { Watch } from '../protocol/frame.ts';

/** What one visible view needs; a part that is absent is of no interest to it. */
export type ViewNeeds = Partial<Watch>;

/** The needs of all views of a session, merged into the one watch that the engine knows. */
export class Watches {
  readonly #needs = new Map<string, ViewNeeds>();
  readonly #busy = new Set<string>();

  /** `undefined`: the view is hidden or gone. */
  set(view: string, needs: ViewNeeds | undefined): void {
    this.#needs.delete(view);
    if (needs) this.#needs.set(view, needs);
    else this.#busy.delete(view);
  }

  setBusy(view: string, isBusy: boolean): void {
    if (isBusy && this.#needs.has(view)) this.#busy.add(view);
    else this.#busy.delete(view);
  }

  /** Whether every view is busy with what it has; never where there is none. */
  get areBusy(): boolean {
    return this.#busy.size > 0 && this.#busy.size === this.#needs.size;
  }

  /** The union of all needs. Of two views that want different gates or samples, the one that spoke last wins. */
  get merged(): Watch {
    const merged = { unrolled: false, gates: undefined as Watch['gates'], gradientFlow: false, sample: 0 };
    for (const needs of this.#needs.values()) {
      merged.unrolled ||= needs.unrolled ?? false;
      merged.gradientFlow ||= needs.gradientFlow ?? false;
      merged.gates = needs.gates ?? merged.gates;
      merged.sample = needs.sample ?? merged.sample;
    }
    return merged;
  }
}
