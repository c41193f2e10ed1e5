/** Texts that are half written or spoilt, as edits of a text that is whole, so that they can be undone. */
import fc from 'fast-check';
import { parser } from '../editor/sources.ts';

/** Characters `from` up to `to` of the text before become others. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly put: string;
}

export interface Damage {
  /** What is done to the text, one after the other. */
  readonly edits: readonly Edit[];
  /** Where somebody would be who did it. */
  readonly cursor: number;
}

export function applied(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, { from, to, put }) => before.slice(0, from) + put + before.slice(to), text);
}

/** What restores the text. */
export function inverse(text: string, edits: readonly Edit[]): readonly Edit[] {
  const undone: Edit[] = [];
  let before = text;
  for (const edit of edits) {
    undone.unshift({
      from: edit.from,
      to: edit.from + edit.put.length,
      put: before.slice(edit.from, edit.to),
    });
    before = applied(before, [edit]);
  }
  return undone;
}

/** The text as it is while somebody types it. */
export function prefixesOf(text: string): readonly Damage[] {
  const lengths = Array.from({ length: text.length + 1 }, (_, length) => length);
  return lengths
    .filter((length) => !splitsLineBreak(text, length))
    .map((length) => ({ edits: [{ from: length, to: text.length, put: '' }], cursor: length }));
}

/** No cursor is ever there. */
function splitsLineBreak(text: string, offset: number): boolean {
  return text[offset - 1] === '\r' && text[offset] === '\n';
}

/** The text without one of its tokens. */
export function deletionsOf(text: string): readonly Damage[] {
  return parser.Lexer.tokenize(text).tokens.map(({ startOffset: from, image }) => ({
    edits: [{ from, to: from + image.length, put: '' }],
    cursor: from,
  }));
}

/** Where names stand. */
export function namePlacesIn(text: string): readonly number[] {
  const { tokens } = parser.Lexer.tokenize(text);
  return tokens.filter(({ image }) => /^[A-Za-z_]/.test(image)).map(({ startOffset }) => startOffset);
}

const signs = [...'{}()[]=~@+-*/,:"#%\n', '\\', '$', 'é', '\u{1F600}', '\0', '\u2028'];
const names =
  'data cell model train param initial output import let x t h units LSTM onehot embed dense softmax linear tie last dropout';
const openings =
  'repeat(3){ residual{ bidirectional( window(x,3) maxout( concat( h[t-1] x[t-40] text(" csv("';
const files = 'import"cells.rnn" import"a.txt" import"." csv("wave.csv") csv(".") text("/root/\\0")';
/** What texts are made of. */
export const words: readonly string[] = [
  ...signs,
  ...[names, openings, files].flatMap((several) => several.split(' ')),
  ...['affine(x, h[t-1])', 'data = ', 'model = ', 'tokens = char', 'merge = sum'],
];
const numbers = ['0', '1', '7', '-1', '.5', '1e9', '1e400', '80%', '9007199254740993', '123456'];
/** What somebody pastes, or a key that is held down. */
const long = ['(', '[', '{', 'residual {', 'repeat(9) {', 'x + ', '- ', 'h = ', 'cell A {', '"'].map((each) =>
  each.repeat(60),
);

const put = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...signs) },
  { weight: 6, arbitrary: fc.constantFrom(...words).map((word) => ` ${word} `) },
  { weight: 2, arbitrary: fc.constantFrom(...numbers).map((number) => ` ${number} `) },
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.string({ maxLength: 4, unit: 'grapheme' }) },
  { weight: 1, arbitrary: fc.constantFrom(...long) },
);
const cut = fc.oneof(fc.constant(0), fc.nat({ max: 3 }), fc.nat({ max: 40 }));
/** Where in a text, from 0 to 1; without bias, which would be for its ends. */
const share = fc.noBias(fc.nat({ max: 2 ** 20 })).map((part) => part / 2 ** 20);
/** Cuts a stretch out of a text, and puts something else there, or a stretch from elsewhere. */
const change = fc.record({
  at: share,
  cut,
  put: fc.oneof(
    { weight: 5, arbitrary: put },
    {
      weight: 1,
      arbitrary: fc.record({
        copied: share,
        length: fc.nat({ max: 120 }),
      }),
    },
  ),
});
const changes = fc.array(change, { minLength: 1, maxLength: 4 });

export interface Mutation {
  /** Number of the text that is changed. */
  readonly source: number;
  readonly damage: Damage;
}

/** Any of the texts, with a few changes anywhere. */
export function mutationsOf(texts: readonly string[]): fc.Arbitrary<Mutation> {
  return fc.tuple(fc.nat({ max: texts.length - 1 }), changes).map(([source, chosen]) => {
    const edits: Edit[] = [];
    let text = texts[source]!;
    for (const { at, cut: length, put: added } of chosen) {
      const from = placeFrom(text, Math.floor(at * text.length));
      const to = placeFrom(text, from + length);
      const edit = { from, to, put: typeof added === 'string' ? added : stretchOf(text, added) };
      edits.push(edit);
      text = applied(text, [edit]);
    }
    const last = edits.at(-1)!;
    return { source, damage: { edits, cursor: last.from + last.put.length } };
  });
}

function stretchOf(text: string, { copied, length }: { readonly copied: number; readonly length: number }) {
  const from = placeFrom(text, Math.floor(copied * text.length));
  return text.slice(from, placeFrom(text, from + length));
}

/** The first place from an offset on where a cursor can be. */
function placeFrom(text: string, offset: number): number {
  return Math.min(text.length, splitsLineBreak(text, offset) ? offset + 1 : offset);
}
