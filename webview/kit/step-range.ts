import type { Frame, HeatmapContent, NormSeries } from '../../src/protocol/frame.ts';

/** Time steps from…to, both included, counted from 1; `from > to` means none. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** The steps whose values, or adjoints, belong to the iteration in hand. */
export function computedSteps(frame: Frame, content: HeatmapContent): StepRange {
  switch (content) {
    case 'value':
      return { from: 1, to: frame.forwardThrough };
    case 'adjoint':
      return { from: frame.backwardFrom, to: frame.timeSteps };
  }
}

/** Of one series: above pooling, and of what waits for the end of the sequence, these are steps of its own. */
export function computedStepsOf(
  series: NormSeries | undefined,
  frame: Frame,
  content: HeatmapContent,
): StepRange {
  return series?.computed ?? computedSteps(frame, content);
}

export function stepCount(range: StepRange): number {
  return Math.max(0, range.to - range.from + 1);
}

export function includesStep(range: StepRange, t: number): boolean {
  return t >= range.from && t <= range.to;
}

/** `4`, `4–6`, `4–6, 9`; runs of neighbouring steps are folded and the list ends after `most` runs. */
export function listSteps(steps: readonly number[], most = 3): string {
  const runs: StepRange[] = [];
  for (const t of steps) {
    const last = runs.at(-1);
    if (last && last.to === t - 1) runs[runs.length - 1] = { from: last.from, to: t };
    else runs.push({ from: t, to: t });
  }
  const shown = runs.slice(0, most).map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
  return runs.length > most ? `${shown.join(', ')}, …` : shown.join(', ');
}
