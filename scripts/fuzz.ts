/**
 * `npm run fuzz`: asks the language server all that editors ask, about texts that are half written or spoilt: every prefix of
 * every example, of the prelude and of a file with everything, the same without any one of their tokens, and mutations by
 * chance; and changes every name. Prints what was asked, the slowest answers, and what was wrong with which text.
 *
 *   --mutations N   instead of 100,000; 0 leaves them out
 *   --every N       every Nth prefix, deletion and name only; 0 leaves them out
 *   --seed S        instead of one by the clock
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { assertFormatsSafely } from '../test/language/editor/formatted.ts';
import { LanguageClient } from '../test/language/language-client.ts';
import {
  applied,
  type Damage,
  deletionsOf,
  mutationsOf,
  namePlacesIn,
  prefixesOf,
} from '../test/language/robustness/damage.ts';
import { Interview, Tally } from '../test/language/robustness/interview.ts';
import { texts, writeTexts } from '../test/language/robustness/texts.ts';
import { step } from './support/progress.mjs';

const { values: options } = parseArgs({
  options: { mutations: { type: 'string' }, every: { type: 'string' }, seed: { type: 'string' } },
});
const mutations = Number(options.mutations ?? 100_000);
const every = Number(options.every ?? 1);
const seed = Number(options.seed ?? Date.now() % 2 ** 31);

/** So many failures are shown in full. */
const shown = 20;
/** Mutations are made in lots of this size. */
const lot = 1000;

/** Interviews a language server, and starts another where one failed. */
class Fuzzer {
  readonly tally = new Tally();
  readonly failures: string[] = [];
  private readonly folder: string;
  private client: LanguageClient | undefined;
  private readonly interviews = new Map<string, Interview>();

  constructor(folder: string) {
    this.folder = folder;
  }

  async examine(name: string, damage: Damage): Promise<void> {
    const text = applied(texts.get(name)!, damage.edits);
    await this.attempt(`${name} ${JSON.stringify(damage)}\n${JSON.stringify(text)}`, async () => {
      assertFormatsSafely(text);
      await (await this.interview(name)).about(damage);
    });
  }

  async examineName(name: string, place: number): Promise<void> {
    await this.attempt(`${name} at ${place}`, async () => (await this.interview(name)).aboutName(place));
  }

  private async attempt(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.failures.push(`${what}\n${(error as Error).message}`);
      await this.close();
    }
  }

  async close(): Promise<void> {
    this.interviews.clear();
    this.client?.kill();
    this.client = undefined;
  }

  private async interview(name: string): Promise<Interview> {
    const known = this.interviews.get(name);
    if (known) return known;
    this.client ??= await LanguageClient.start();
    const uri = pathToFileURL(join(this.folder, name)).href;
    const importer = name === 'cells.rnn' ? await this.interview('compare.rnn') : undefined;
    const interview = await Interview.open(this.client, uri, texts.get(name)!, this.tally, importer);
    this.interviews.set(name, interview);
    return interview;
  }
}

async function examineCutTexts(fuzzer: Fuzzer, report: (detail: string) => void): Promise<void> {
  for (const [name, text] of texts) {
    const cut = [...prefixesOf(text), ...deletionsOf(text)].filter((_, index) => index % every === 0);
    for (const [index, damage] of cut.entries()) {
      await fuzzer.examine(name, damage);
      report(`${name}, ${index + 1} of ${cut.length}, ${fuzzer.failures.length} failures`);
    }
    const places = namePlacesIn(text).filter((_, index) => index % every === 0);
    for (const place of places) await fuzzer.examineName(name, place);
  }
}

async function examineMutations(fuzzer: Fuzzer, report: (detail: string) => void): Promise<void> {
  const names = [...texts.keys()];
  const mutation = mutationsOf([...texts.values()]);
  for (let done = 0; done < mutations; done += lot) {
    const sample = fc.sample(mutation, { numRuns: Math.min(lot, mutations - done), seed: seed + done });
    for (const { source, damage } of sample) await fuzzer.examine(names[source]!, damage);
    report(`${done + sample.length} of ${mutations}, ${fuzzer.failures.length} failures`);
  }
}

function print({ tally, failures }: Fuzzer, seconds: number): void {
  for (const failure of failures.slice(0, shown)) console.log(`\n${failure}`);
  console.log(`\n${tally.texts} texts, ${tally.requests} requests in ${Math.round(seconds)} s, seed ${seed}`);
  const slowest = [...tally.slowest].toSorted(([, one], [, other]) => other - one);
  for (const [method, milliseconds] of slowest)
    console.log(`  ${milliseconds.toFixed(0).padStart(5)} ms  ${method}`);
  console.log(`${failures.length} failures`);
}

const started = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'unroll-fuzz-'));
const fuzzer = new Fuzzer(folder);
try {
  writeTexts(folder);
  if (every > 0) await step('Prefixes, deletions and names', (report) => examineCutTexts(fuzzer, report));
  if (mutations > 0) await step('Mutations', (report) => examineMutations(fuzzer, report));
} finally {
  await fuzzer.close();
  rmSync(folder, { recursive: true });
}
print(fuzzer, (performance.now() - started) / 1000);
process.exitCode = fuzzer.failures.length === 0 ? 0 : 1;
