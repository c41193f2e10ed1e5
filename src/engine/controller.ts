/** Answers the host's commands with events: the engine process without its process. */
import type { Analysis } from '../language/checked-model.ts';
import type { EngineCommand, EngineEvent } from '../protocol/engine.ts';
import type { Watch } from '../protocol/frame.ts';
import type { Granularity, RunState } from '../protocol/position.ts';
import { type BackendPlaces, loadBackend } from './backend.ts';
import { Observer } from './frame.ts';
import { createRun, failureOf, loadDataset, modelOf, type Run } from './run.ts';

export interface ControllerOptions {
  analyze(uri: string, text: string): Promise<Analysis>;
  readonly places: BackendPlaces;
  send(event: EngineEvent): void;
}

interface ObservedRun extends Run {
  readonly observer: Observer;
}

/** Pictures of a free run are worth no more than this. */
const millisecondsBetweenProgress = 50;

export class Controller {
  private readonly options: ControllerOptions;
  private run: ObservedRun | undefined;
  private watch: Watch = { unrolled: false, gates: undefined, gradientFlow: false, sample: 0 };
  private state: RunState = 'starting';

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
      case 'step':
        return this.step(command.granularity);
      case 'train':
        return this.train();
      case 'pause':
        return this.pause();
      case 'watch':
        this.watch = command.watch;
        if (this.run !== undefined)
          this.options.send({ kind: 'frame', frame: this.run.observer.observe(this.watch) });
        return;
    }
  }

  private async start(command: Extract<EngineCommand, { kind: 'start' }>): Promise<void> {
    const { uri, text, backend, watch } = command;
    const model = modelOf(await this.options.analyze(uri, text), uri);
    const dataset = loadDataset(model);
    const run = createRun(model, dataset, await loadBackend(backend, this.options.places));
    const observer = new Observer(run.training, dataset);
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
    let sent = Number.NEGATIVE_INFINITY;
    while (this.state === 'running') {
      run.training.step('iteration');
      if (run.training.isFinished) this.state = 'finished';
      if (performance.now() - sent >= millisecondsBetweenProgress || this.state !== 'running') {
        this.sendProgress(run);
        sent = performance.now();
      }
      // Lets the host's commands in.
      await new Promise((resolve) => setImmediate(resolve));
    }
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
