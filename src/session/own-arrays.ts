import type { Frame } from '../protocol/frame.ts';

/**
 * The same frame with arrays that own their memory. What Node's IPC delivers are views on the buffer of the whole
 * message or of a pool: kept or passed on to a webview as they are, they would drag all of that buffer along.
 */
export function withOwnArrays(frame: Frame): Frame {
  return {
    ...frame,
    norms: frame.norms.map((series) => ({ ...series, norms: series.norms.slice() })),
    heatmaps: frame.heatmaps.map((heatmap) => ({ ...heatmap, codes: heatmap.codes.slice() })),
  };
}
