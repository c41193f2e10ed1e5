import type { ProgramExports } from './program-module.ts';
import type { Task } from './rendezvous.ts';
import type { Samples } from './shares.ts';

/** One thread's share of a task. */
export function runShare(program: ProgramExports, task: Task, thread: number, samples: Samples): void {
  switch (task.kind) {
    case 'walk':
      if (samples.count > 0) program.walks[task.walk]!(task.from, task.to, samples.first, samples.count);
      return;
    case 'gradients':
      return program.gradients[thread]!();
    case 'stop':
      return;
  }
}
