/** Answers the host's commands with events: the engine process without its process. */
import type { Analysis } from '../language/checked-model.ts';
import type { EngineCommand, EngineEvent, EngineTask } from '../protocol/engine.ts';
import type { HeatmapCell, Watch } from '../protocol/frame.ts';
import type { Granularity, RunState } from '../protocol/position.ts';
import type { BackendPlaces } from './backend.ts';
import { Observer } from './frame.ts';
import { FramePacer } from './frame-pacer.ts';
import { checkGradients } from './gradient-check.ts';
import { createRun, failureOf, loadDataset, modelOf, type Run } from './run.ts';
import type { Training } from './training.ts';

export interface ControllerOptions {
  analyze(uri: string, text: string): Promise<Analysis>;
  readonly places: BackendPlaces;
  send(event: EngineEvent): void;
}

interface ObservedRun extends Run {
  readonly observer: Observer;
}

/** How long a free run trains before it looks at the host's commands: a turn of the event loop costs as much as a small iteration. */
const millisecondsOfTurn = 4;

export class Controller {
  private readonly options: ControllerOptions;
  private run: ObservedRun | undefined;
  private watch: Watch = { unrolled: false, gates: undefined, gradientFlow: false, sample: 0 };
  private state: RunState = 'starting';
  private readonly pacer = new FramePacer(() => performance.now());

  constructor(options: ControllerOptions) {
    this.options = options;
  }

  async receive(command: EngineCommand): Promise<void> {
    try {
      await this.answer(command);
    } catch (error) {
      this.state = 'failed';
      // The numbers that went wrong are worth looking at.
      if (this.run !== undefined) this.sendProgress(this.run);
      this.options.send({ kind: 'failed', failure: failureOf(error) });
    }
  }

  private async answer(command: EngineCommand): Promise<void> {
    switch (command.kind) {
      case 'start':
        return this.start(command);
      case 'checkGradients':
        return this.checkGradients(command);
      case 'step':
        return this.step(command.granularity);
      case 'train':
        return this.train();
      case 'pause':
        return this.pause();
      case 'watch':
        return this.setWatch(command.watch);
      case 'read':
        return this.read(command.cell);
      case 'received':
        return this.pacer.arrived();
    }
  }

  private async start(command: Extract<EngineCommand, { kind: 'start' }>): Promise<void> {
    const { watch } = command;
    const run = await this.createRun(command);
    const observer = new Observer(run.training, run.dataset);
    this.run = { ...run, observer };
    this.watch = watch;
    this.state = 'paused';
    this.options.send({
      kind: 'started',
      network: run.network,
      backend: run.backend,
      frame: observer.observe(watch),
    });
  }

  private async createRun({ uri, text, train, backend }: EngineTask): Promise<Run> {
    const model = modelOf(await this.options.analyze(uri, text), uri, train);
    return createRun(model, loadDataset(model), { choice: backend, places: this.options.places });
  }

  private async checkGradients(task: EngineTask): Promise<void> {
    const run = await this.createRun(task);
    try {
      this.options.send({ kind: 'gradientsChecked', report: checkGradients(run) });
    } finally {
      run.training.dispose();
    }
  }

  private step(granularity: Granularity): void {
    const { run } = this;
    if (run === undefined || this.state === 'failed') return;
    if (this.state === 'running') return this.pause();
    run.training.step(granularity);
    this.state = run.training.isFinished ? 'finished' : 'paused';
    this.sendProgress(run);
  }

  /** Returns when the run has been paused, has finished or has failed. */
  private async train(): Promise<void> {
    const { run } = this;
    if (run === undefined || this.state !== 'paused') return;
    this.state = 'running';
    this.pacer.hurry();
    while (this.state === 'running') {
      const finished = this.trainForATurn(run.training);
      if (finished) this.finish(run);
      else if (this.pacer.isDue) this.pacer.send(hasPictures(this.watch), () => this.sendProgress(run));
      // Lets the host's commands in.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** At least one iteration; whether it was the run's last. */
  private trainForATurn(training: Training): boolean {
    const end = performance.now() + millisecondsOfTurn;
    do training.step('iteration');
    while (!training.isFinished && performance.now() < end);
    return training.isFinished;
  }

  private finish(run: ObservedRun): void {
    this.state = 'finished';
    this.sendProgress(run);
  }

  private setWatch(watch: Watch): void {
    this.watch = watch;
    if (this.state === 'running') this.pacer.hurry();
    else if (this.run !== undefined)
      this.options.send({ kind: 'frame', frame: this.run.observer.observe(watch) });
  }

  private read(cell: HeatmapCell | undefined): void {
    if (this.run === undefined) return;
    const { observer } = this.run;
    observer.cell = cell;
    this.options.send({ kind: 'reading', reading: observer.reading() });
  }

  private pause(): void {
    if (this.run === undefined || this.state !== 'running') return;
    this.state = 'paused';
    this.sendProgress(this.run);
  }

  private sendProgress({ training, observer }: ObservedRun): void {
    const { state } = this;
    this.options.send({
      kind: 'progress',
      state,
      frame: observer.observe(this.watch),
      metrics: training.takeMetrics(),
    });
  }
}

function hasPictures({ unrolled, gates, gradientFlow }: Watch): boolean {
  return unrolled || gates !== undefined || gradientFlow;
}
