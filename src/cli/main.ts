#!/usr/bin/env node
/** `unroll check | train | trace | check-gradients FILE.rnn`: the engine from a terminal. */
import { parseArgs } from 'node:util';
import { BackendError } from '../engine/backend.ts';
import { installationOf } from '../engine/installation.ts';
import { RunError } from '../engine/run.ts';
import { DivergenceError } from '../engine/training.ts';
import type { BackendChoice } from '../protocol/network.ts';
import { check } from './check.ts';
import { checkGradients } from './check-gradients.ts';
import { trace } from './trace.ts';
import { train } from './train.ts';

const usage = `Usage: unroll check FILE.rnn …
       unroll train FILE.rnn [--iterations N] [--metrics FILE.jsonl]
       unroll trace FILE.rnn --out FILE.safetensors [--iterations N]
       unroll check-gradients FILE.rnn

check    prints what is wrong as file:line:col: error: …; exit code 1 where there are errors
train    trains and shows progress; --metrics writes a line of JSON for every iteration
trace    runs N iterations (default 1) and writes the last one's parameters, inputs, targets,
         quantities and adjoints, time first, to a safetensors file
check-gradients
         compares the gradient of every parameter with finite differences of the loss, on the
         first minibatch; exit code 1 where one is wrong

--train NAME
         which of several train blocks (default the first)
--backend auto|compiled|hybrid|tensorflow
         what computes: the model compiled to WebAssembly, that with TensorFlow for its large
         products, or TensorFlow alone (default auto: whichever proves fastest on the model)
--help   this text`;

/** The parser needs `Object.groupBy`. */
const oldestNode = 22;

/** A mistake in how the command was called. */
class UsageError extends Error {}

async function main(): Promise<number> {
  const [major] = process.versions.node.split('.');
  if (Number(major) < oldestNode) {
    throw new UsageError(`Node ${oldestNode} or later is needed; this is ${process.version}.`);
  }
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      backend: { type: 'string', default: 'auto' },
      iterations: { type: 'string' },
      metrics: { type: 'string' },
      out: { type: 'string' },
      train: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [command, ...paths] = positionals;
  const installation = installationOf(process.argv[1]!);
  const run = { backend: parseBackend(values.backend), train: values.train };
  const iterations = parseIterations(values.iterations);
  switch (command) {
    case 'check':
      return check(atLeastOne(paths), installation);
    case 'train':
      return train(onlyOne(paths), installation, { ...run, iterations, metrics: values.metrics });
    case 'trace':
      if (values.out === undefined) throw new UsageError('trace needs --out FILE.safetensors.');
      return trace(onlyOne(paths), installation, { ...run, iterations: iterations ?? 1, out: values.out });
    case 'check-gradients':
      return checkGradients(onlyOne(paths), installation, run);
    default:
      throw new UsageError(command === undefined ? 'Which command?' : `There is no command "${command}".`);
  }
}

function parseBackend(name: string): BackendChoice {
  const choices = ['auto', 'compiled', 'hybrid', 'tensorflow'] as const;
  const choice = choices.find((each) => each === name);
  if (choice === undefined) throw new UsageError(`--backend is one of ${choices.join(', ')}, not "${name}".`);
  return choice;
}

function parseIterations(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new UsageError(`--iterations takes a whole number from 1, not "${text}".`);
}

function atLeastOne(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) throw new UsageError('Name a .rnn file.');
  return paths;
}

function onlyOne(paths: readonly string[]): string {
  const [path, ...rest] = atLeastOne(paths);
  if (path === undefined || rest.length > 0) throw new UsageError('Name one .rnn file.');
  return path;
}

function isUsageError(error: Error): boolean {
  return error instanceof UsageError || ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
}

/** What went wrong with the file or the training is the user's to mend; anything else is a defect with its stack. */
function report(error: unknown): void {
  if (error instanceof Error && isUsageError(error)) console.error(`unroll: ${error.message}\n\n${usage}`);
  else if (isExpected(error)) console.error(`unroll: ${error.message}`);
  else console.error(error);
}

function isExpected(error: unknown): error is Error {
  return error instanceof RunError || error instanceof DivergenceError || error instanceof BackendError;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    report(error);
    process.exitCode = 2;
  },
);
