/**
 * What a person waits for while typing: from a keystroke to the diagnostics of the new text and to the list of
 * completions, in files of 500 and of 5,000 lines; and what the server keeps of an hour of typing.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LanguageClient } from '../test/language/language-client.ts';
import { root } from '../test/support/engine.ts';
import { type Figure, figure } from './figures.ts';

const example = readFileSync(join(root, 'examples/shakespeare.rnn'), 'utf8');
const prelude = readFileSync(join(root, 'src/language/prelude.rnn'), 'utf8');

/** Typed into a cell in the middle of the file, letter by letter, and deleted again. */
const equation = '\n  extra = sigmoid(W @ x + U @ h[t-1] + b)';
/** Two keystrokes a second, about as many as in an hour of writing. */
const keystrokesOfAnHour = 7200;

export async function typingFigures(): Promise<Figure[]> {
  const client = await LanguageClient.start(join(root, 'dist/server.cjs'));
  try {
    return [
      ...(await typingIn(client, 500, 5)),
      ...(await typingIn(client, 5000, 2)),
      ...(await memoryOfAnHour(client)),
    ];
  } finally {
    await client.close();
  }
}

async function typingIn(client: LanguageClient, lines: number, rounds: number): Promise<Figure[]> {
  const typist = await Typist.open(client, lines);
  const diagnostics: number[] = [];
  const completions: number[] = [];
  await typist.round();
  for (let round = 0; round < rounds; round += 1) {
    const times = await typist.round();
    diagnostics.push(...times.diagnostics);
    completions.push(...times.completions);
  }
  const where = `in a file of ${typist.lines} lines`;
  return [
    figure(`keystroke to diagnostics ${where}`, 'ms', diagnostics),
    figure(`keystroke to completions ${where}`, 'ms', completions),
  ];
}

async function memoryOfAnHour(client: LanguageClient): Promise<Figure[]> {
  const typist = await Typist.open(client, 500);
  await typist.round();
  const before = residentMegabytes(client.processId);
  for (let keys = 0; keys < keystrokesOfAnHour; keys += 2 * equation.length) await typist.round();
  const after = residentMegabytes(client.processId);
  return [
    figure('memory of the language server with three files open', 'MB', [before]),
    figure(`the same after ${keystrokesOfAnHour} more keystrokes, each with completions`, 'MB', [after]),
  ];
}

function residentMegabytes(processId: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(processId)], { encoding: 'utf8' })) / 1024;
}

/** Types into a file that is open in the server. */
class Typist {
  readonly lines: number;
  private readonly client: LanguageClient;
  private readonly uri: string;
  /** Where typing starts: the end of a line inside a cell. */
  private readonly start: { readonly line: number; readonly character: number };

  private constructor(client: LanguageClient, uri: string, text: string) {
    this.client = client;
    this.uri = uri;
    const lines = text.split('\n');
    this.lines = lines.length;
    const line = lines.findIndex((each, index) => index > lines.length / 2 && each.startsWith('  param b'));
    this.start = { line, character: lines[line]!.length };
  }

  static async open(client: LanguageClient, lines: number): Promise<Typist> {
    const text = fileOf(lines);
    const uri = `file:///typing-${lines}-${performance.now()}.rnn`;
    await client.write(uri, text);
    return new Typist(client, uri, text);
  }

  /** Milliseconds from each keystroke to what it brings about. */
  async round(): Promise<{ readonly diagnostics: number[]; readonly completions: number[] }> {
    const diagnostics: number[] = [];
    const completions: number[] = [];
    const { line, character } = this.start;
    let end = this.start;
    for (const key of equation) {
      const began = performance.now();
      const checked = this.client.edit(this.uri, { start: end, end }, key);
      end = key === '\n' ? { line: line + 1, character: 0 } : { ...end, character: end.character + 1 };
      // As an editor does, at once and not after the diagnostics.
      const completed = this.client.complete(this.uri, end);
      await Promise.all([
        checked.then(() => diagnostics.push(performance.now() - began)),
        completed.then(() => completions.push(performance.now() - began)),
      ]);
    }
    await this.client.edit(this.uri, { start: { line, character }, end }, '');
    return { diagnostics, completions };
  }
}

/** The prelude's cells, over and over under other names, and a model. */
function fileOf(lines: number): string {
  let text = '';
  for (let copy = 1; text.split('\n').length < lines - example.split('\n').length; copy += 1) {
    const [, ...cells] = prelude.split(/(?=^cell )/m);
    for (const cell of cells) {
      if (text.split('\n').length >= lines - example.split('\n').length) break;
      text += cell.replace(/^cell (\w+)/, `cell $1Of${copy}`);
    }
  }
  return text + example;
}
