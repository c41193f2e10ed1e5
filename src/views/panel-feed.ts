import type { NetworkDescription } from '../protocol/network.ts';
import type { PanelName, RunSnapshot, ToWebview } from '../protocol/webview.ts';
import { frameFor, plottable } from './panel-messages.ts';

/**
 * Keeps one panel's page up to date, from the moment that its script is ready until it is hidden. At most one
 * message is on its way; what changes meanwhile is sent together afterwards, so that a slow page skips frames but
 * never misses an iteration's metrics.
 */
export class PanelFeed {
  readonly #panel: PanelName;
  readonly #snapshot: () => RunSnapshot | undefined;
  readonly #post: (message: ToWebview) => PromiseLike<unknown>;
  /** Tells one run from another: every run has a network object of its own. */
  #shownNetwork: NetworkDescription | undefined;
  #metricsSent = 0;
  #sending = false;
  #stale = false;

  constructor(
    panel: PanelName,
    snapshot: () => RunSnapshot | undefined,
    post: (message: ToWebview) => PromiseLike<unknown>,
  ) {
    this.#panel = panel;
    this.#snapshot = snapshot;
    this.#post = post;
  }

  /** Sends what the page does not have yet. */
  async refresh(): Promise<void> {
    this.#stale = true;
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this.#stale) {
        this.#stale = false;
        await this.#post(this.#nextMessage());
      }
    } finally {
      this.#sending = false;
    }
  }

  #nextMessage(): ToWebview {
    const snapshot = this.#snapshot();
    const isNew = snapshot?.network !== this.#shownNetwork;
    this.#shownNetwork = snapshot?.network;
    if (!snapshot) return { kind: 'noRun' };
    const frame = frameFor(this.#panel, snapshot.frame);
    const metrics = plottable(snapshot.metrics.slice(isNew ? 0 : this.#metricsSent));
    this.#metricsSent = snapshot.metrics.length;
    if (isNew) return { kind: 'snapshot', snapshot: { ...snapshot, frame, metrics } };
    return { kind: 'progress', state: snapshot.state, frame, metrics };
  }
}
