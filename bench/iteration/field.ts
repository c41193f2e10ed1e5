/** Who takes part: our backends, tfjs-layers on tfjs-node, and PyTorch where the machine has it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { backendNames, root } from '../../test/support/engine.ts';
import type { BenchCell } from './cells.ts';
import { Contestant, type ContestantProgram } from './contestant.ts';

export const pytorchFused = 'PyTorch fused';
export const pytorchLoop = 'PyTorch loop, all kept';
/** Ours as a user has it, unless the settings say otherwise. */
export const auto = 'auto';

/** The program named by the variable `PYTHON`, or `python3`, if it can import torch. */
export interface Python {
  readonly command: string;
  /** e.g. `PyTorch 2.13.0` */
  readonly label: string;
}

export function findPyTorch(): Python | undefined {
  const command = process.env.PYTHON ?? 'python3';
  const { status, stdout } = spawnSync(command, ['-c', 'import torch; print(torch.__version__)'], {
    encoding: 'utf8',
  });
  return status === 0 ? { command, label: `PyTorch ${stdout.trim()}` } : undefined;
}

/** Whether a contestant knows a cell. */
export function takesPart(name: string, cell: BenchCell): boolean {
  if (name === pytorchFused) return cell.fused !== undefined;
  if (name === 'tfjs-layers') return cell.isInTfjsLayers === true;
  return true;
}

/** The processes of all contestants with one number of threads, each started when it is first needed. */
export class Field {
  readonly names: readonly string[];
  private readonly programs: ReadonlyMap<string, ContestantProgram>;
  private readonly running = new Map<string, Contestant>();

  constructor(threads: number, python: Python | undefined) {
    const programs = programsOf(threads, python);
    this.programs = new Map(programs.map((program) => [program.name, program]));
    this.names = [...this.programs.keys()];
  }

  /**
   * @param twin of another contestant of the same name, which computes something else at the same time
   * @throws {ContestantError} where it does not load
   */
  async contestant(name: string, twin = false): Promise<Contestant> {
    const key = twin ? `${name}, twin` : name;
    const contestant = this.running.get(key) ?? (await Contestant.start(this.programs.get(name)!));
    this.running.set(key, contestant);
    return contestant;
  }

  /** Ends a process that cannot be used any more; the next that is asked for is a new one. */
  replace(contestant: Contestant): void {
    for (const [key, each] of this.running) if (each === contestant) this.running.delete(key);
    contestant.kill();
  }

  close(): void {
    for (const contestant of this.running.values()) contestant.kill();
    this.running.clear();
  }
}

export function oursProgram(backend: string, threads: number): ContestantProgram {
  return node(backend, 'ours.ts', backend, String(threads));
}

function programsOf(threads: number, python: Python | undefined): ContestantProgram[] {
  const count = String(threads);
  const ours = [...backendNames, auto].map((name) => oursProgram(name, threads));
  const hasTfjsNode = backendNames.includes('tensorflow');
  const tfjsLayers = hasTfjsNode ? [node('tfjs-layers', 'tfjs-layers.ts', count)] : [];
  if (python === undefined) return [...ours, ...tfjsLayers];
  const script = join(root, 'bench/pytorch/main.py');
  const pytorch = (name: string, way: string): ContestantProgram => ({
    name,
    command: python.command,
    arguments: [script, way, count],
  });
  return [...ours, ...tfjsLayers, pytorch(pytorchFused, 'fused'), pytorch(pytorchLoop, 'loop')];
}

function node(name: string, file: string, ...given: string[]): ContestantProgram {
  return { name, command: process.execPath, arguments: [join(root, 'bench/iteration', file), ...given] };
}
