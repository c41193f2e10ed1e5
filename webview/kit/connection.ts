import { type ReadonlySignal, signal } from '@preact/signals';
import type { ToWebview } from '../../src/protocol/webview.ts';
import { post } from './host.ts';
import { type RunView, receive } from './run-view.ts';

const shown = signal<RunView>({ kind: 'waiting' });

/** What is on screen. Messages between two animation frames are folded into one change: the newest frame wins. */
export const runView: ReadonlySignal<RunView> = shown;

/** Listens to the host and tells it that the panel is ready. */
export function connect(): void {
  let latest: RunView = shown.value;
  let scheduled = false;
  addEventListener('message', (event: MessageEvent<ToWebview>) => {
    latest = receive(latest, event.data);
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      shown.value = latest;
    });
  });
  post({ kind: 'ready' });
}
