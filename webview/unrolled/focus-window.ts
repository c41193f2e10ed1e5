import type { Position } from '../../src/protocol/position.ts';

/** The steps that are drawn as nodes: `count` of them from `first` (from 1). */
export interface FocusWindow {
  readonly first: number;
  readonly count: number;
}

const mostSteps = 30;

/** As many steps as fit, at most 30. */
export function windowCount(timeSteps: number, width: number, columnWidth: number): number {
  return Math.max(1, Math.min(timeSteps, mostSteps, Math.floor(width / columnWidth)));
}

export function windowAt(first: number, count: number, timeSteps: number): FocusWindow {
  return { first: Math.min(Math.max(1, Math.round(first)), timeSteps - count + 1), count };
}

/** Steps that stay visible on either side of the position, where there is room. */
const mostContext = 2;

/**
 * The page that holds the position. Pages overlap and stand still, so that nodes keep their places between steps.
 * The loss is read at the end of the sequence; the update follows backward's last step, at its start.
 */
export function windowAround(position: Position, count: number, timeSteps: number): FocusWindow {
  const t = standingAt(position, timeSteps);
  const context = Math.min(mostContext, Math.floor((count - 1) / 2));
  const stride = count - 2 * context;
  const page = Math.max(0, Math.floor((t - 1 - context) / stride));
  return windowAt(1 + page * stride, count, timeSteps);
}

function standingAt({ phase, t }: Position, timeSteps: number): number {
  switch (phase) {
    case 'forward':
    case 'backward':
      return t;
    case 'loss':
      return timeSteps;
    case 'update':
      return 1;
  }
}

/** Where a key on the overview strip leads; absent for other keys. */
export function panByKey(
  key: string,
  { first, count }: FocusWindow,
  timeSteps: number,
): FocusWindow | undefined {
  const target = keyTarget(key, first, count, timeSteps);
  return target === undefined ? undefined : windowAt(target, count, timeSteps);
}

function keyTarget(key: string, first: number, count: number, timeSteps: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return first - 1;
    case 'ArrowRight':
    case 'ArrowUp':
      return first + 1;
    case 'PageDown':
      return first - count;
    case 'PageUp':
      return first + count;
    case 'Home':
      return 1;
    case 'End':
      return timeSteps;
    default:
      return undefined;
  }
}
