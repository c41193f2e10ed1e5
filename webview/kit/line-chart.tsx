import {
  Chart,
  type ChartOptions,
  Decimation,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
} from 'chart.js';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AxisTick, ChartPoint } from './chart-axis.ts';
import { formatNumber } from './format.ts';
import { dashOf } from './series-style.tsx';
import { type Theme, theme } from './theme.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Decimation);

export interface ChartAxis {
  readonly kind: 'linear' | 'logarithmic';
  readonly lower?: number;
  readonly upper?: number;
  /** Absent: chart.js chooses. */
  readonly ticks?: readonly AxisTick[];
}

interface LineChartProps {
  readonly testId: string;
  /** What the chart shows, in words and numbers. */
  readonly summary: string;
  /** Each from left to right; the n-th has the n-th colour and dash. */
  readonly series: readonly (readonly ChartPoint[])[];
  readonly x: { readonly lower: number; readonly upper: number; readonly title: string };
  readonly y: ChartAxis;
  /** The x that is being read, marked by a line. */
  readonly cursor: number | undefined;
  readonly onCursor: (x: number | undefined) => void;
}

type LineChartInstance = Chart<'line', ChartPoint[]>;

/** A chart whose values are read with the pointer or with the arrow keys; `onCursor` gets whole numbers. */
export function LineChart(props: LineChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<LineChartInstance | null>(null);
  const colours = theme.value;
  useLayoutEffect(() => {
    if (!canvas.current) return;
    const created: LineChartInstance = new Chart<'line', ChartPoint[]>(canvas.current, {
      type: 'line',
      data: { datasets: [] },
      plugins: [cursorLine],
    });
    chart.current = created;
    return () => created.destroy();
  }, []);
  useLayoutEffect(() => {
    if (chart.current) draw(chart.current, props, colours);
  });
  const moveCursor = (x: number) => props.onCursor(Math.min(props.x.upper, Math.max(props.x.lower, x)));
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element means "a picture that arrow keys read".
    <div
      class="chart"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read values where a pointer would hover.
      tabIndex={0}
      aria-label="Read values with the left and right arrow keys"
      onKeyDown={(event) => {
        const next = cursorAfterKey(event.key, props.cursor, props.x);
        if (next === undefined) return;
        event.preventDefault();
        moveCursor(next);
      }}
      onPointerMove={(event) => {
        const scale = chart.current?.scales.x;
        const x = scale?.getValueForPixel(event.offsetX);
        if (x !== undefined) moveCursor(Math.round(x));
      }}
      onPointerLeave={() => props.onCursor(undefined)}
      onBlur={() => props.onCursor(undefined)}
    >
      <canvas ref={canvas} role="img" aria-label={props.summary} data-testid={props.testId} />
    </div>
  );
}

function cursorAfterKey(
  key: string,
  cursor: number | undefined,
  { lower, upper }: { readonly lower: number; readonly upper: number },
): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return cursor === undefined ? upper : cursor - 1;
    case 'ArrowRight':
      return cursor === undefined ? lower : cursor + 1;
    case 'PageUp':
      return (cursor ?? upper) - 10;
    case 'PageDown':
      return (cursor ?? lower) + 10;
    case 'Home':
      return lower;
    case 'End':
      return upper;
    default:
      return undefined;
  }
}

/** Points are marked while there are few enough of them to tell apart. */
const mostMarkedPoints = 60;

function draw(chart: LineChartInstance, props: LineChartProps, colours: Theme): void {
  const { series } = props;
  chart.data.datasets.length = Math.min(chart.data.datasets.length, series.length);
  for (const [index, points] of series.entries()) {
    const colour = colours.series[index % colours.series.length]!;
    // Data goes into the existing data set: chart.js keeps its decimated copy there.
    const dataset = chart.data.datasets[index] ?? { data: [] };
    chart.data.datasets[index] = dataset;
    dataset.data = [...points];
    dataset.borderColor = colour;
    dataset.backgroundColor = colour;
    dataset.borderDash = [...dashOf(index)];
    dataset.pointRadius = points.length === 1 ? 3 : points.length <= mostMarkedPoints ? 1.5 : 0;
  }
  chart.options = optionsFor(props, colours);
  // Not 'none': that mode keeps the marks that points were given first, whatever their size and colour are now.
  chart.update();
}

function optionsFor({ x, y, cursor }: LineChartProps, colours: Theme): ChartOptions<'line'> {
  const font = { family: colours.fontFamily, size: 11 };
  const grid = { color: colours.grid, lineWidth: 0.5, drawTicks: false };
  const border = { color: colours.grid };
  const labelOf = new Map(y.ticks?.map(({ value, label }) => [value, label]));
  return {
    animation: false,
    parsing: false,
    normalized: true,
    events: [],
    responsive: true,
    maintainAspectRatio: false,
    datasets: { line: { borderWidth: 1.5, spanGaps: false } },
    layout: { padding: { top: 6, right: 8 } },
    scales: {
      x: {
        type: 'linear',
        min: x.lower,
        max: x.upper,
        title: { display: true, text: x.title, color: colours.muted, font, padding: 0 },
        ticks: { color: colours.muted, font, precision: 0, maxRotation: 0, autoSkipPadding: 12 },
        grid: { ...grid, display: false },
        border,
      },
      y: {
        type: y.kind,
        ...(y.lower === undefined ? {} : { min: y.lower }),
        ...(y.upper === undefined ? {} : { max: y.upper }),
        ...(y.ticks && {
          afterBuildTicks: (axis) => {
            axis.ticks = y.ticks!.map(({ value }) => ({ value }));
          },
        }),
        ticks: {
          color: colours.muted,
          font,
          maxTicksLimit: y.ticks ? y.ticks.length : 6,
          autoSkip: !y.ticks,
          callback: (value) => labelOf.get(Number(value)) ?? formatNumber(Number(value)),
        },
        grid,
        border,
      },
    },
    plugins: {
      decimation: { enabled: true, algorithm: 'min-max' },
      [cursorLine.id]: { x: cursor, colour: colours.foreground },
    },
  };
}

const cursorLine: Plugin<'line', { readonly x: number | undefined; readonly colour: string }> = {
  id: 'cursorLine',
  afterDatasetsDraw(chart, _arguments, { x, colour }) {
    if (x === undefined) return;
    const { ctx: context, chartArea } = chart;
    const pixel = chart.scales.x!.getPixelForValue(x);
    context.save();
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(pixel, chartArea.top);
    context.lineTo(pixel, chartArea.bottom);
    context.stroke();
    context.restore();
  },
};
