import type { HeatmapContent } from '../../src/protocol/frame.ts';
import type { LayerDescription } from '../../src/protocol/network.ts';
import { includesStep, type StepRange } from '../kit/step-range.ts';
import { columnCentre, isRecurrent, type Layout, nodeSize } from './layout.ts';
import { isData } from './node-fill.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** An arrow at one time step, from where values or gradients come to where they go. */
export interface Edge {
  readonly from: Point;
  readonly to: Point;
  /** Whether the step that it belongs to has been computed. */
  readonly reached: boolean;
}

/**
 * Values flow up and from t − 1 to t; gradients down and from t + 1 to t. Data has no gradient: no arrow
 * leads down to it.
 */
export function edgesOf(
  layers: readonly LayerDescription[],
  layout: Layout,
  content: HeatmapContent,
  computed: StepRange,
): Edge[] {
  const { first, count } = layout.window;
  const steps = Array.from({ length: count }, (_, index) => first + index);
  return steps.flatMap((t) => {
    const reached = includesStep(computed, t);
    const upward = verticalEdges(layers, layout, t).filter(
      ({ lower }) => content === 'value' || (lower !== undefined && !isData(lower)),
    );
    const across = layers.flatMap((layer, row) =>
      isRecurrent(layer) ? acrossEdge(layer, row, layout, t, content) : [],
    );
    const vertical = upward.map(({ from, to }) =>
      content === 'value' ? { from, to } : { from: to, to: from },
    );
    return [...vertical, ...across].map((edge) => ({ ...edge, reached }));
  });
}

interface Segment {
  readonly from: Point;
  readonly to: Point;
}

/** Gap between an arrow's tip and what it points at. */
const gap = 3;

/** Upward: input → first layer → … → last layer → prediction. `lower` is absent for the input. */
function verticalEdges(
  layers: readonly LayerDescription[],
  layout: Layout,
  t: number,
): (Segment & { readonly lower: LayerDescription | undefined })[] {
  const x = columnCentre(layout, t);
  const { rows } = layout;
  return Array.from({ length: layers.length + 1 }, (_, index) => {
    const lower = layers[index - 1];
    const upper = layers[index];
    const start = lower ? rows.layers[index - 1]! - nodeSize(lower, layout).height / 2 : rows.input - 9;
    const end = upper ? rows.layers[index]! + nodeSize(upper, layout).height / 2 : rows.prediction + 9;
    return { lower, from: { x, y: start - gap }, to: { x, y: end + gap } };
  });
}

/** Into t: from t − 1 for values, from t + 1 for gradients; at the window's ends from beyond, where there is one. */
function acrossEdge(
  layer: LayerDescription,
  row: number,
  layout: Layout,
  t: number,
  content: HeatmapContent,
): Segment[] {
  const y = layout.rows.layers[row]!;
  const half = nodeSize(layer, layout).width / 2 + gap - 1;
  const [previous, side] = content === 'value' ? [t - 1, -1] : [t + 1, 1];
  const { first, count } = layout.window;
  const startsSequence = content === 'value' ? t === 1 : t === first + count - 1;
  if (startsSequence) return [];
  return [
    {
      from: { x: columnCentre(layout, previous) - side * half, y },
      to: { x: columnCentre(layout, t) + side * half, y },
    },
  ];
}

const head = 3.5;

/** All arrows as one SVG path. */
export function arrowPath(edges: readonly Edge[]): string {
  return edges
    .map(({ from, to }) => {
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      const [dx, dy] = [((to.x - from.x) / length) * head, ((to.y - from.y) / length) * head];
      const left = `${round(to.x - dx - dy)} ${round(to.y - dy + dx)}`;
      const right = `${round(to.x - dx + dy)} ${round(to.y - dy - dx)}`;
      const tip = `${round(to.x)} ${round(to.y)}`;
      return `M${round(from.x)} ${round(from.y)}L${tip}M${left}L${tip}L${right}`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
