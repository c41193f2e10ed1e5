import type { MetricPoint } from '../protocol/frame.ts';
import type { PanelName, RunSnapshot, ToWebview } from '../protocol/webview.ts';
import { frameFor, panelReading, plottable } from './panel-messages.ts';

/** The shortest of so many drawings is what one takes: others waited for the processor, or ran code for the first time. */
const drawingsKept = 3;

interface PanelFeedOptions {
  readonly panel: PanelName;
  readonly snapshot: () => RunSnapshot | undefined;
  /** Whether the message was delivered. */
  readonly post: (message: ToWebview) => PromiseLike<boolean>;
  /** How long to wait in a free run after a drawing that takes so long. */
  readonly restAfter: (milliseconds: number) => number;
  /** Told whether the page draws or rests, and so has no use for another frame of a free run. */
  readonly setBusy: (isBusy: boolean) => void;
}

/** What a page has been told last. */
interface Sent {
  readonly run: RunSnapshot | 'none';
  readonly lastIteration: number;
}

/**
 * Keeps one panel's page up to date, from the moment that its script is ready until it is hidden. At most one
 * message is on its way until the page has painted it; what changes meanwhile is sent together afterwards, so that a
 * slow page skips frames. In a free run the page rests between two frames.
 */
export class PanelFeed {
  readonly #panel: PanelName;
  readonly #snapshot: () => RunSnapshot | undefined;
  readonly #post: (message: ToWebview) => PromiseLike<boolean>;
  readonly #restAfter: (milliseconds: number) => number;
  readonly #setBusy: (isBusy: boolean) => void;
  #sent: Sent | undefined;
  #painting = false;
  /** What the last few drawings took. */
  #drawings: readonly number[] = [];
  #rest: NodeJS.Timeout | undefined;

  constructor({ panel, snapshot, post, restAfter, setBusy }: PanelFeedOptions) {
    this.#panel = panel;
    this.#snapshot = snapshot;
    this.#post = post;
    this.#restAfter = restAfter;
    this.#setBusy = setBusy;
  }

  /** Sends what the page does not have yet, now or when it is ready for it. */
  async refresh(): Promise<void> {
    const snapshot = this.#snapshot();
    if (this.#painting || (this.#rest && snapshot?.state === 'running')) return;
    const message = this.#nextMessage(snapshot);
    if (!message) return;
    this.#painting = true;
    this.#setBusy(true);
    this.#sent = { run: snapshot ?? 'none', lastIteration: snapshot?.metrics.at(-1)?.iteration ?? 0 };
    let delivered = false;
    try {
      delivered = await this.#post(message);
    } finally {
      if (!delivered) {
        // The next message tells everything.
        this.#sent = undefined;
        this.#painting = false;
        this.#setBusy(false);
      }
    }
  }

  /** The page has drawn what was sent, which took so long. */
  painted(milliseconds: number): void {
    this.#painting = false;
    this.#drawings = [...this.#drawings, milliseconds].slice(-drawingsKept);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(
      () => {
        this.#rest = undefined;
        this.#setBusy(this.#painting);
        void this.refresh();
      },
      this.#restAfter(Math.min(...this.#drawings)),
    );
    void this.refresh();
  }

  dispose(): void {
    clearTimeout(this.#rest);
    this.#setBusy(false);
  }

  /** Absent when there is nothing new. */
  #nextMessage(snapshot: RunSnapshot | undefined): ToWebview | undefined {
    const sent = this.#sent;
    if (!snapshot) return sent?.run === 'none' ? undefined : { kind: 'noRun' };
    const { state } = snapshot;
    if (sent === undefined || sent.run === 'none' || sent.run.network !== snapshot.network) {
      const metrics = this.#metricsAfter(0, snapshot);
      return {
        kind: 'snapshot',
        snapshot: { ...snapshot, frame: frameFor(this.#panel, snapshot.frame), metrics },
      };
    }
    // The engine's frames have arrays of their own.
    if (state !== sent.run.state || snapshot.frame.norms !== sent.run.frame.norms) {
      const metrics = this.#metricsAfter(sent.lastIteration, snapshot);
      return { kind: 'progress', state, frame: frameFor(this.#panel, snapshot.frame), metrics };
    }
    const { reading } = snapshot.frame;
    if (this.#panel !== 'gates' || reading === sent.run.frame.reading) return undefined;
    return { kind: 'reading', reading: reading && panelReading(reading) };
  }

  #metricsAfter(iteration: number, { metrics }: RunSnapshot): readonly MetricPoint[] {
    if (this.#panel !== 'training') return [];
    return plottable(metrics.slice(metrics.findLastIndex((point) => point.iteration <= iteration) + 1));
  }
}
