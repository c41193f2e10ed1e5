import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Frame, HeatmapContent } from '../../src/protocol/frame.ts';
import type { NetworkDescription } from '../../src/protocol/network.ts';
import { highestLevel, notComputedCode } from '../../src/protocol/quantise.ts';
import { colourTable, cssColour } from '../kit/colour-table.ts';
import { formatNumber, formatPosition, normSymbolOf } from '../kit/format.ts';
import { post } from '../kit/host.ts';
import type { StepRange } from '../kit/step-range.ts';
import { theme } from '../kit/theme.ts';
import { arrowPath, edgesOf } from './edges.ts';
import { columnCentre, type Layout, nodeSize } from './layout.ts';
import { type LayerNorms, nameOfAbsence, nodeCode } from './node-fill.ts';
import { RowLabels } from './row-labels.tsx';
import { PositionMark, StepColumn } from './steps.tsx';

/** A node: a layer (by its place from the input) at a time step. */
export interface NodeKey {
  readonly row: number;
  readonly t: number;
}

interface SceneProps {
  readonly network: NetworkDescription;
  readonly frame: Frame;
  readonly layout: Layout;
  readonly content: HeatmapContent;
  readonly computed: StepRange;
  readonly rows: readonly LayerNorms[];
  /** The node that Tab leads to and whose values are read. */
  readonly active: NodeKey;
  /** The active node is being read: it was focused or pointed at. */
  readonly onRead: (node: NodeKey | undefined) => void;
  readonly onMove: (key: string) => boolean;
}

/** The network over time as nodes and arrows. */
export function Scene(props: SceneProps) {
  const { network, frame, layout, content, computed, rows, active } = props;
  const { first, count } = layout.window;
  const svg = useRef<SVGSVGElement>(null);
  const focusFollows = useRef(false);
  useLayoutEffect(() => {
    if (!focusFollows.current) return;
    focusFollows.current = false;
    svg.current?.querySelector<SVGGElement>('.node[tabindex="0"]')?.focus();
  }, [active.row, active.t]);
  const edges = edgesOf(network.layers, layout, content, computed);
  const steps = Array.from({ length: count }, (_, index) => first + index);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of an SVG's nodes has no element of its own.
    <svg
      ref={svg}
      class="scene"
      data-testid="scene"
      data-content={content}
      data-filled-from={computed.from}
      data-filled-to={computed.to}
      role="group"
      aria-label={summarise(network, frame, layout)}
      width={layout.width}
      height={layout.height}
      onKeyDown={(event) => {
        focusFollows.current = props.onMove(event.key);
        if (focusFollows.current) event.preventDefault();
      }}
    >
      <PositionMark position={frame.position} layout={layout} />
      <path class="arrows" d={arrowPath(edges.filter(({ reached }) => !reached))} />
      <path class="arrows reached" d={arrowPath(edges.filter(({ reached }) => reached))} />
      <RowLabels rows={rows} layout={layout} content={content} />
      {rows.map((layer, row) => (
        <g key={layer.layer.id}>
          {steps.map((t) => (
            <Node
              key={t}
              layer={layer}
              y={layout.rows.layers[row]!}
              t={t}
              scene={props}
              isActive={active.row === row && active.t === t}
              onRead={(reading) => props.onRead(reading ? { row, t } : undefined)}
            />
          ))}
        </g>
      ))}
      {steps.map((t) => (
        <StepColumn key={t} t={t} frame={frame} loss={network.loss} layout={layout} />
      ))}
    </svg>
  );
}

/** `Unrolled network, t 1 to 30 of 50, 4 layers; forward 12 of 50 time steps, backward 0 of 50; iteration …`. */
function summarise(network: NetworkDescription, frame: Frame, { window }: Layout): string {
  const { timeSteps, forwardThrough, backwardFrom, position } = frame;
  return (
    `Unrolled network, t ${window.first} to ${window.first + window.count - 1} of ${timeSteps}, ` +
    `${network.layers.length} layers; forward ${forwardThrough} of ${timeSteps} time steps, ` +
    `backward ${timeSteps + 1 - backwardFrom} of ${timeSteps}; ${formatPosition(position, timeSteps)}`
  );
}

interface NodeProps {
  readonly layer: LayerNorms;
  readonly y: number;
  readonly t: number;
  readonly scene: SceneProps;
  readonly isActive: boolean;
  readonly onRead: (reading: boolean) => void;
}

function Node({ layer: layerNorms, y, t, scene, isActive, onRead }: NodeProps) {
  const { layout, content } = scene;
  const { layer, norms } = layerNorms;
  const { width, height } = nodeSize(layer, layout);
  const code = nodeCode(layerNorms, t);
  const filled = code !== notComputedCode;
  const reveal = () => post({ kind: 'reveal', layer: layer.id, quantity: layer.output });
  const x = columnCentre(layout, t);
  const norm = filled
    ? `${normSymbolOf(layer.output, content)} ${formatNumber(norms![t - 1]!)}`
    : norms
      ? 'not computed yet'
      : nameOfAbsence(layer);
  const state = filled ? 'filled' : norms ? 'awaited' : 'absent';
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button.
    <g
      class={`node ${state}`}
      data-testid="node"
      data-layer={layer.id}
      data-t={t}
      data-computed={filled}
      data-norm={filled ? norms![t - 1] : undefined}
      role="button"
      // In lower case: attributes of SVG have one, and what listens to focus without it is a stop of its own.
      tabindex={isActive ? 0 : -1}
      aria-label={`${layer.label} at t ${t}, ${norm}`}
      onFocus={() => onRead(true)}
      onBlur={() => onRead(false)}
      onPointerEnter={() => onRead(true)}
      onPointerLeave={() => onRead(false)}
      onClick={reveal}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        reveal();
      }}
    >
      <rect
        x={x - width / 2}
        y={y - height / 2}
        width={width}
        height={height}
        rx={height > 20 ? 5 : 6}
        fill={filled ? cssColour(colourTable('sequential', theme.value.onDark), code) : 'none'}
      />
      {filled && code > highestLevel && (
        <text class={width < 24 ? 'irregular narrow' : 'irregular'} x={x} y={y}>
          {formatNumber(norms![t - 1]!)}
        </text>
      )}
    </g>
  );
}
