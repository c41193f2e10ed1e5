/** The contestant's end of the protocol, for contestants that run in Node. */
import { createInterface } from 'node:readline';
import type { ContestantAnswer, ContestantCommand, Prepared, RunCommand } from './protocol.ts';

export interface PreparedNetwork {
  readonly description: Omit<Prepared, 'kind'>;
  /** One iteration, from tokens to updated parameters; its mean loss. */
  iterate(): number;
  dispose(): void;
}

/** Answers commands until the bench closes our standard input. */
export async function serve(prepare: (folder: string) => Promise<PreparedNetwork>): Promise<void> {
  let network: PreparedNetwork | undefined;

  async function answer(command: ContestantCommand): Promise<ContestantAnswer> {
    switch (command.kind) {
      case 'prepare':
        network?.dispose();
        network = await prepare(command.folder);
        return { kind: 'prepared', ...network.description };
      case 'run':
        if (network === undefined) throw new Error('Nothing is prepared.');
        return run(network, command);
      case 'release':
        network?.dispose();
        network = undefined;
        return { kind: 'released' };
    }
  }

  send({ kind: 'ready' });
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      send(await answer(JSON.parse(line) as ContestantCommand));
    } catch (error) {
      send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }
}

function run(network: PreparedNetwork, command: RunCommand): ContestantAnswer {
  const milliseconds: number[] = [];
  const losses: number[] = [];
  const end = performance.now() + command.milliseconds;
  do {
    const started = performance.now();
    losses.push(network.iterate());
    milliseconds.push(performance.now() - started);
  } while (milliseconds.length < command.iterations && performance.now() < end);
  return { kind: 'ran', milliseconds, losses, residentBytes: process.memoryUsage.rss() };
}

function send(answer: ContestantAnswer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
