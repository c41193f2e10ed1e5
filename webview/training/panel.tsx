import { signal } from '@preact/signals';
import type { MetricPoint } from '../../src/protocol/frame.ts';
import type { RunSnapshot } from '../../src/protocol/webview.ts';
import { formatNumber } from '../kit/format.ts';
import { HiddenTable } from '../kit/hidden-table.tsx';
import { LineChart } from '../kit/line-chart.tsx';
import { LineSample } from '../kit/series-style.tsx';
import {
  describeGradientNorm,
  describeLoss,
  describeThinning,
  gradientNormAxis,
  iterationRange,
  linearCurve,
  logarithmicCurve,
  pointNear,
} from './curves.ts';

/** The iteration that is being read, in both charts. */
const cursor = signal<number | undefined>(undefined);

const normDefinition =
  'Norm over the gradients of all parameters of the mean loss of the iteration; the second line is after clipping.';

export function TrainingPanel({ snapshot }: { readonly snapshot: RunSnapshot }) {
  const { metrics, network } = snapshot;
  const axis = gradientNormAxis(metrics);
  const thinning = describeThinning(metrics);
  const shared = {
    x: { ...iterationRange(metrics), title: 'iteration' },
    cursor: cursor.value,
    onCursor: (iteration: number | undefined) => {
      cursor.value = iteration;
    },
  };
  return (
    <>
      <p class="numbers" data-testid="loss-in-words">
        {describeLoss(metrics, network.epochs)}
      </p>
      <LineChart
        {...shared}
        testId="loss-chart"
        summary={`Loss per iteration, ${thinning ?? `${metrics.length} iterations.`} ${describeLoss(metrics, network.epochs)}`}
        series={[linearCurve(metrics, 'loss')]}
        y={{ kind: 'linear' }}
      />
      <div class="series-legend" title={normDefinition}>
        <span class="entry">
          <LineSample index={0} /> gradient norm
        </span>
        <span class="entry">
          <LineSample index={1} /> after clipping
        </span>
      </div>
      <LineChart
        {...shared}
        testId="gradient-norm-chart"
        summary={`Gradient norm per iteration, before and after clipping. ${describeGradientNorm(metrics)}`}
        series={[
          logarithmicCurve(metrics, 'gradientNorm', axis),
          logarithmicCurve(metrics, 'clippedGradientNorm', axis),
        ]}
        y={{ kind: 'logarithmic', lower: axis.lower, upper: axis.upper, ticks: axis.ticks }}
      />
      <p
        class="readout muted"
        data-testid="readout"
        aria-live={snapshot.state === 'running' ? 'off' : 'polite'}
      >
        {readoutOf(metrics)}
      </p>
      {thinning !== undefined && (
        <p class="muted" data-testid="thinning">
          {thinning}
        </p>
      )}
      <HiddenTable
        testId="metrics-table"
        caption={`Loss and gradient norm per iteration${thinning === undefined ? '' : `. ${thinning}`}`}
        rowTitle="iteration"
        columns={['loss', 'gradient norm', 'after clipping', 'epoch', 'milliseconds']}
        rowCount={metrics.length}
        rowAt={(index) => {
          const { iteration, loss, gradientNorm, clippedGradientNorm, epoch, milliseconds } = metrics[index]!;
          return { title: iteration, cells: [loss, gradientNorm, clippedGradientNorm, epoch, milliseconds] };
        }}
        isRunning={snapshot.state === 'running'}
      />
    </>
  );
}

function readoutOf(metrics: readonly MetricPoint[]): string {
  const iteration = cursor.value;
  if (iteration === undefined) return describeGradientNorm(metrics);
  const point = pointNear(metrics, iteration);
  if (!point) return `iteration ${iteration}: not finished yet`;
  const { loss, gradientNorm, clippedGradientNorm } = point;
  const which = point.iteration === iteration ? '' : `, the nearest drawn to ${iteration}`;
  return (
    `iteration ${point.iteration}${which}: loss ${formatNumber(loss)}, gradient norm ${formatNumber(gradientNorm)}, ` +
    `after clipping ${formatNumber(clippedGradientNorm)}`
  );
}
