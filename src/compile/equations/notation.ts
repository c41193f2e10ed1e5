/** How terms are written: as mathematics, and in the words and signs of the language. */
import type { Comparison } from '../program.ts';
import { isScalar, type Term, type TermFunction } from './term.ts';

/** How tightly the outermost operator of a text binds its operands. */
export const binding = { sum: 1, product: 2, negation: 3, matrixProduct: 4, atom: 5 } as const;

export interface Written {
  readonly text: string;
  readonly binding: number;
}

export interface Notation {
  readonly minus: string;
  readonly comparisons: Readonly<Record<Comparison, string>>;
  /** Between two factors, of which one may be a scalar. */
  times(withScalar: boolean): string;
  product(matrix: string, transposed: boolean, vector: string): string;
  outer(left: Term, right: Term, write: WriteWithin): Written;
  square(operand: Term, write: WriteWithin): Written;
  holds(condition: string): string;
  call(name: TermFunction, given: readonly string[]): string;
  /** Sums over all time steps and samples, and over those t ≤ 0. */
  overTime(summand: Written): Written;
  beforeStart(summand: Written): Written;
}

/** Writes a term, in parentheses where it binds less than is needed. */
export type WriteWithin = (term: Term, needed: number) => string;

export function within({ text, binding: bound }: Written, needed: number): string {
  return bound < needed ? `(${text})` : text;
}

/** `δc = δh ⊙ o ⊙ (1 − tanh²(c)) + δc[t+1] ⊙ f[t+1]` */
export const mathematics: Notation = {
  minus: '−',
  comparisons: { atLeast: '≥', above: '>' },
  times: (withScalar) => (withScalar ? '·' : '⊙'),
  product: (matrix, transposed, vector) => `${matrix}${transposed ? 'ᵀ' : ''} ${vector}`,
  outer: (left, right, write) => ({
    text: `${write(left, binding.negation)} ⊗ ${write(right, binding.negation)}`,
    binding: binding.product,
  }),
  square: (operand, write) => {
    const text =
      operand.kind === 'call'
        ? write(operand, binding.atom).replace('(', '²(')
        : `${write(operand, binding.atom)}²`;
    return { text, binding: binding.atom };
  },
  holds: (condition) => `[${condition}]`,
  call: (name, given) => {
    switch (name) {
      case 'sigmoid':
        return `σ(${given})`;
      case 'sqrt':
        return `√(${given})`;
      case 'abs':
        return `|${given}|`;
      case 'norm':
        return `‖${given}‖`;
      default:
        return `${name}(${given.join(', ')})`;
    }
  },
  overTime: (summand) => ({ text: `Σₜ ${within(summand, binding.product)}`, binding: binding.product }),
  beforeStart: (summand) => ({ text: `Σₜ≤₀ ${within(summand, binding.product)}`, binding: binding.product }),
};

/** `δc = δh * o * (1 - tanh(c) * tanh(c)) + δc[t+1] * f[t+1]` */
export const language: Notation = {
  minus: '-',
  comparisons: { atLeast: '>=', above: '>' },
  times: () => '*',
  product: (matrix, transposed, vector) => `${matrix}${transposed ? 'ᵀ' : ''} @ ${vector}`,
  outer: (left, right, write) => ({
    text: `${write(left, binding.atom)} @ ${write(right, binding.atom)}ᵀ`,
    binding: binding.matrixProduct,
  }),
  square: (operand, write) => {
    const factor = write(operand, binding.negation);
    return { text: `${factor} * ${factor}`, binding: binding.product };
  },
  holds: (condition) => `(${condition})`,
  call: (name, given) => `${name}(${given.join(', ')})`,
  overTime: ({ text }) => atom(`sum_over_time(${text})`),
  beforeStart: ({ text }) => atom(`sum_before_start(${text})`),
};

/** Sizes as text: by number, or by the names of what they are in a cell that stands in no model. */
export type SizeText = (size: number) => string;

export class Writer {
  private readonly notation: Notation;
  private readonly sizeText: SizeText;

