/** Which backend executes a run: the one that was asked for, or the one that proves fastest on the model in hand. */
import { availableParallelism } from 'node:os';
import type { BackendChoice, BackendDescription, BackendName } from '../protocol/network.ts';
import { BackendError, type BackendPlaces, loadTensorFlow } from './backend.ts';
import { CompiledExecutor, type Threads } from './compiled/compiled-executor.ts';
import type { RunMemory } from './compiled/run-memory.ts';
import type { Batch } from './data/batch.ts';
import type { Executor } from './executor.ts';
import { HybridExecutor } from './hybrid/hybrid-executor.ts';
import { hasLargeProducts } from './hybrid/split-schedule.ts';
import { TensorFlowExecutor } from './tensorflow/tensorflow-executor.ts';
import { millisecondsPerIteration } from './timing.ts';
import type { Trace } from './trace.ts';

export interface ExecutorParts {
  readonly memory: RunMemory;
  readonly trace: Trace;
  readonly places: BackendPlaces;
  /** A minibatch to time iterations on. */
  readonly example: Batch;
}

export interface ChosenExecutor {
  readonly executor: Executor;
  readonly backend: BackendDescription;
}

interface Candidate {
  readonly name: BackendName;
  readonly label: string;
  readonly executor: Executor;
}

interface TimedCandidate extends Candidate {
  readonly milliseconds: number;
}

interface CompiledCandidate extends TimedCandidate {
  /** How long an iteration takes on one thread and on more, in words. */
  readonly timing: string;
}

/** TensorFlow's calls alone take about so long: it is not loaded for iterations that take no longer. */
const millisecondsOfCalls = 2;
/** Compiled code, which gives the same bits however it is stepped, gives way only to what is clearly faster. */
const clearlyFaster = 0.9;
/** More share one memory without a gain. */
const mostThreads = 8;

/** @throws {BackendError} where the backend that was asked for does not load */
export async function chooseExecutor(choice: BackendChoice, parts: ExecutorParts): Promise<ChosenExecutor> {
  switch (choice) {
    case 'auto':
      return fastest(parts);
    case 'compiled': {
      const candidate = await compiled(parts);
      return chosen(candidate, `Chosen in the settings. An iteration takes ${candidate.timing}.`);
    }
    case 'hybrid':
      return chosen(await hybrid(parts), 'Chosen in the settings.');
    case 'tensorflow':
      return chosen(tensorFlow(parts), 'Chosen in the settings.');
  }
}

async function fastest(parts: ExecutorParts): Promise<ChosenExecutor> {
  const first = await compiled(parts);
  const took = `On this model an iteration takes ${first.timing}`;
  if (first.milliseconds < millisecondsOfCalls) {
    return chosen(first, `${took}. TensorFlow's calls alone would take longer.`);
  }
  const others: TimedCandidate[] = [];
  try {
    if (hasLargeProducts(parts.memory.layout)) others.push(timed(await hybrid(parts), parts));
    others.push(timed(tensorFlow(parts), parts));
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return chosen(first, `${took}. ${error.message}`);
  }
  const once = [first, ...others];
  const candidates = leastOf(once) === first ? once : timedAgain(once, parts);
  const best = leastOf(candidates);
  for (const each of candidates) if (each !== best) each.executor.dispose();
  const figures = candidates.map(
    ({ label, milliseconds }) => `${label}: ${words(milliseconds)} an iteration`,
  );
  return chosen(best, `The fastest on this model. ${figures.join('; ')}.`);
}

/** The first, unless another is clearly faster. */
function leastOf([first, ...others]: readonly TimedCandidate[]): TimedCandidate {
  return others.reduce(
    (least, each) => (each.milliseconds < clearlyFaster * least.milliseconds ? each : least),
    first!,
  );
}

/** The least of both times: a machine that was busy for a moment must not decide. */
function timedAgain(candidates: readonly TimedCandidate[], parts: ExecutorParts): TimedCandidate[] {
  return candidates.map((candidate) => {
    const { milliseconds } = timed(candidate, parts);
    return { ...candidate, milliseconds: Math.min(milliseconds, candidate.milliseconds) };
  });
}

function chosen({ name, label, executor }: Candidate, reason: string): ChosenExecutor {
  return { executor, backend: { name, label, reason } };
}

/** With as many threads as prove faster than one. */
async function compiled({ memory, places, example }: ExecutorParts): Promise<CompiledCandidate> {
  const { timeSteps } = memory.layout.network;
  const executor = new CompiledExecutor(memory, threadsOf(places));
  const { compute } = executor;
  const { threads } = compute;
  const time = (useHelpers: boolean): number => {
    compute.useHelpers = useHelpers;
    return millisecondsPerIteration(executor, example, timeSteps);
  };
  await compute.ready();
  if (threads === 1) {
    const milliseconds = time(false);
    return { name: 'compiled', label: compiledLabel(1), executor, milliseconds, timing: words(milliseconds) };
  }
  const alone = time(false);
  const together = time(true);
  compute.useHelpers = places.threads !== undefined || together < alone;
  const milliseconds = compute.useHelpers ? together : alone;
  const timing = `${words(together)} on ${threads} threads and ${words(alone)} on one`;
  return {
    name: 'compiled',
    label: compiledLabel(compute.useHelpers ? threads : 1),
    executor,
    milliseconds,
    timing,
  };
}

function compiledLabel(threads: number): string {
  return `Compiled to WebAssembly, ${threads === 1 ? 'one thread' : `${threads} threads`}`;
}

function threadsOf({ threads, computeThread }: BackendPlaces): Threads {
  const most = Math.min(availableParallelism(), mostThreads);
  return { threads: threads ?? most, script: computeThread };
}

/** @throws {BackendError} */
async function hybrid({ memory, places }: ExecutorParts): Promise<Candidate> {
  const tf = loadTensorFlow(places);
  const executor = new HybridExecutor(memory, tf, threadsOf(places));
  await executor.ready();
  const label = `Compiled to WebAssembly, with TensorFlow ${tf.version['tfjs-node']} for large products`;
  return { name: 'hybrid', label, executor };
}

/** @throws {BackendError} */
function tensorFlow({ memory, trace, places }: ExecutorParts): Candidate {
  const tf = loadTensorFlow(places);
  const { network } = memory.layout;
  const executor = new TensorFlowExecutor({ tf, network, parameters: memory.parameters, trace });
  return { name: 'tensorflow', label: `TensorFlow ${tf.version['tfjs-node']} (native)`, executor };
}

function timed(candidate: Candidate, { memory, example }: ExecutorParts): TimedCandidate {
  const { timeSteps } = memory.layout.network;
  const milliseconds = millisecondsPerIteration(candidate.executor, example, timeSteps);
  return { ...candidate, milliseconds };
}

function words(milliseconds: number): string {
  return `${milliseconds.toPrecision(2)} ms`;
}
