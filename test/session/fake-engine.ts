/**
 * A child process that speaks the engine's side of the protocol without computing anything. The text of `start` is
 * JSON that says how it behaves. Every frame carries, as the sample's inputs, the commands received so far, save those
 * that only keep a free run going.
 */
import type { EngineCommand, EngineEvent, EngineTask } from '../../src/protocol/engine.ts';
import type { Failure } from '../../src/protocol/failure.ts';
import type { Frame, MetricPoint } from '../../src/protocol/frame.ts';
import type { GradientReport } from '../../src/protocol/gradient-check.ts';
import type { Phase, Position, RunState } from '../../src/protocol/position.ts';

export interface Behaviour {
  readonly timeSteps?: number;
  /** How long a step takes. */
  readonly stepMilliseconds?: number;
  /** The number of the step (from 1) in which the process ends itself, and how. */
  readonly dieInStep?: { readonly step: number; readonly by: NodeJS.Signals | number };
  /** Ends before it answers `start`, with this last line on stderr. */
  readonly dieAtStart?: string;
  readonly failAtStart?: Failure;
  /** The number of the step that diverges. */
  readonly divergeInStep?: number;
  /** The run ends with this step. */
  readonly finishInStep?: number;
  /** What `checkGradients` is answered with. */
  readonly report?: GradientReport;
  readonly ignoresSigterm?: boolean;
  /** Iterations between two frames of a free run. */
  readonly iterationsPerFrame?: number;
}

let behaviour: Behaviour = {};
const received: string[] = [];
let position: Position = { iteration: 1, phase: 'forward', t: 0 };
let steps = 0;
let training: NodeJS.Timeout | undefined;
let iterations = 0;

const timeSteps = () => behaviour.timeSteps ?? 3;

function frame(): Frame {
  return {
    position,
    timeSteps: timeSteps(),
    forwardThrough: 0,
    backwardFrom: timeSteps() + 1,
    loss: undefined,
    norms: [{ layer: 'layers.0', quantity: 'h', content: 'value', norms: Float32Array.of(1, 2, steps) }],
    heatmaps: [],
    reading: undefined,
    sample: { index: 0, inputs: [...received], targets: [], predictions: [] },
  };
}

function after({ iteration, phase, t }: Position): Position {
  const T = timeSteps();
  const at = (next: Phase, time: number): Position => ({ iteration, phase: next, t: time });
  switch (phase) {
    case 'forward':
      return t < T ? at('forward', t + 1) : at('loss', 0);
    case 'loss':
      return at('backward', T);
    case 'backward':
      return t > 1 ? at('backward', t - 1) : at('update', 0);
    case 'update':
      return { iteration: iteration + 1, phase: 'forward', t: 1 };
  }
}

const send = (event: EngineEvent) => process.send?.(event);
const progress = (state: RunState, metrics: MetricPoint[] = []) =>
  send({ kind: 'progress', state, frame: frame(), metrics });

/** Whose loss is its number. */
function nextIteration(): MetricPoint {
  iterations++;
  const norms = { gradientNorm: 1, clippedGradientNorm: 1 };
  return { iteration: iterations, epoch: 1, loss: iterations, ...norms, milliseconds: 1 };
}

/** One frame of a free run; the next one follows when it was received. */
function train(): void {
  const { iterationsPerFrame = 0 } = behaviour;
  progress('running', Array.from({ length: iterationsPerFrame }, nextIteration));
}

function begin(command: EngineTask): void {
  behaviour = JSON.parse(command.text);
  if (command.train !== undefined) received.push(`of ${command.train}`);
  if (behaviour.ignoresSigterm) process.on('SIGTERM', () => {});
  if (behaviour.dieAtStart !== undefined) {
    console.error(behaviour.dieAtStart);
    process.exit(7);
  }
}

function start(command: EngineTask): void {
  begin(command);
  if (behaviour.failAtStart) {
    send({ kind: 'failed', failure: behaviour.failAtStart });
    return;
  }
  const network = {
    layers: [],
    timeSteps: timeSteps(),
    batchSize: 2,
    parameterCount: 1,
    iterationsPerEpoch: 1,
    epochs: 1,
    loss: 'mse',
  } as const;
  const backend = { name: 'compiled', label: 'fake', reason: 'a test' } as const;
  send({ kind: 'started', network, backend, frame: frame() });
}

function step(): void {
  steps++;
  if (behaviour.dieInStep?.step === steps) {
    const { by } = behaviour.dieInStep;
    if (typeof by === 'number') process.exit(by);
    process.kill(process.pid, by);
    return;
  }
  position = after(position);
  if (behaviour.divergeInStep === steps) {
    const { iteration } = position;
    send({ kind: 'failed', failure: { kind: 'diverged', message: 'The loss is NaN.', iteration } });
  } else progress(behaviour.finishInStep === steps ? 'finished' : 'paused');
}

function receive(command: EngineCommand): void {
  switch (command.kind) {
    case 'start':
      start(command);
      break;
    case 'checkGradients':
      begin(command);
      if (behaviour.failAtStart) send({ kind: 'failed', failure: behaviour.failAtStart });
      else if (behaviour.report) send({ kind: 'gradientsChecked', report: behaviour.report });
      break;
    case 'step':
      received.push(command.granularity);
      setTimeout(step, behaviour.stepMilliseconds ?? 0);
      break;
    case 'train':
      received.push('train');
      train();
      break;
    case 'received':
      training = setTimeout(train, 5);
      break;
    case 'read':
      received.push(`read ${JSON.stringify(command.cell)}`);
      send({
        kind: 'reading',
        reading: command.cell && {
          ...command.cell,
          layer: 'layers.0',
          content: 'value',
          sample: 0,
          value: 0.25,
        },
      });
      break;
    case 'pause':
      received.push('pause');
      clearTimeout(training);
      progress('paused');
      break;
    case 'watch':
      received.push(`watch ${JSON.stringify(command.watch)}`);
      send({ kind: 'frame', frame: frame() });
      break;
  }
}

process.on('message', (command) => receive(command as EngineCommand));
process.on('disconnect', () => process.exit());
