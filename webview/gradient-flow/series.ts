import type { Frame } from '../../src/protocol/frame.ts';
import type { NetworkDescription } from '../../src/protocol/network.ts';
import { type ChartPoint, type DecadeAxis, decadeAxis, placeOn } from '../kit/chart-axis.ts';
import { defineNorm, formatNumber, normSymbolOf } from '../kit/format.ts';
import { statisticsOfSteps } from '../kit/statistics.ts';
import {
  computedSteps,
  computedStepsOf,
  includesStep,
  listSteps,
  type StepRange,
  stepCount,
} from '../kit/step-range.ts';

/** ‖∂L/∂q_t‖ of one state of one recurrent layer. */
export interface GradientSeries {
  readonly layer: string;
  readonly quantity: string;
  readonly label: string;
  readonly definition: string;
  /** [T]; meaningful for the computed steps only. */
  readonly norms: Float32Array;
  readonly computed: StepRange;
}

export interface GradientFlow {
  readonly series: readonly GradientSeries[];
  /** backwardFrom…T */
  readonly computed: StepRange;
  readonly axis: DecadeAxis;
}

export function gradientFlowOf(network: NetworkDescription, frame: Frame): GradientFlow {
  const cells = network.layers.filter((layer) => layer.kind === 'cell');
  const series = cells.flatMap((layer) =>
    layer.quantities
      .filter((quantity) => quantity.role === 'state')
      .flatMap((quantity): GradientSeries[] => {
        const found = frame.norms.find(
          (norm) => norm.layer === layer.id && norm.quantity === quantity.name && norm.content === 'adjoint',
        );
        if (!found) return [];
        const symbol = normSymbolOf(quantity.name, 'adjoint');
        const place = `${layer.id} ${layer.label}`;
        return [
          {
            layer: layer.id,
            quantity: quantity.name,
            label: cells.length > 1 ? `${layer.id} ${symbol}` : symbol,
            definition: `${place}: ${defineNorm(quantity.name, 'adjoint')}`,
            norms: found.norms,
            computed: computedStepsOf(found, frame, 'adjoint'),
          },
        ];
      }),
  );
  const shown = series.flatMap(({ norms, computed }) => [...norms.subarray(computed.from - 1, computed.to)]);
  return { series, computed: computedSteps(frame, 'adjoint'), axis: decadeAxis(shown) };
}

/** From backwardFrom to T; zeros lie on the axis' floor. */
export function pointsOf({ norms, computed }: GradientSeries, { axis }: GradientFlow): ChartPoint[] {
  return Array.from({ length: stepCount(computed) }, (_, index) => {
    const t = computed.from + index;
    return { x: t, y: placeOn(axis, norms[t - 1]!) };
  });
}

/** What the lines cannot show: zeros, NaN and infinities, and at which steps. */
export function irregularitiesOf({ series }: GradientFlow): string[] {
  return series.flatMap(({ label, norms, computed }) => {
    const stepsWhere = (test: (norm: number) => boolean) =>
      [...norms.keys()]
        .map((index) => index + 1)
        .filter((t) => includesStep(computed, t) && test(norms[t - 1]!));
    const zero = stepsWhere((norm) => norm === 0);
    const notANumber = stepsWhere(Number.isNaN);
    const infinite = stepsWhere((norm) => norm === Infinity);
    return [
      ...(zero.length > 0 ? [`${label} is 0 at t ${listSteps(zero)} (drawn on the floor)`] : []),
      ...(notANumber.length > 0 ? [`${label} is NaN at t ${listSteps(notANumber)} (a gap)`] : []),
      ...(infinite.length > 0 ? [`${label} is infinite at t ${listSteps(infinite)} (a gap)`] : []),
    ];
  });
}

/** `Gradient norm per time step: 12 of 20 time steps, t 9 to 20; ‖∂L/∂hₜ‖ from 0.01 to 0.3`. */
export function summarise(flow: GradientFlow, timeSteps: number): string {
  const { series, computed } = flow;
  const count = stepCount(computed);
  const start = `Gradient norm per time step: ${count} of ${timeSteps} time steps`;
  if (count === 0) return `${start}, nothing computed yet`;
  const ranges = series.map(({ label, norms, computed: own }) => {
    if (stepCount(own) === 0) return `${label} once t 1 is reached`;
    const { smallest, largest } = statisticsOfSteps(norms, own);
    return smallest === undefined || largest === undefined
      ? `${label} nowhere finite`
      : `${label} from ${formatNumber(smallest)} to ${formatNumber(largest)}`;
  });
  return [`${start}, t ${computed.from} to ${computed.to}`, ...ranges, ...irregularitiesOf(flow)].join('; ');
}
