import type { Frame } from '../../src/protocol/frame.ts';
import type { NetworkDescription } from '../../src/protocol/network.ts';
import type { Position } from '../../src/protocol/position.ts';
import { columnCentre, gutter, type Layout } from './layout.ts';
import { textsAt } from './sample-text.ts';

interface StepColumnProps {
  readonly t: number;
  readonly frame: Frame;
  readonly loss: NetworkDescription['loss'];
  readonly layout: Layout;
}

/** The texts of one step: its number and input below, prediction and target above. */
export function StepColumn({ t, frame, loss, layout }: StepColumnProps) {
  const x = columnCentre(layout, t);
  const { rows } = layout;
  const { input, target, prediction, comparison } = textsAt(frame, loss, t);
  const sample = frame.sample;
  return (
    <g class="step" data-testid="step" data-t={t} data-comparison={comparison?.kind}>
      <StepText x={x} y={rows.target} text={target} title={sample?.targets[t - 1]} kind="target" />
      <StepText x={x} y={rows.comparison} text={comparison?.text} kind={comparison?.kind ?? 'match'} />
      <StepText
        x={x}
        y={rows.prediction}
        text={prediction}
        title={sample?.predictions[t - 1]}
        kind="prediction"
      />
      <StepText x={x} y={rows.input} text={input} title={sample?.inputs[t - 1]} kind="input" />
      {showsNumber(t, layout) && <StepText x={x} y={rows.time} text={`${t}`} kind="time" />}
    </g>
  );
}

/** Every step's number where there is room, every fifth otherwise. */
function showsNumber(t: number, { columnWidth, window }: Layout): boolean {
  const digits = `${window.first + window.count - 1}`.length;
  return columnWidth >= digits * 7 + 4 || t % 5 === 0 || t === 1;
}

interface StepTextProps {
  readonly x: number;
  readonly y: number;
  readonly text: string | undefined;
  /** The whole text, where it may have been shortened. */
  readonly title?: string | undefined;
  readonly kind: string;
}

function StepText({ x, y, text, title, kind }: StepTextProps) {
  if (text === undefined) return null;
  return (
    <text class={kind} data-kind={kind} x={x} y={y}>
      {title !== undefined && title !== text && <title>{title}</title>}
      {text}
    </text>
  );
}

interface PositionMarkProps {
  readonly position: Position;
  readonly layout: Layout;
}

/** Where the debugger stands: a column in forward and backward, the outputs in loss, the layers in update. */
export function PositionMark({ position: { phase, t }, layout }: PositionMarkProps) {
  const { window, columnWidth, rows, height } = layout;
  const whole = { x: gutter, width: window.count * columnWidth };
  switch (phase) {
    case 'forward':
    case 'backward': {
      if (t < window.first || t >= window.first + window.count) return null;
      const x = columnCentre(layout, t);
      const [tip, tail] = phase === 'forward' ? [5, -4] : [-5, 4];
      return (
        <g class="position-mark" data-testid="position-mark" data-phase={phase} data-t={t}>
          <rect x={x - columnWidth / 2} y={0} width={columnWidth} height={height} rx="3" />
          <path
            d={`M${x + tail} ${rows.marker - 5}L${x + tip} ${rows.marker}L${x + tail} ${rows.marker + 5}Z`}
          />
        </g>
      );
    }
    case 'loss':
      return (
        <g class="position-mark" data-testid="position-mark" data-phase={phase}>
          <rect {...whole} y={0} height={rows.prediction + 10} rx="3" />
        </g>
      );
    case 'update': {
      const top = rows.prediction + 12;
      return (
        <g class="position-mark" data-testid="position-mark" data-phase={phase}>
          <rect x={0} y={top} width={gutter - 6} height={rows.input - 10 - top} rx="3" />
        </g>
      );
    }
  }
}
