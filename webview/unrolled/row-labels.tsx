import type { HeatmapContent } from '../../src/protocol/frame.ts';
import { formatNumber, normSymbolOf } from '../kit/format.ts';
import { gutter, isRecurrent, type Layout } from './layout.ts';
import { type LayerNorms, nameOfAbsence } from './node-fill.ts';

interface RowLabelsProps {
  readonly rows: readonly LayerNorms[];
  readonly layout: Layout;
  readonly content: HeatmapContent;
}

const x = gutter - 12;
const longestName = 17;

/** What each row is, at its left. */
export function RowLabels({ rows, layout, content }: RowLabelsProps) {
  const { target, prediction, input, time, layers } = layout.rows;
  return (
    <g class="row-labels">
      <RowLabel text="target" y={target} />
      <RowLabel text="prediction" y={prediction} />
      <RowLabel text="input" y={input} />
      <RowLabel text="time step t" y={time} />
      {rows.map((row, index) => (
        <LayerLabel key={row.layer.id} row={row} y={layers[index]!} content={content} />
      ))}
    </g>
  );
}

function RowLabel({ text, y }: { readonly text: string; readonly y: number }) {
  return (
    <text class="muted" x={x} y={y}>
      {text}
    </text>
  );
}

interface LayerLabelProps {
  readonly row: LayerNorms;
  readonly y: number;
  readonly content: HeatmapContent;
}

function LayerLabel({ row, y, content }: LayerLabelProps) {
  const { label } = row.layer;
  const isLong = label.length > longestName;
  return (
    <g>
      <text class="name" x={x} y={y - 7}>
        {isLong && <title>{label}</title>}
        {isLong ? `${label.slice(0, longestName - 1)}…` : label}
      </text>
      <text class="muted detail" x={x} y={y + 8}>
        {detailOf(row, content)}
      </text>
    </g>
  );
}

/** `layers.0 ‖hₜ‖ 0…12`: which layer, and what its nodes' colours mean. */
function detailOf({ layer, norms, scale }: LayerNorms, content: HeatmapContent): string {
  const id = isRecurrent(layer) ? `${layer.id} ` : '';
  if (!norms) return id + nameOfAbsence(layer);
  const symbol = id + normSymbolOf(layer.output, content);
  switch (content) {
    case 'value':
      return `${symbol} 0…${formatNumber(scale.upper)}`;
    case 'adjoint':
      return symbol;
  }
}
