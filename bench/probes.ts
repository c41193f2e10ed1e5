/** What the probes cost: the time of each on the iteration in hand ÷ the time of an iteration. */
import { Probes } from '../src/engine/probes/probes.ts';
import { createTestRun, places } from '../test/support/engine.ts';
import { type Figure, figure } from './figures.ts';
import { cellNamed } from './iteration/cells.ts';
import { type SizeName, sizes } from './iteration/sizes.ts';
import { dataOf, modelText } from './iteration/workload.ts';

/** How often everything is done in a round: so often that a round of iterations takes some milliseconds. */
const repeats = { S: 40, M: 3, L: 1 } as const satisfies Partial<Record<SizeName, number>>;
type ProbedSize = keyof typeof repeats;
const sizeNames = Object.keys(repeats) as ProbedSize[];
const warmUpRounds = 5;
const rounds = 15;
const layer = 'layers.0';

interface Probe {
  readonly what: string;
  readonly compute: (probes: Probes) => unknown;
}

const measured: readonly Probe[] = [
  {
    what: 'contribution matrix of h',
    compute: (probes) => probes.contributions({ layer, quantity: 'h' }, { sample: 0 }),
  },
  {
    what: 'spectra and product of ∂h_t/∂h_{t−1}',
    compute: (probes) => probes.jacobians({ layer, state: 'h' }, 0),
  },
  {
    what: 'spectra and product of ∂(h, c)_t/∂(h, c)_{t−1}',
    compute: (probes) => probes.jacobians({ layer }, 0),
  },
];

export async function probeFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const sizeName of sizeNames) figures.push(...(await figuresOf(sizeName)));
  return figures;
}

/** Iterations and probes in turns, so that both meet the machine in the same mood. */
async function figuresOf(sizeName: ProbedSize): Promise<Figure[]> {
  const workload = { cell: cellNamed('LSTM'), layers: 1, input: 'onehot', size: sizes[sizeName] } as const;
  const { training } = await createTestRun(modelText(workload), dataOf(workload), {
    choice: 'compiled',
    places,
  });
  const probes = new Probes(training);
  const ratios = measured.map((): number[] => []);
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    const times = repeats[sizeName];
    const iteration = milliseconds(times, () => training.step('iteration'));
    for (const [index, { compute }] of measured.entries()) {
      const probe = milliseconds(times, () => compute(probes));
      if (round >= warmUpRounds) ratios[index]!.push(probe / iteration);
    }
  }
  training.dispose();
  return measured.map(({ what }, index) =>
    figure(`${what} ÷ iteration, LSTM ${sizeName}`, '×', ratios[index]!),
  );
}

function milliseconds(times: number, action: () => void): number {
  const started = performance.now();
  for (let time = 0; time < times; time += 1) action();
  return performance.now() - started;
}