  constructor(notation: Notation, sizeText: SizeText) {
    this.notation = notation;
    this.sizeText = sizeText;
  }

  write(term: Term): Written {
    const { notation } = this;
    switch (term.kind) {
      case 'number':
        return this.number(term);
      case 'quantity':
        return atom(term.name + this.offset(term.offset));
      case 'adjoint':
        return atom(`δ${term.name}${this.offset(term.offset)}`);
      case 'parameter':
        return atom(term.name);
      case 'ones':
        return atom(`ones(${this.sizeText(term.size)})`);
      case 'negate':
        return { text: `${notation.minus}${this.part(term.operand, binding.product)}`, binding: binding.sum };
      case 'square':
        return notation.square(term.operand, this.part);
      case 'add':
      case 'subtract':
        return this.sum(term.kind, term.left, term.right);
      case 'multiply': {
        const sign = notation.times(isScalar(term.left) || isScalar(term.right));
        return {
          text: `${this.factor(term.left)} ${sign} ${this.factor(term.right)}`,
          binding: binding.product,
        };
      }
      case 'divide': {
        const [left, right] = [
          this.part(term.left, binding.product),
          this.part(term.right, binding.negation),
        ];
        return { text: `${left} / ${right}`, binding: binding.product };
      }
      case 'max':
      case 'min':
        return atom(notation.call(term.kind, [this.text(term.left), this.text(term.right)]));
      case 'product': {
        const vector = this.part(term.operand, binding.matrixProduct);
        const text = notation.product(term.matrix, term.transposed, vector);
        return { text, binding: binding.matrixProduct };
      }
      case 'outer':
        return notation.outer(term.left, term.right, this.part);
      case 'holds': {
        const sign = notation.comparisons[term.comparison];
        return atom(notation.holds(`${this.text(term.left)} ${sign} ${this.text(term.right)}`));
      }
      case 'call':
        return atom(
          notation.call(
            term.function,
            term.arguments.map((given) => this.text(given)),
          ),
        );
      case 'slice': {
        const [first, end] = [this.sizeText(term.first), this.sizeText(term.first + term.size)];
        return atom(`${this.part(term.operand, binding.atom)}[${first} : ${end}]`);
      }
      case 'pad': {
        const [first, size] = [this.sizeText(term.first), this.sizeText(term.size)];
        return atom(`pad(${this.text(term.operand)}, ${first}, ${size})`);
      }
    }
  }

  text(term: Term): string {
    return this.write(term).text;
  }

  readonly part: WriteWithin = (term, needed) => within(this.write(term), needed);

  /** a + (−b) is a − b. */
  private sum(kind: 'add' | 'subtract', left: Term, right: Term): Written {
    const isNegative = kind === 'add' && right.kind === 'negate';
    const sign = kind === 'add' && !isNegative ? '+' : this.notation.minus;
    const added = isNegative ? right.operand : right;
    const text = `${this.part(left, binding.sum)} ${sign} ${this.part(added, sign === '+' ? binding.sum : binding.product)}`;
    return { text, binding: binding.sum };
  }

  /** Products are the same however they are grouped; what a matrix multiplies is told apart for the reader's sake. */
  private factor(term: Term): string {
    if (term.kind === 'multiply') return this.part(term, binding.product);
    return this.part(term, term.kind === 'product' ? binding.atom : binding.negation);
  }

  private number({ value, name }: Term & { readonly kind: 'number' }): Written {
    if (name !== undefined) return atom(name);
    if (value < 0) return { text: `${this.notation.minus}${-value}`, binding: binding.sum };
    const text = this.sizeText(value);
    return text.includes(' ') ? { text, binding: binding.sum } : atom(text);
  }

  private offset(steps: number): string {
    if (steps === 0) return '';
    return `[t${steps > 0 ? '+' : this.notation.minus}${Math.abs(steps)}]`;
  }
}

function atom(text: string): Written {
  return { text, binding: binding.atom };
}
