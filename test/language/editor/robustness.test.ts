/** Half written and spoilt texts: the server answers whatever editors ask. `npm run fuzz` asks about many more of them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { LanguageClient } from '../language-client.ts';
import { fileOf, fileWithCell, regression } from '../marked-text.ts';
import { deletionsOf, mutationsOf, namePlacesIn, prefixesOf } from '../robustness/damage.ts';
import { Interview, Tally } from '../robustness/interview.ts';
import { texts, writeTexts } from '../robustness/texts.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-robustness-'));
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
const interviews = new Map<string, Interview>();
let client: LanguageClient;

before(async () => {
  writeTexts(folder);
  client = await LanguageClient.start();
  for (const [name, text] of texts) await open(name, text);
});
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

async function open(name: string, text: string): Promise<Interview> {
  // A file that is asked about while one that it imports is spoilt.
  const importer = name === 'cells.rnn' ? await open('compare.rnn', texts.get('compare.rnn')!) : undefined;
  const interview = await Interview.open(client, uriOf(name), text, new Tally(), importer);
  interviews.set(name, interview);
  return interview;
}

/** So many prefixes, deletions and names of each text are tried here, all of them in `npm run fuzz`. */
const tried = 60;

function someOf<Item>(all: readonly Item[]): readonly Item[] {
  const step = Math.ceil(all.length / tried);
  return all.filter((_, index) => index % step === 0);
}

describe('every request is answered, and nothing is lost', () => {
  for (const [name, text] of texts) {
    it(`in ${name}, ended anywhere or without any of its tokens`, async () => {
      const damages = [...prefixesOf(text), ...deletionsOf(text)];
      for (const damage of someOf(damages)) await interviews.get(name)!.about(damage);
    });
    it(`in ${name}, with any of its names changed`, async () => {
      for (const place of someOf(namePlacesIn(text))) await interviews.get(name)!.aboutName(place);
    });
  }

  it('in texts with changes by chance', async () => {
    const names = [...texts.keys()];
    const property = fc.asyncProperty(mutationsOf([...texts.values()]), ({ source, damage }) =>
      interviews.get(names[source]!)!.about(damage),
    );
    await fc.assert(property, { numRuns: 400, seed: 4 });
  });
});

const table = (layers: string) => fileOf({ ...regression, model: `model {\n${layers}\ndense\nlinear\n}` });
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

/** Short texts that stand for much more than is written, each with what is said of them. */
const large: readonly (readonly [what: string, text: string, codes: readonly string[]])[] = [
  ['a layer too often', table('repeat(10000000000) { GRU(4) }'), ['out-of-range']],
  [
    'layers too often within each other',
    table('repeat(99) { repeat(99) { repeat(99) { GRU(4) } } }'),
    ['out-of-range'],
  ],
  ['a thousand layers', table('repeat(1000) { LSTM(4) }'), []],
  ['layers too deep', table(`${'residual {'.repeat(3000)} dense ${'}'.repeat(3000)}`), ['too-deep']],
  ['unknown blocks too deep', 'block {'.repeat(3000), ['too-deep']],
  ['a window that is too long', table('Delay(4, 10000000)'), ['imported-cell']],
  [
    'too many parts',
    fileWithCell('param W : [1000000, x] ~ glorot\nh = maxout(W @ x, 1000000)\noutput h', 'cell A', 'A'),
    ['out-of-range'],
  ],
  [
    'a size of too many terms',
    fileWithCell(
      `param W : [${Array(40).fill('(a + b + c + d)').join(' * ')}, x] ~ glorot\nh = W @ x\noutput h`,
      'cell A(a, b, c, d)',
      'A(1, 0, 0, 0)',
    ),
    [],
  ],
  [
    'equations that all read each other',
    fileWithCell(
      `${lines(40, (one) => `q${one} = ${lines(40, (other) => `q${other}[t-1] +`)} wrong`)}\nh = q0\noutput h`,
      'cell A',
      'A',
    ),
    Array(40).fill('unknown-quantity'),
  ],
  [
    'equations that read the one before twice',
    fileWithCell(
      `q0 = wrong\n${lines(60, (index) => `q${index + 1} = q${index} * q${index}`)}\nh = q60 +\noutput h`,
    ),
    ['syntax'],
  ],
];

describe('answers come soon', () => {
  for (const [what, text, codes] of large) {
    it(`about ${what}`, async () => {
      const uri = uriOf('large.rnn');
      const diagnostics = await client.write(uri, text);
      assert.deepEqual(
        diagnostics.map(({ code }) => code),
        codes,
      );
      const interview = await Interview.open(client, uri, '', new Tally());
      await interview.about({ edits: [{ from: 0, to: 0, put: text }], cursor: Math.floor(text.length / 2) });
    });
  }
});
