/** Reads equations back from their text, in either notation: what people are shown is what tests evaluate. */

export type Node =
  | { readonly kind: 'number'; readonly value: number }
  /** A name `offset` time steps later; with δ it is an adjoint. */
  | { readonly kind: 'name'; readonly name: string; readonly isAdjoint: boolean; readonly offset: number }
  | { readonly kind: 'unary'; readonly operator: '-' | 'ᵀ' | '²' | 'Σₜ' | 'Σₜ≤₀'; readonly operand: Node }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Node[] }
  | { readonly kind: 'slice'; readonly operand: Node; readonly first: number; readonly end: number };

export type Operator = '+' | '-' | '*' | '/' | '@' | '⊗' | '>' | '>=';

interface Token {
  readonly text: string;
  readonly isSpaced: boolean;
}

const spellings: Readonly<Record<string, string>> = {
  '−': '-',
  '⊙': '*',
  '·': '*',
  '≥': '>=',
  σ: 'sigmoid',
  '√': 'sqrt',
};
const totals: Readonly<Record<string, 'Σₜ' | 'Σₜ≤₀'>> = { sum_over_time: 'Σₜ', sum_before_start: 'Σₜ≤₀' };
const tokens = /Σₜ≤₀|Σₜ|δ?[A-Za-z_]\w*(?:\.(?:pre|δ?\d+))*|\d+(?:\.\d+)?(?:e[-+]?\d+)?|>=|[^\s]/g;

/** The right side of `name = …`, whose further lines are further summands. */
export function readEquation(lines: readonly string[]): { readonly name: string; readonly value: Node } {
  const [, name, value] = /^(\S+) = (.*)$/s.exec(lines.join(' '))!;
  return { name: name!, value: new Reader(value!).read() };
}

class Reader {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(text: string) {
    this.tokens = [...text.matchAll(tokens)].map(({ 0: token, index }) => ({
      text: spellings[token] ?? token,
      isSpaced: index > 0 && text[index - 1] === ' ',
    }));
  }

  read(): Node {
    const node = this.sum();
    if (this.at < this.tokens.length) throw new Error(`Unexpected ${this.tokens[this.at]!.text}`);
    return node;
  }

  private get next(): string | undefined {
    return this.tokens[this.at]?.text;
  }

  private take(...expected: readonly string[]): string | undefined {
    if (this.next === undefined || !expected.includes(this.next)) return undefined;
    this.at += 1;
    return this.tokens[this.at - 1]!.text;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw new Error(`Expected ${text}, found ${this.next}`);
  }

  private comparison(): Node {
    const left = this.sum();
    const operator = this.take('>', '>=') as Operator | undefined;
    return operator ? { kind: 'binary', operator, left, right: this.sum() } : left;
  }

  private sum(): Node {
    let left = this.product();
    for (let operator = this.take('+', '-'); operator; operator = this.take('+', '-')) {
      left = { kind: 'binary', operator: operator as Operator, left, right: this.product() };
    }
    return left;
  }

  private product(): Node {
    let left = this.unary();
    for (let operator = this.take('*', '/', '⊗'); operator; operator = this.take('*', '/', '⊗')) {
      left = { kind: 'binary', operator: operator as Operator, left, right: this.unary() };
    }
    return left;
  }

  private unary(): Node {
    const total = this.take('Σₜ', 'Σₜ≤₀') as 'Σₜ' | 'Σₜ≤₀' | undefined;
    if (total) return { kind: 'unary', operator: total, operand: this.product() };
    return this.take('-') ? { kind: 'unary', operator: '-', operand: this.unary() } : this.matrixProduct();
  }

  /** `W @ v`, or in mathematics `W v`. */
  private matrixProduct(): Node {
    const left = this.postfix();
    const isBeside = this.tokens[this.at]?.isSpaced && /^(?:[(√|‖]|δ?[A-Za-z_])/.test(this.next!);
    return this.take('@') || isBeside
      ? { kind: 'binary', operator: '@', left, right: this.matrixProduct() }
      : left;
  }

  private postfix(): Node {
    let node = this.primary();
    for (;;) {
      const mark = this.take('ᵀ', '²') as 'ᵀ' | '²' | undefined;
      if (mark) node = { kind: 'unary', operator: mark, operand: node };
      else if (this.next === '[' && !this.tokens[this.at]!.isSpaced) node = this.slice(node);
      else return node;
    }
  }

  private slice(operand: Node): Node {
    this.expect('[');
    const first = this.number();
    this.expect(':');
    const end = this.number();
    this.expect(']');
    return { kind: 'slice', operand, first, end };
  }

  private number(): number {
    const value = Number(this.next);
    if (Number.isNaN(value)) throw new Error(`Expected a number, found ${this.next}`);
    this.at += 1;
    return value;
  }

  private primary(): Node {
    if (this.take('(')) return this.until(')');
    if (this.take('[')) return this.until(']');
    if (this.take('|')) return { kind: 'call', name: 'abs', given: [this.until('|')] };
    if (this.take('‖')) return { kind: 'call', name: 'norm', given: [this.until('‖')] };
    const text = this.next ?? 'the end';
    if (/^\d/.test(text)) return { kind: 'number', value: this.number() };
    if (!/^δ?[A-Za-z_]/.test(text)) throw new Error(`Unexpected ${text}`);
    this.at += 1;
    const isSquare = this.take('²');
    if (this.next === '(' && !this.tokens[this.at]!.isSpaced) {
      const call = this.call(text);
      return isSquare ? { kind: 'unary', operator: '²', operand: call } : call;
    }
    const name = text.replace(/^δ/, '');
    const node: Node = { kind: 'name', name, isAdjoint: text !== name, offset: this.offset() };
    return isSquare ? { kind: 'unary', operator: '²', operand: node } : node;
  }

  private until(end: string): Node {
    const node = this.comparison();
    this.expect(end);
    return node;
  }

  private call(name: string): Node {
    this.expect('(');
    const given: Node[] = [];
    do given.push(this.sum());
    while (this.take(','));
    this.expect(')');
    const total = totals[name];
    return total ? { kind: 'unary', operator: total, operand: given[0]! } : { kind: 'call', name, given };
  }

  /** `[t+1]` */
  private offset(): number {
    if (this.next !== '[' || this.tokens[this.at + 1]?.text !== 't') return 0;
    this.at += 2;
    const sign = this.take('+', '-') === '-' ? -1 : 1;
    const steps = this.number();
    this.expect(']');
    return sign * steps;
  }
}
