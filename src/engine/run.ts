/** From the text of a `.rnn` file to a run that is ready to be stepped. */
import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompileError } from '../compile/compile-error.ts';
import { compile } from '../compile/network.ts';
import { schedule } from '../compile/schedule/build-schedule.ts';
import type { Analysis, CheckedModel, DataSpec, Diagnostic } from '../language/checked-model.ts';
import { missingDataFile } from '../language/missing-data-file.ts';
import type { Failure, Problem } from '../protocol/failure.ts';
import type { BackendChoice, BackendDescription, NetworkDescription } from '../protocol/network.ts';
import { BackendError, type BackendPlaces } from './backend.ts';
import { chooseExecutor } from './choose-executor.ts';
import { Layout } from './compiled/layout.ts';
import { RunMemory } from './compiled/run-memory.ts';
import { DataError, type Dataset } from './data/dataset.ts';
import { Minibatches } from './data/minibatches.ts';
import { readDataset } from './data/read-dataset.ts';
import { describeNetwork } from './describe.ts';
import { MemoryError, requireMemory } from './memory.ts';
import { initialise } from './parameters.ts';
import { Random } from './random.ts';
import { Trace } from './trace.ts';
import { DivergenceError, Training } from './training.ts';

export interface Run {
  readonly training: Training;
  readonly dataset: Dataset;
  readonly network: NetworkDescription;
  readonly backend: BackendDescription;
}

/** A failure on its way to whoever started the run. */
export class RunError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'RunError';
    this.failure = failure;
  }
}

/**
 * @param name of the train block; the first one, if left out
 * @throws {RunError} where the source has errors, or no train block has that name
 */
export function modelOf({ models, diagnostics }: Analysis, uri: string, name?: string): CheckedModel {
  const model = name === undefined ? models[0] : models.find((each) => each.name === name);
  if (model !== undefined) return model;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const message = `${decodeURIComponent(basename(uri))} ${whyNothingTrains(models, errors, name)}`;
  throw new RunError({ kind: 'source', message, problems: errors.map(problemOf) });
}

function whyNothingTrains(
  models: readonly CheckedModel[],
  errors: readonly Diagnostic[],
  name: string | undefined,
): string {
  const [first] = errors;
  if (first !== undefined) {
    const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
    return `has ${count}: line ${first.source.start.line + 1}: ${first.message}`;
  }
  if (models.length === 0) return 'has nothing to train. Add a data, a model and a train block.';
  const names = models.flatMap((each) => each.name ?? []);
  const known = names.length === 0 ? 'Its train block has no name' : `It has ${names.join(', ')}`;
  return `has no train block "${name}". ${known}.`;
}

/** @throws {RunError} where the data cannot be read */
export function loadDataset(model: CheckedModel): Dataset {
  return asRunError(() => readDataset(model.data, readDataFile(model)));
}

export interface BackendRequest {
  readonly choice: BackendChoice;
  readonly places: BackendPlaces;
}

/**
 * @throws {RunError} where there is too little data for one minibatch, too little memory for the network, or the data
 * give a layer sizes that it cannot have
 * @throws {BackendError} where the backend that was asked for does not load
 */
export async function createRun(
  model: CheckedModel,
  dataset: Dataset,
  { choice, places }: BackendRequest,
): Promise<Run> {
  const { train } = model;
  const { network, minibatches, memory } = asRunError(() => {
    const network = compile(model, { vocabulary: dataset.vocabulary?.length });
    // A generator of its own, so that the order of the data does not depend on the model.
    const minibatches = new Minibatches(dataset, model.data, train, new Random(train.seed + 1));
    const layout = new Layout(schedule(network));
    requireMemory(layout);
    return { network, minibatches, memory: new RunMemory(layout) };
  });
  const { parameters } = memory;
  initialise(parameters, network, train.seed);
  const trace = new Trace(network, memory.traceArrays());
  const example = dataset.batch(Int32Array.from({ length: train.batch }, (_, sequence) => sequence));
  const { executor, backend } = await chooseExecutor(choice, { memory, trace, places, example });
  const training = new Training({ network, spec: train, parameters, trace, executor, minibatches });
  const length = { epochs: train.epochs, iterationsPerEpoch: minibatches.perEpoch };
  return {
    training,
    dataset,
    network: describeNetwork(network, parameters, length),
    backend,
  };
}

export function failureOf(error: unknown): Failure {
  if (error instanceof RunError) return error.failure;
  if (error instanceof DivergenceError) {
    return { kind: 'diverged', message: error.message, iteration: error.iteration };
  }
  if (error instanceof BackendError) return { kind: 'backend', message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'internal', message };
}

function readDataFile({ uri, data }: CheckedModel): Uint8Array {
  try {
    return readFileSync(resolve(folderOf(uri, data), data.source.path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === undefined) throw error;
    throw new DataError(describeReadError(String(code), data.source.path), data.ranges.path);
  }
}

function folderOf(uri: string, data: DataSpec): string {
  if (uri.startsWith('file:')) return dirname(fileURLToPath(uri));
  throw new DataError(
    `Data files are found relative to the .rnn file, which is not on disk: save it first.`,
    data.ranges.path,
  );
}

function describeReadError(code: string, path: string): string {
  switch (code) {
    case 'ENOENT':
      return missingDataFile(path);
    case 'EISDIR':
      return `"${path}" is a folder. Name the file inside it.`;
    case 'EACCES':
      return `"${path}" may not be read: its permissions forbid it.`;
    default:
      return `"${path}" cannot be read (${code}).`;
  }
}

function asRunError<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!isAboutSource(error)) throw error;
    const kind = error instanceof DataError ? 'data' : 'source';
    const { message, source } = error;
    throw new RunError({ kind, message, problems: [{ message, source }] });
  }
}

function isAboutSource(error: unknown): error is Error & Problem {
  return error instanceof DataError || error instanceof MemoryError || error instanceof CompileError;
}

function problemOf({ message, source }: Diagnostic): Problem {
  return { message, source };
}
