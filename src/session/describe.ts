import type { Failure } from '../protocol/failure.ts';
import type { Frame } from '../protocol/frame.ts';
import type { Position } from '../protocol/position.ts';
import type { EngineExit } from './engine-process.ts';

/** `iteration 3 · backward · t 17/50`; phases without time leave the last part out. */
export function describePosition(position: Position, timeSteps: number): string {
  const parts = [`iteration ${position.iteration}`, position.phase];
  if (position.phase === 'forward' || position.phase === 'backward') {
    parts.push(`t ${position.t}/${timeSteps}`);
  }
  return parts.join(' · ');
}

/** The failure that a user is told when the engine process ended by itself; `frame` is the newest of this run. */
export function describeDeath(exit: EngineExit, frame: Frame | undefined): Failure {
  const place = frame ? `at ${describePosition(frame.position, frame.timeSteps)}` : 'while it was starting';
  return {
    kind: 'engineDied',
    message: `The engine ${cause(exit)} ${place}. Your file is untouched: press step to start again.${lastWords(exit)}`,
  };
}

/** Who is killed has no time to say why; what it wrote before would only mislead. */
function lastWords(exit: EngineExit): string {
  if (exit.signal === 'SIGKILL' || exit.lastWords.length === 0) return '';
  return ` It wrote last: ${exit.lastWords.join(' ⏎ ')}`;
}

function cause({ code, signal, spawnError }: EngineExit): string {
  if (spawnError) return `process could not be created (${spawnError.message})`;
  if (signal === 'SIGKILL') return 'was killed (SIGKILL: by hand, or because memory ran out)';
  if (signal) return `was ended by ${signal}`;
  return `ended by itself with exit code ${code}`;
}
