/** What was measured last of a quantity, in words. */
import type { Frame, HeatmapContent } from '../protocol/frame.ts';
import type { Statistics } from '../protocol/statistics.ts';
import { describePosition } from '../session/describe.ts';

export interface MeasuredQuantity {
  readonly layer: string;
  readonly quantity: string;
}

const contents: readonly HeatmapContent[] = ['value', 'adjoint'];

/**
 * Undefined where the frame has nothing of the quantity.
 * @param of whose values heatmaps show: `mean over the batch`
 */
export function measuredText(frame: Frame, measured: MeasuredQuantity, of: string): string | undefined {
  const parts = contents.flatMap((content) => [
    ...range(frame, measured, content, of),
    ...norm(frame, measured, content),
  ]);
  if (parts.length === 0) return undefined;
  return `Last measured at ${describePosition(frame.position, frame.timeSteps)}: ${parts.join('; ')}.`;
}

/** Over the time steps that this iteration has reached. */
function range(
  { heatmaps }: Frame,
  { layer, quantity }: MeasuredQuantity,
  content: HeatmapContent,
  of: string,
): string[] {
  const found = heatmaps.find(
    (heatmap) => heatmap.layer === layer && heatmap.quantity === quantity && heatmap.content === content,
  );
  const text = found && rangeText(found.statistics);
  return text ? [`${symbol(quantity, content)} ${text} (${of})`] : [];
}

function rangeText(statistics: Statistics): string {
  const { smallest, largest, notANumber, positiveInfinite, negativeInfinite } = statistics;
  const infinite = positiveInfinite + negativeInfinite;
  return [
    ...(smallest === undefined || largest === undefined
      ? []
      : [`in [${numberText(smallest)}, ${numberText(largest)}]`]),
    ...(infinite > 0 ? [`${infinite} infinite`] : []),
    ...(notANumber > 0 ? [`${notANumber} not numbers`] : []),
  ].join(', ');
}

/** At the time step that was computed last. */
function norm(frame: Frame, { layer, quantity }: MeasuredQuantity, content: HeatmapContent): string[] {
  const found = frame.norms.find(
    (series) => series.layer === layer && series.quantity === quantity && series.content === content,
  );
  const { from, to } = found?.computed ?? { from: frame.backwardFrom, to: frame.forwardThrough };
  if (found?.computed && from > to) return [];
  const t = content === 'value' ? to : from;
  const value = found?.norms[t - 1];
  return value === undefined ? [] : [`‖${symbol(quantity, content)}‖ = ${numberText(value)} at t = ${t}`];
}

function symbol(quantity: string, content: HeatmapContent): string {
  return content === 'value' ? quantity : `δ${quantity}`;
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(3))).replaceAll('-', '−');
}
