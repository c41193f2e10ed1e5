import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Frame, HeatmapContent } from '../../src/protocol/frame.ts';
import type { NetworkDescription } from '../../src/protocol/network.ts';
import type { RunSnapshot } from '../../src/protocol/webview.ts';
import { colourTable } from '../kit/colour-table.ts';
import { defineNorm, formatNumber, formatPowerOfTen, normSymbolOf } from '../kit/format.ts';
import { HiddenTable } from '../kit/hidden-table.tsx';
import { ColourBar, SpecialColours } from '../kit/legend.tsx';
import { computedSteps, computedStepsOf, includesStep } from '../kit/step-range.ts';
import { theme } from '../kit/theme.ts';
import { useWidth } from '../kit/use-width.ts';
import { decadeBelow } from '../kit/value-scale.ts';
import * as choices from './choices.ts';
import { type FocusWindow, windowAround, windowAt, windowCount } from './focus-window.ts';
import { Header, ViewControls } from './header.tsx';
import { layOut, narrowestColumn, widthForColumns } from './layout.ts';
import { contentFor, type LayerNorms, layerNorms, outputNorms } from './node-fill.ts';
import { Overview } from './overview.tsx';
import { shorten } from './sample-text.ts';
import { type NodeKey, Scene } from './scene.tsx';

/** The node that Tab leads to; none was visited yet: where the debugger stands. */
const visited = signal<NodeKey | undefined>(undefined);
/** The node whose values are being read. */
const read = signal<NodeKey | undefined>(undefined);

export function UnrolledPanel({ snapshot }: { readonly snapshot: RunSnapshot }) {
  const { network, frame, state } = snapshot;
  const { timeSteps, position } = frame;
  const canvas = useRef<HTMLDivElement>(null);
  const width = useWidth(canvas);
  const count = windowCount(timeSteps, widthForColumns(width), columnWidthFor(frame));
  const window =
    choices.pannedTo.value === undefined
      ? windowAround(position, count, timeSteps)
      : windowAt(choices.pannedTo.value, count, timeSteps);
  const content = contentFor(choices.nodeColour.value, position.phase);
  const computed = computedSteps(frame, content);
  const rows = layerNorms(network, frame, content);
  const active = withinWindow(visited.value ?? { row: firstRecurrent(network), t: position.t }, window);
  return (
    <>
      <Header snapshot={snapshot} />
      {timeSteps > count && width > 0 && (
        <Overview rows={rows} computed={computed} window={window} position={position} timeSteps={timeSteps} />
      )}
      <div class="scene-frame" ref={canvas}>
        {width > 0 && (
          <Scene
            network={network}
            frame={frame}
            layout={layOut(network.layers, window, width)}
            content={content}
            computed={computed}
            rows={rows}
            active={active}
            onRead={(node) => {
              read.value = node;
              if (node) visited.value = node;
            }}
            onMove={(key) => {
              const next = moveNode(key, active, network.layers.length, timeSteps);
              if (!next) return false;
              visited.value = next;
              bringIntoView(next.t, window, timeSteps);
              return true;
            }}
          />
        )}
      </div>
      <div class="controls below">
        <ViewControls batchSize={network.batchSize} />
        <Legend rows={rows} content={content} />
      </div>
      <p class="readout muted" data-testid="readout" aria-live={state === 'running' ? 'off' : 'polite'}>
        {readoutOf(network, frame, read.value)}
      </p>
      <NormsTable network={network} frame={frame} window={window} isRunning={state === 'running'} />
    </>
  );
}

function columnWidthFor({ sample }: Frame): number {
  const texts = sample ? [...sample.inputs, ...sample.targets, ...sample.predictions] : [];
  return narrowestColumn(texts.flatMap((text) => (text === undefined ? [] : shorten(text))));
}

function firstRecurrent(network: NetworkDescription): number {
  return Math.max(
    0,
    network.layers.findIndex((layer) => layer.kind === 'cell'),
  );
}

