/** As much of TextMate grammars as the language's own uses: the scope of every character of a text. */
import { readFileSync } from 'node:fs';

export interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly include?: string;
  readonly patterns?: readonly Rule[];
}

type Captures = Readonly<Record<string, { readonly name: string }>>;

export interface Grammar {
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
}

export const grammar: Grammar = JSON.parse(
  readFileSync(new URL('../../syntaxes/rnn.tmLanguage.json', import.meta.url), 'utf8'),
);

/** The innermost scope of each character, line by line. */
export function scopesOf(text: string): readonly (readonly (string | undefined)[])[] {
  const open: Rule[] = [];
  return text.split('\n').map((line) => scopesOfLine(line, open));
}

/** @param open rules with a `begin` that the line starts within; those that it ends within are left in it */
function scopesOfLine(line: string, open: Rule[]): readonly (string | undefined)[] {
  const scopes: (string | undefined)[] = Array(line.length).fill(undefined);
  let position = 0;
  for (let steps = 0; position <= line.length && steps <= 4 * line.length + 8; steps++) {
    const within = open.at(-1);
    const end = within && matchAt(within.end!, line, position);
    const candidates = flatten(within ? (within.patterns ?? []) : grammar.patterns);
    const found = earliest(candidates, line, position);
    if (end && (!found || end.index <= found.match.index)) {
      paint(scopes, position, end.index, within.name);
      paintMatch(scopes, end, within.name, within.endCaptures);
      position = end.index + end[0].length;
      open.pop();
    } else if (found) {
      const { rule, match } = found;
      paint(scopes, position, match.index, within?.name);
      paintMatch(scopes, match, rule.name ?? within?.name, rule.captures ?? rule.beginCaptures);
      position = match.index + match[0].length;
      if (rule.begin !== undefined) open.push(rule);
    } else {
      paint(scopes, position, line.length, within?.name);
      break;
    }
  }
  return scopes;
}

function flatten(rules: readonly Rule[]): readonly Rule[] {
  return rules.flatMap((rule) => {
    const meant = rule.include === undefined ? rule : grammar.repository[rule.include.slice(1)]!;
    return meant.match === undefined && meant.begin === undefined ? flatten(meant.patterns!) : [meant];
  });
}

function earliest(rules: readonly Rule[], line: string, position: number) {
  let best: { readonly rule: Rule; readonly match: RegExpExecArray } | undefined;
  for (const rule of rules) {
    const match = matchAt((rule.match ?? rule.begin)!, line, position);
    if (match && match[0] !== '' && (!best || match.index < best.match.index)) best = { rule, match };
  }
  return best;
}

function matchAt(source: string, line: string, position: number): RegExpExecArray | null {
  const expression = new RegExp(source, 'dg');
  expression.lastIndex = position;
  return expression.exec(line);
}

function paintMatch(
  scopes: (string | undefined)[],
  match: RegExpExecArray,
  name: string | undefined,
  captures: Captures | undefined,
): void {
  paint(scopes, match.index, match.index + match[0].length, name);
  for (const [group, { name: captured }] of Object.entries(captures ?? {})) {
    const range = match.indices![Number(group)];
    if (range) paint(scopes, range[0], range[1], captured);
  }
}

function paint(scopes: (string | undefined)[], from: number, to: number, name: string | undefined): void {
  scopes.fill(name, from, to);
}
