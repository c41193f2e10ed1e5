import { type ComponentChild, render } from 'preact';
import { connect } from './connection.ts';

/** Puts a panel into the page's `#app` and starts listening to the host. */
export function mount(panel: ComponentChild): void {
  const root = document.getElementById('app');
  if (!root) throw new Error('The page has no element with the id "app" to put the panel into.');
  render(panel, root);
  connect();
}
