/** Says where numbers stopped being finite, and what helps. */
import type { TrainSpec } from '../language/checked-model.ts';
import type { Trace, TraceArray } from './trace.ts';

export function describeDivergence(what: string, iteration: number, trace: Trace, spec: TrainSpec): string {
  const { learningRate } = spec.optimizer;
  const lower = `Lower the learning rate (now ${learningRate})`;
  const clip = spec.clipNorm === undefined ? 'add clip = norm(1)' : `clip harder than norm(${spec.clipNorm})`;
  const origin = firstNonFinite(trace);
  const where = origin === undefined ? '' : `, first at t = ${origin.t} in ${origin.name}`;
  return `${what} in iteration ${iteration}${where}. ${lower} or ${clip}, then restart.`;
}

interface Origin {
  readonly name: string;
  readonly t: number;
}

/** Values run forward in time, adjoints backward: the first one that is not finite is where it began. */
function firstNonFinite(trace: Trace): Origin | undefined {
  const values = origins(trace, 'value').sort((a, b) => a.t - b.t);
  const adjoints = origins(trace, 'adjoint').sort((a, b) => b.t - a.t);
  return values[0] ?? adjoints[0];
}

function origins(trace: Trace, content: TraceArray['content']): Origin[] {
  return trace.arrays
    .filter((array) => array.content === content)
    .flatMap((array) => {
      const entry =
        content === 'value'
          ? array.data.findIndex((value) => !Number.isFinite(value))
          : array.data.findLastIndex((value) => !Number.isFinite(value));
      if (entry < 0) return [];
      const step = Math.floor(entry / (trace.batchSize * array.size)) + 1;
      const t = array.reversed ? trace.timeSteps + 1 - step : step;
      return [{ name: nameOf(array), t }];
    });
}

function nameOf({ layer, quantity, content }: TraceArray): string {
  if (layer === 'loss') return 'the loss';
  return `${content === 'value' ? quantity : `∂L/∂${quantity}`} of ${layer}`;
}
