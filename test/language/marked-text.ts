/** Texts with expected places marked by «», and the analyzer that tests share. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { createAnalyzer } from '../../src/language/analyze.ts';
import type { Diagnostic } from '../../src/language/checked-model.ts';

export const uri = 'file:///project/test.rnn';

const preludePath = new URL('../../src/language/prelude.rnn', import.meta.url);
export const prelude = { uri: preludePath.href, text: readFileSync(preludePath, 'utf8') };
/** Files that texts import: those of the examples. */
const importable: ReadonlyMap<string, string> = new Map(
  ['cells.rnn'].map((name) => {
    const text = readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
    return [new URL(name, uri).href, text];
  }),
);
export const analyzer = createAnalyzer(prelude, async (address) => importable.get(address));

export interface Place {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** The text without its marks, and the marked places in order. */
export function unmark(marked: string): { readonly text: string; readonly places: readonly Place[] } {
  let text = '';
  const places: { start: Place['start']; end: Place['end'] }[] = [];
  const here = () => {
    const lines = text.split('\n');
    return { line: lines.length - 1, character: lines.at(-1)!.length };
  };
  let start = here();
  for (const character of marked) {
    if (character === '«') start = here();
    else if (character === '»') places.push({ start, end: here() });
    else text += character;
  }
  return { text, places };
}

/** Expects exactly the marked diagnostics, in the order of their places. */
export async function expectDiagnostics(
  marked: string,
  expected: readonly (readonly [severity: Diagnostic['severity'], code: string, message: RegExp | string])[],
): Promise<void> {
  const { text, places } = unmark(marked);
  const {
    diagnostics,
    models: [model],
  } = await analyzer.analyze(uri, text);
  const found = diagnostics.map(({ severity, code, source }) => ({
    severity,
    code,
    start: source.start,
    end: source.end,
  }));
  const wanted = expected.map(([severity, code], index) => ({ severity, code, ...places[index] }));
  assert.deepEqual(found, wanted, diagnostics.map((diagnostic) => diagnostic.message).join('\n'));
  for (const [index, [, , message]] of expected.entries()) {
    const actual = diagnostics[index]!.message;
    if (typeof message === 'string') assert.equal(actual, message);
    else assert.match(actual, message);
  }
  if (expected.some(([severity]) => severity === 'error')) assert.equal(model, undefined);
}

const blocks = {
  data: 'data d {\n  source = text("a.txt")\n  window = 5\n}',
  cell: '',
  model: 'model {\n  onehot\n  LSTM(8)\n  dense\n  softmax\n}',
  train: 'train {\n  loss = cross_entropy\n  optimizer = adam\n  batch = 4\n}',
};

export const csvData =
  'data d {\n  source = csv("a.csv")\n  inputs = ["a", "b"]\n  targets = ["c"]\n  window = 5\n}';
export const regression = {
  data: csvData,
  model: 'model {\n  GRU(8)\n  dense\n  linear\n}',
  train: 'train {\n  loss = mse\n  optimizer = sgd(lr = 0.1)\n  batch = 4\n}',
};

/** A file without errors, with some of its blocks replaced. */
export function fileOf(replaced: Partial<typeof blocks> = {}): string {
  const { data, cell, model, train } = { ...blocks, ...replaced };
  return [data, cell, model, train].join('\n\n');
}

/** A file whose model uses a cell with the given lines, over 3 inputs. */
export function fileWithCell(lines: string, head = 'cell A(units)', use = 'A(8)'): string {
  return fileOf({
    data: 'data d {\n  source = csv("a.csv")\n  inputs = ["p", "q", "r"]\n  targets = ["c"]\n  window = 5\n}',
    cell: `${head} {\n${lines}\n}`,
    model: `model {\n  ${use}\n  dense\n  linear\n}`,
    train: regression.train,
  });
}

export type Row = readonly [what: string, marked: string, code: string, message: RegExp | string];

/** One test for each row: a text whose one diagnostic is the marked one. */
export function expectEach(severity: Diagnostic['severity'], rows: readonly Row[]): void {
  for (const [what, marked, code, message] of rows) {
    it(what, () => expectDiagnostics(marked, [[severity, code, message]]));
  }
}
