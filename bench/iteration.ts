/** Time of an iteration in run mode with its whole trace recorded, on each backend, side by side. */
import { backend, backendNames, createTestRun } from '../test/support/engine.ts';
import { type Figure, figure } from './figures.ts';

export const text = Array.from({ length: 60_000 }, (_, index) =>
  String.fromCharCode(97 + ((index * index) % 26)),
).join('');

export const size = { timeSteps: 50, units: 64, batch: 32 } as const;

export const model = `data { source = text("t.txt") window = ${size.timeSteps} }
model { onehot LSTM(${size.units}) dense softmax }
train { loss = cross_entropy optimizer = sgd(lr = 0.1) batch = ${size.batch} epochs = 100 }`;

const warmUp = 3;
/** The JavaScript backend takes seconds an iteration. */
const runs = { tensorflow: 30, wasm: 30, cpu: 3 } as const;

export async function iterationFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of backendNames) {
    const { training } = await createTestRun(model, text, await backend(name));
    for (let iteration = 0; iteration < warmUp + runs[name]; iteration += 1) training.step('iteration');
    const milliseconds = training.takeMetrics().map((point) => point.milliseconds);
    training.dispose();
    const what = `iteration, whole trace, LSTM T ${size.timeSteps} H ${size.units} B ${size.batch}, ${name}`;
    figures.push(figure(what, 'ms', milliseconds.slice(warmUp)));
  }
  const [best] = figures;
  const ratios = figures
    .slice(1)
    .map(({ what, median }) =>
      figure(`${what.split(', ').at(-1)} ÷ ${best!.what.split(', ').at(-1)}`, '×', [median / best!.median]),
    );
  return [...figures, ...ratios];
}
