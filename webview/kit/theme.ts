import { type ReadonlySignal, signal } from '@preact/signals';

/** The editor's colours, for what CSS cannot reach: canvases and charts. */
export interface Theme {
  readonly onDark: boolean;
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly series: readonly string[];
  readonly fontFamily: string;
}

const current = signal<Theme>(readTheme());

/** Follows the editor live. */
export const theme: ReadonlySignal<Theme> = current;

// VS Code sets its colours as variables on the root element and the kind of theme on the body.
const observer = new MutationObserver(() => {
  const next = readTheme();
  if (JSON.stringify(next) !== JSON.stringify(current.value)) current.value = next;
});
observer.observe(document.documentElement, { attributes: true });
observer.observe(document.body, { attributes: true });

function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const colour = (name: string, fallback: string) =>
    style.getPropertyValue(`--vscode-${name}`).trim() || fallback;
  const kind = document.body.dataset.vscodeThemeKind ?? 'vscode-dark';
  const foreground = colour('foreground', '#cccccc');
  return {
    onDark: kind === 'vscode-dark' || kind === 'vscode-high-contrast',
    foreground,
    muted: colour('descriptionForeground', foreground),
    grid: colour('charts-lines', 'rgba(128, 128, 128, 0.5)'),
    // Without charts.orange, which most themes make translucent, so that a line of it is all but invisible.
    series: [
      colour('charts-blue', '#3794ff'),
      colour('charts-green', '#89d185'),
      colour('charts-purple', '#b180d7'),
      colour('charts-yellow', '#cca700'),
      colour('charts-red', '#f14c4c'),
    ],
    fontFamily: colour('font-family', 'sans-serif'),
  };
}
