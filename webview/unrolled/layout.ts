import type { LayerDescription } from '../../src/protocol/network.ts';
import type { FocusWindow } from './focus-window.ts';

/** Where things are drawn, in CSS pixels; y grows downwards, so the first layer has the largest. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly columnWidth: number;
  readonly window: FocusWindow;
  /** Centres of rows. */
  readonly rows: {
    readonly target: number;
    readonly comparison: number;
    readonly prediction: number;
    /** One a layer, from input to output. */
    readonly layers: readonly number[];
    readonly input: number;
    readonly time: number;
    /** The position's triangle. */
    readonly marker: number;
  };
}

/** Space for the rows' names at the left. */
export const gutter = 140;
const right = 16;
const textRow = 20;
const cellRow = 62;
const otherRow = 40;
/** The longest number, such as −1.33e−30, still fits. */
const widestColumn = 70;

export function layOut(layers: readonly LayerDescription[], window: FocusWindow, width: number): Layout {
  const columnWidth = Math.min(widestColumn, (width - gutter - right) / window.count);
  let bottom = 4;
  const next = (height: number) => {
    bottom += height;
    return bottom - height / 2;
  };
  const target = next(textRow);
  const comparison = next(14);
  const prediction = next(textRow);
  bottom += 4;
  const layerRows = layers.map((_, index) => {
    const layer = layers[layers.length - 1 - index]!;
    return next(isRecurrent(layer) ? cellRow : otherRow);
  });
  bottom += 4;
  const rows = {
    target,
    comparison,
    prediction,
    layers: layerRows.reverse(),
    input: next(textRow),
    time: next(textRow),
    marker: next(12),
  };
  return { width, height: bottom, columnWidth, window, rows };
}

/** Width that drawing `columns` of steps may take. */
export function widthForColumns(width: number): number {
  return Math.max(0, width - gutter - right);
}

/** Room for the longest text under or over a step. */
export function narrowestColumn(texts: Iterable<string>): number {
  let longest = 1;
  for (const text of texts) longest = Math.max(longest, [...text].length);
  return Math.max(22, longest * 7 + 6);
}

export function columnCentre({ columnWidth, window }: Layout, t: number): number {
  return gutter + (t - window.first + 0.5) * columnWidth;
}

export function isRecurrent(layer: LayerDescription): boolean {
  return layer.kind === 'cell';
}

export function nodeSize(
  layer: LayerDescription,
  { columnWidth }: Layout,
): { width: number; height: number } {
  const width = Math.min(columnWidth - 8, 30);
  return isRecurrent(layer) ? { width, height: 30 } : { width, height: 12 };
}
