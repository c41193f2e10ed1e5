import { type ReadonlySignal, signal } from '@preact/signals';
import type { ToWebview } from '../../src/protocol/webview.ts';
import { post } from './host.ts';
import { type RunView, receive } from './run-view.ts';

const shown = signal<RunView>({ kind: 'waiting' });

/** What is on screen. Messages between two animation frames are folded into one change. */
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
      const started = performance.now();
      scheduled = false;
      shown.value = latest;
      afterPaint(() => post({ kind: 'painted', milliseconds: performance.now() - started }));
    });
  });
  post({ kind: 'ready' });
}

/** In a task of its own, so that what has changed in this animation frame has been laid out and painted. */
function afterPaint(action: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    action();
  };
  port2.postMessage(undefined);
}
