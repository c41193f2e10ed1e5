import { EventEmitter } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { EngineCommand, EngineEvent, EngineTask } from '../protocol/engine.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Frame, HeatmapCell, MetricPoint, Watch } from '../protocol/frame.ts';
import { mostCurvePoints, thinMetrics } from '../protocol/metrics.ts';
import type { BackendDescription, NetworkDescription } from '../protocol/network.ts';
import type { Granularity, RunState } from '../protocol/position.ts';
import type { RunSnapshot } from '../protocol/webview.ts';
import { CommandQueue, type MoveCommand } from './command-queue.ts';
import { describeDeath } from './describe.ts';
import { type EngineLaunch, EngineProcess } from './engine-process.ts';
import { withOwnArrays } from './own-arrays.ts';
import { type ViewNeeds, Watches } from './watches.ts';

export interface StartRequest extends Omit<EngineTask, 'uri'> {
  readonly launch: EngineLaunch;
}

export interface SessionEvents {
  /** A new run stands before its first step: see `snapshot`. */
  started: [];
  /** `state` changed, or the newest frame or the metrics in `snapshot` did. */
  changed: [];
  failed: [failure: Failure];
  /** A line that the engine process wrote. */
  output: [line: string];
}

interface Run {
  readonly network: NetworkDescription;
  readonly backend: BackendDescription;
  frame: Frame;
  metrics: readonly MetricPoint[];
}

/**
 * The host's side of the runs of one `.rnn` file. It owns the engine process, of which there is at most one, and
 * knows where the run stands. The last run stays readable after a stop or a failure, until the next one has started.
 *
 * Steps that are pressed while another computes, or while the engine starts, wait in order and are all executed,
 * up to a bound beyond which a press is refused. `pause` drops those that wait. A step pressed while the run trains
 * freely means pause.
 */
export class Session extends EventEmitter<SessionEvents> {
  readonly uri: string;
  #state: RunState = 'stopped';
  #run: Run | undefined;
  #text: string | undefined;
  #train: string | undefined;
  #engine: EngineProcess | undefined;
  /** Settles when every engine that was told to end is gone. */
  #ended: Promise<unknown> = Promise.resolve();
  /** Counts starts and stops: whoever waited for an engine's end goes on only if nothing newer was asked for. */
  #attempt = 0;
  #startWaiters: (() => void)[] = [];
  #pauseSent = false;
  /** The engine waits to hear that a frame of its free run has been received. */
  #receiptDue = false;
  #sentWatch: Watch | undefined;
  readonly #queue = new CommandQueue();
  readonly #watches = new Watches();

  constructor(uri: string) {
    super();
    this.uri = uri;
  }

  get state(): RunState {
    return this.#state;
  }

  /** The current run, or the last one; undefined before the first has started. */
  get snapshot(): RunSnapshot | undefined {
    return this.#run && { state: this.#state, ...this.#run };
  }

  /** The `.rnn` file's text as it was when the run of `snapshot` started. */
  get text(): string | undefined {
    return this.#text;
  }

  /** Name of the `train` block whose run was asked for last; undefined where that was the first one. */
  get trainBlock(): string | undefined {
    return this.#train;
  }

  /** The engine's process id while there is an engine. */
  get pid(): number | undefined {
    return this.#engine?.pid;
  }

  /** Whether the next press of a step has to start a run first. A run that diverged stays to be looked at. */
  get needsStart(): boolean {
    return this.#state === 'stopped' || (this.#state === 'failed' && this.#engine === undefined);
  }

