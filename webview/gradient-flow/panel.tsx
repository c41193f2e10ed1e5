import { signal } from '@preact/signals';
import type { RunSnapshot } from '../../src/protocol/webview.ts';
import { formatNumber } from '../kit/format.ts';
import { HiddenTable } from '../kit/hidden-table.tsx';
import { post } from '../kit/host.ts';
import { LineChart } from '../kit/line-chart.tsx';
import { LineSample } from '../kit/series-style.tsx';
import { includesStep, stepCount } from '../kit/step-range.ts';
import {
  type GradientFlow,
  type GradientSeries,
  gradientFlowOf,
  irregularitiesOf,
  pointsOf,
  summarise,
} from './series.ts';

/** The time step that is being read. */
const cursor = signal<number | undefined>(undefined);
/** The series whose definition is being read. */
const defined = signal<GradientSeries | undefined>(undefined);

export function GradientFlowPanel({ snapshot }: { readonly snapshot: RunSnapshot }) {
  const { frame, network } = snapshot;
  const flow = gradientFlowOf(network, frame);
  const { computed, series, axis } = flow;
  return (
    <>
      <Legend series={series} />
      <LineChart
        testId="gradient-chart"
        summary={summarise(flow, frame.timeSteps)}
        series={series.map((each) => pointsOf(each, flow))}
        x={{ lower: 1, upper: frame.timeSteps, title: 'time step t' }}
        y={{ kind: 'logarithmic', lower: axis.lower, upper: axis.upper, ticks: axis.ticks }}
        cursor={cursor.value}
        onCursor={(t) => {
          cursor.value = t;
        }}
      />
      <p
        class="readout muted"
        data-testid="readout"
        aria-live={snapshot.state === 'running' ? 'off' : 'polite'}
      >
        {readoutOf(flow, frame.timeSteps)}
      </p>
      {irregularitiesOf(flow).map((text) => (
        <p class="notice" key={text} data-testid="irregularity">
          {text}
        </p>
      ))}
      <HiddenTable
        testId="gradient-table"
        caption={`Gradient norm per time step, iteration ${frame.position.iteration}`}
        rowTitle="t"
        columns={series.map(({ label }) => label)}
        rowCount={stepCount(computed)}
        rowAt={(index) => {
          const t = computed.from + index;
          return { title: t, cells: series.map((each) => normAt(each, t)) };
        }}
        isRunning={snapshot.state === 'running'}
      />
    </>
  );
}

function Legend({ series }: { readonly series: readonly GradientSeries[] }) {
  return (
    <div class="series-legend" data-testid="legend">
      {series.map((each, index) => (
        <button
          type="button"
          key={each.label}
          title={`${each.definition}. Click to see its equation.`}
          onPointerEnter={() => define(each)}
          onPointerLeave={() => define(undefined)}
          onFocus={() => define(each)}
          onBlur={() => define(undefined)}
          onClick={() => post({ kind: 'reveal', layer: each.layer, quantity: each.quantity })}
        >
          <LineSample index={index} />
          {each.label}
        </button>
      ))}
    </div>
  );
}

function define(series: GradientSeries | undefined): void {
  defined.value = series;
}

function normAt({ norms, computed }: GradientSeries, t: number): number | undefined {
  return includesStep(computed, t) ? norms[t - 1] : undefined;
}

function readoutOf({ series, computed }: GradientFlow, timeSteps: number): string {
  if (defined.value) return defined.value.definition;
  const t = cursor.value;
  if (t !== undefined && includesStep(computed, t)) {
    const norms = series.map((each) => {
      const norm = normAt(each, t);
      return `${each.label} ${norm === undefined ? 'not computed yet' : `= ${formatNumber(norm)}`}`;
    });
    return `t ${t}: ${norms.join(', ')}`;
  }
  if (t !== undefined) return `t ${t}: not computed yet in this iteration`;
  const count = stepCount(computed);
  if (count === 0) return `Gradients are computed in the backward phase, from t ${timeSteps} down to 1.`;
  return `${count} of ${timeSteps} time steps. How large a state's gradient is, step by step back in time.`;
}
