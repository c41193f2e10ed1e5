import type { FromWebview } from '../../src/protocol/webview.ts';

interface VsCodeApi {
  postMessage(message: FromWebview): void;
  getState(): unknown;
  setState(state: Readonly<Record<string, unknown>>): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export function post(message: FromWebview): void {
  api.postMessage(message);
}

export function savedState(): Readonly<Record<string, unknown>> {
  const state = api.getState();
  return typeof state === 'object' && state !== null ? { ...state } : {};
}

export function saveState(name: string, value: unknown): void {
  api.setState({ ...savedState(), [name]: value });
}