  /**
   * Starts a run, ending the one that there is. Settles once the run has started, failed to, or was stopped;
   * never rejects: failures are events.
   */
  async start(request: StartRequest): Promise<void> {
    const attempt = ++this.#attempt;
    this.#train = request.train;
    const settled = new Promise<void>((resolve) => this.#startWaiters.push(resolve));
    this.#queue.reset();
    this.#setState('starting');
    await this.#endEngine();
    if (attempt === this.#attempt) this.#launch(request);
    return settled;
  }

  /** Ends the run and its engine process; settles when the process is gone. */
  async stop(): Promise<void> {
    this.#attempt++;
    this.#queue.reset();
    const ended = this.#endEngine();
    this.#setState('stopped');
    await ended;
  }

  /** False if the press was refused: the run is over, or too many presses wait. */
  step(granularity: Granularity): boolean {
    if (this.#state === 'running' || this.#queue.hasTrain) {
      this.pause();
      return true;
    }
    return this.#move({ kind: 'step', granularity });
  }

  /** Runs freely, after the steps that wait. False if refused, as for `step`. */
  train(): boolean {
    if (this.#state === 'running' || this.#queue.hasTrain) return true;
    return this.#move({ kind: 'train' });
  }

  /** Stops a free run after the iteration in hand and drops the moves that wait. */
  pause(): void {
    this.#queue.clear();
    if (this.#state !== 'running' || this.#pauseSent) return;
    this.#pauseSent = true;
    this.#send({ kind: 'pause' });
  }

  /** Says what a view needs to see from now on; `undefined` when it is hidden or gone. */
  watch(view: string, needs: ViewNeeds | undefined): void {
    this.#watches.set(view, needs);
    this.#syncWatch();
    this.#sendReceipt();
  }

  /** A view that watches has no use yet, or has use again, for another frame of a free run. */
  setBusy(view: string, isBusy: boolean): void {
    this.#watches.setBusy(view, isBusy);
    this.#sendReceipt();
  }

  /** Says which cell of the watched heatmaps is being read from now on: frames tell its value. */
  read(cell: HeatmapCell | undefined): void {
    if (this.#run && this.#state !== 'starting') this.#send({ kind: 'read', cell });
  }

  #launch(request: StartRequest): void {
    const engine = new EngineProcess(request.launch);
    this.#engine = engine;
    this.#receiptDue = false;
    engine.on('output', (line) => this.emit('output', line));
    engine.on('event', (event) => {
      if (engine === this.#engine) this.#receive(event, request.text);
    });
    engine.exited.then((exit) => {
      if (engine !== this.#engine) return;
      this.#engine = undefined;
      const frame = this.#state === 'starting' ? undefined : this.#run?.frame;
      this.#fail(describeDeath(exit, frame));
    });
    this.#sentWatch = this.#watches.merged;
    const { text, train, backend } = request;
    this.#send({ kind: 'start', uri: this.uri, text, train, backend, watch: this.#sentWatch });
  }

  #receive(event: EngineEvent, text: string): void {
    switch (event.kind) {
      case 'started': {
        const { network, backend } = event;
        this.#run = { network, backend, frame: withOwnArrays(event.frame), metrics: [] };
        this.#text = text;
        this.#setState('paused');
        this.emit('started');
        this.#syncWatch();
        this.#sendNextMove();
        break;
      }
      case 'progress':
        this.#progress(event);
        break;
      case 'frame':
        if (this.#run) this.#run.frame = withOwnArrays(event.frame);
        this.emit('changed');
        break;
      case 'reading':
        if (this.#run) this.#run.frame = { ...this.#run.frame, reading: event.reading };
        this.emit('changed');
        break;
      case 'gradientsChecked':
        // Engines of their own check gradients.
        break;
      case 'failed':
        this.#fail(event.failure);
        break;
    }
  }

  #progress({ state, frame, metrics }: Extract<EngineEvent, { kind: 'progress' }>): void {
    if (!this.#run) return;
    this.#run.frame = withOwnArrays(frame);
    this.#run.metrics = thinMetrics([...this.#run.metrics, ...metrics], mostCurvePoints);
    // A run that diverged stays so, whatever the engine still reports of the step that ended in it.
    if (this.#state !== 'failed') this.#changeState(state);
    this.emit('changed');
    if (state === 'running') {
      this.#receiptDue = true;
      this.#sendReceipt();
      return;
    }
    this.#queue.answered();
    this.#pauseSent = false;
    if (state === 'finished') this.#queue.clear();
    this.#sendNextMove();
  }

  /** Once a view has use for the next frame: what nobody would draw need not be made. */
  #sendReceipt(): void {
    if (!this.#receiptDue || this.#watches.areBusy) return;
    this.#receiptDue = false;
    this.#send({ kind: 'received' });
  }

  #fail(failure: Failure): void {
    this.#queue.reset();
    // A run that diverged can be looked at, and its other panels opened, so that its engine lives on.
    if (failure.kind !== 'diverged') void this.#endEngine();
    this.#setState('failed');
    this.emit('failed', failure);
  }

  #move(command: MoveCommand): boolean {
    if (this.#state !== 'starting' && this.#state !== 'paused') return false;
    const accepted = this.#queue.push(command);
    this.#sendNextMove();
    return accepted;
  }

  #sendNextMove(): void {
    if (this.#state !== 'paused') return;
    const command = this.#queue.take();
    if (!command) return;
    this.#pauseSent = false;
    this.#send(command);
    // Without waiting for the engine's word, so that a pause pressed right away is not lost.
    if (command.kind === 'train') this.#setState('running');
  }

  #syncWatch(): void {
    // An engine that is still starting has been told what was watched then; the rest follows when it has started.
    if (!this.#engine || this.#state === 'starting') return;
    const watch = this.#watches.merged;
    if (isDeepStrictEqual(watch, this.#sentWatch)) return;
    this.#sentWatch = watch;
    this.#send({ kind: 'watch', watch });
  }

  #send(command: EngineCommand): void {
    this.#engine?.send(command);
  }

  #endEngine(): Promise<unknown> {
    const engine = this.#engine;
    this.#engine = undefined;
    if (engine) this.#ended = Promise.all([this.#ended, engine.kill()]);
    return this.#ended;
  }

  #setState(state: RunState): void {
    this.#changeState(state);
    this.emit('changed');
  }

  #changeState(state: RunState): void {
    this.#state = state;
    if (state === 'starting') return;
    for (const resolve of this.#startWaiters.splice(0)) resolve();
  }
}
