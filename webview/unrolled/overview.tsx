import { useRef } from 'preact/hooks';
import type { Position } from '../../src/protocol/position.ts';
import { colourTable } from '../kit/colour-table.ts';
import { Picture } from '../kit/picture.tsx';
import { type StepRange, stepCount } from '../kit/step-range.ts';
import { theme } from '../kit/theme.ts';
import { useWidth } from '../kit/use-width.ts';
import * as choices from './choices.ts';
import { type FocusWindow, panByKey, windowAt } from './focus-window.ts';
import { type LayerNorms, overviewPicture } from './node-fill.ts';

interface OverviewProps {
  readonly rows: readonly LayerNorms[];
  readonly computed: StepRange;
  readonly window: FocusWindow;
  readonly position: Position;
  readonly timeSteps: number;
}

/** All T steps as a strip, one row a recurrent layer; the frame on it is what is drawn large below. */
export function Overview({ rows, computed, window, position, timeSteps }: OverviewProps) {
  const strip = useRef<HTMLDivElement>(null);
  const stripWidth = useWidth(strip);
  const { codes, height } = overviewPicture(rows, timeSteps);
  const share = (steps: number) => `${(steps / timeSteps) * 100}%`;
  const centreOn = (clientX: number) => {
    const box = strip.current?.getBoundingClientRect();
    if (!box) return;
    const t = ((clientX - box.left) / box.width) * timeSteps;
    choices.pannedTo.value = windowAt(t - window.count / 2, window.count, timeSteps).first;
  };
  const last = window.first + window.count - 1;
  return (
    <div class="overview">
      <span class="muted overview-label">all {timeSteps} steps</span>
      <div
        ref={strip}
        class="strip hatched"
        data-testid="overview"
        data-first={window.first}
        data-count={window.count}
        role="slider"
        tabIndex={0}
        aria-label="Time steps in focus"
        aria-valuemin={1}
        aria-valuemax={timeSteps - window.count + 1}
        aria-valuenow={window.first}
        aria-valuetext={`t ${window.first} to ${last} of ${timeSteps}`}
        style={{ height: `${Math.max(12, height * 8)}px` }}
        onKeyDown={(event) => {
          const next = panByKey(event.key, window, timeSteps);
          if (!next) return;
          event.preventDefault();
          choices.pannedTo.value = next.first;
        }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          centreOn(event.clientX);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) centreOn(event.clientX);
        }}
      >
        <Picture
          codes={codes}
          width={timeSteps}
          height={height}
          table={colourTable('sequential', theme.value.onDark)}
          averaged={stripWidth > 0 && stripWidth * devicePixelRatio < timeSteps}
          summary={`Overview: ${stepCount(computed)} of ${timeSteps} time steps computed, ${height} recurrent layers`}
        />
        <div class="frame" style={{ left: share(window.first - 1), width: share(window.count) }} />
        {position.t > 0 && <div class="here" style={{ left: share(position.t - 0.5) }} />}
      </div>
      <label class="follow">
        <input
          type="checkbox"
          data-testid="follow"
          checked={choices.pannedTo.value === undefined}
          onChange={(event) => {
            choices.pannedTo.value = event.currentTarget.checked ? undefined : window.first;
          }}
        />
        follow
      </label>
    </div>
  );
}
