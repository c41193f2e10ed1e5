/** The documentation of diagnostics: a page for each code, with an example that is wrong and one that is right. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiagnosticCode } from '../../../src/language/diagnostic-codes.ts';

const folder = new URL('../../../docs/diagnostics/', import.meta.url);

export interface Page {
  readonly code: DiagnosticCode;
  readonly text: string;
  readonly wrong: string;
  readonly right: string;
}

export const index = readFileSync(new URL('README.md', folder), 'utf8');

export const pages: readonly Page[] = readdirSync(folder)
  .filter((name) => name !== 'README.md')
  .map((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const [wrong = '', right = ''] = [...text.matchAll(/```rnn\n(.*?)```/gs)].map(([, example]) => example);
    return { code: name.replace(/\.md$/, '') as DiagnosticCode, text, wrong, right };
  });

/** What the examples read and import. */
const files = {
  'shakespeare.txt': 'To be, or not to be',
  'wave.csv': 'value\n1\n2\n',
  'cells.rnn': `cell Simple(units) {
  param W : [units, x] ~ glorot
  h = tanh(W @ x + h[t-1])
  output h
}

# As wide as what it receives.
cell Narrow(units) {
  param b : [units] = 0
  h = x + b
  output h
}
`,
};

export function writeFiles(to: string): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(to, name), text);
}