function withinWindow({ row, t }: NodeKey, { first, count }: FocusWindow): NodeKey {
  return { row, t: Math.min(first + count - 1, Math.max(first, t)) };
}

function moveNode(key: string, { row, t }: NodeKey, layers: number, timeSteps: number): NodeKey | undefined {
  switch (key) {
    case 'ArrowLeft':
      return { row, t: Math.max(1, t - 1) };
    case 'ArrowRight':
      return { row, t: Math.min(timeSteps, t + 1) };
    case 'ArrowUp':
      return { row: Math.min(layers - 1, row + 1), t };
    case 'ArrowDown':
      return { row: Math.max(0, row - 1), t };
    default:
      return undefined;
  }
}

/** Moving past the focus window's end takes the window along. */
function bringIntoView(t: number, { first, count }: FocusWindow, timeSteps: number): void {
  if (t < first) choices.pannedTo.value = windowAt(t, count, timeSteps).first;
  else if (t >= first + count) choices.pannedTo.value = windowAt(t - count + 1, count, timeSteps).first;
}

interface LegendProps {
  readonly rows: readonly LayerNorms[];
  readonly content: HeatmapContent;
}

/** What the colour of a node means. */
function Legend({ rows, content }: LegendProps) {
  const table = colourTable('sequential', theme.value.onDark);
  const { lower, upper } = rows[0]?.scale ?? { lower: 0, upper: 1 };
  const isCut = rows.some(({ statistics }) => (statistics.smallest ?? lower) < lower * (1 - 1e-6));
  return (
    <span class="node-legend" title={defineNorm('q', content)}>
      {content === 'value' ? (
        <>
          <span>norm of a layer's output</span>
          <ColourBar table={table} low="0" high="its scale, at the left" />
        </>
      ) : (
        <>
          <span>gradient norm, logarithmic</span>
          <ColourBar
            table={table}
            low={`${isCut ? '≤ ' : ''}${formatPowerOfTen(decadeBelow(lower))}`}
            high={formatPowerOfTen(decadeBelow(upper))}
          />
        </>
      )}
      <SpecialColours statistics={rows.map(({ statistics }) => statistics)} />
    </span>
  );
}

function readoutOf(network: NetworkDescription, frame: Frame, node: NodeKey | undefined): string {
  const layer = node && network.layers[node.row];
  if (!layer) return 'Point at a node, or use arrow keys, to read it. Enter shows where it is defined.';
  const values = frame.norms
    .filter((norm) => norm.layer === layer.id)
    .map((series) => {
      const { quantity, content, norms } = series;
      const known = includesStep(computedStepsOf(series, frame, content), node.t);
      return `${normSymbolOf(quantity, content)} ${known ? formatNumber(norms[node.t - 1]!) : '–'}`;
    });
  return `${layer.label} at t ${node.t}: ${values.join(' · ')} (Frobenius norms over batch and units)`;
}

interface NormsTableProps {
  readonly network: NetworkDescription;
  readonly frame: Frame;
  readonly window: FocusWindow;
  readonly isRunning: boolean;
}

function NormsTable({ network, frame, window, isRunning }: NormsTableProps) {
  const contents: readonly HeatmapContent[] = ['value', 'adjoint'];
  const columns = network.layers.flatMap((layer) =>
    contents.map((content) => ({
      title: `${layer.id} ${normSymbolOf(layer.output, content)}`,
      series: outputNorms(frame, layer, content),
      content,
    })),
  );
  return (
    <HiddenTable
      testId="norms-table"
      caption={`Norms of the layers' outputs, iteration ${frame.position.iteration}`}
      rowTitle="t"
      columns={columns.map(({ title }) => title)}
      rowCount={window.count}
      rowAt={(index) => {
        const t = window.first + index;
        const cells = columns.map(({ series, content }) =>
          includesStep(computedStepsOf(series, frame, content), t) ? series?.norms[t - 1] : undefined,
        );
        return { title: t, cells };
      }}
      isRunning={isRunning}
    />
  );
}
