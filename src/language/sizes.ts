/**
 * Sizes that are known and sizes that are not yet: polynomials in names such as `units`, `x` and `vocabulary`, in one
 * canonical spelling, so that equal sizes are equal texts: `x + units` and `units + x` are both `units + x`.
 */

/** A number, or a polynomial as text: `units`, `2 * vocabulary + 64`. */
export type Size = number | string;

/** Coefficients by monomial; a monomial is its factors in order, joined by ` * `, and '' for the constant term. */
type Polynomial = ReadonlyMap<string, number>;

export function addSizes(left: Size, right: Size): Size {
  return format(sum(parse(left), parse(right), 1));
}

export function subtractSizes(left: Size, right: Size): Size {
  return format(sum(parse(left), parse(right), -1));
}

export function multiplySizes(left: Size, right: Size): Size {
  const product = new Map<string, number>();
  for (const [one, first] of parse(left)) {
    for (const [other, second] of parse(right)) {
      const factors = [...factorsOf(one), ...factorsOf(other)].sort();
      add(product, factors.join(' * '), first * second);
    }
  }
  return format(product);
}

/** A quotient that is no polynomial counts as one more name, spelt without spaces. */
export function divideSizes(left: Size, right: Size): Size {
  if (typeof left === 'number' && typeof right === 'number') return left / right;
  if (left === right) return 1;
  const [[monomial, divisor] = ['', 0], ...others] = parse(right);
  const quotient = new Map<string, number>();
  for (const [dividend, coefficient] of parse(left)) {
    const factors = without(factorsOf(dividend), factorsOf(monomial));
    if (factors === undefined || others.length > 0 || divisor === 0)
      return `(${left})/(${right})`.replaceAll(' ', '');
    quotient.set(factors.join(' * '), coefficient / divisor);
  }
  return format(quotient);
}

/** How many summands a size has. */
export function termCount(size: Size): number {
  return typeof size === 'number' ? 1 : parse(size).size;
}

/** Undefined where one of `removed` is not there. */
function without(factors: readonly string[], removed: readonly string[]): string[] | undefined {
  const rest = [...factors];
  for (const factor of removed) {
    const at = rest.indexOf(factor);
    if (at < 0) return undefined;
    rest.splice(at, 1);
  }
  return rest;
}

/** Whether a size hangs on nothing but the vocabulary, so that the data tells it. */
export function isFixed(size: Size): boolean {
  if (typeof size === 'number') return true;
  return [...parse(size).keys()].flatMap(factorsOf).every((factor) => factor === 'vocabulary');
}

/** @throws where the size hangs on the vocabulary and there is none, or on anything else */
export function evaluateSize(size: Size, vocabulary: number | undefined): number {
  let total = 0;
  for (const [monomial, coefficient] of parse(size)) {
    const factors = factorsOf(monomial);
    if (vocabulary === undefined && factors.length > 0) throw new Error('Only text has a vocabulary.');
    if (factors.some((factor) => factor !== 'vocabulary')) throw new Error(`\`${size}\` is not known.`);
    total += coefficient * (vocabulary ?? 1) ** factors.length;
  }
  return total;
}

function factorsOf(monomial: string): string[] {
  return monomial === '' ? [] : monomial.split(' * ');
}

function add(polynomial: Map<string, number>, monomial: string, coefficient: number): void {
  polynomial.set(monomial, (polynomial.get(monomial) ?? 0) + coefficient);
}

function sum(left: Polynomial, right: Polynomial, sign: 1 | -1): Polynomial {
  const total = new Map(left);
  for (const [monomial, coefficient] of right) add(total, monomial, sign * coefficient);
  return total;
}

function parse(size: Size): Polynomial {
  if (typeof size === 'number') return new Map([['', size]]);
  const polynomial = new Map<string, number>();
  for (const [, sign, text] of ` + ${size}`.matchAll(/ ([-+]) (-?[^ ]+(?: \* [^ ]+)*)/g)) {
    const [first, ...others] = text!.split(' * ');
    const coefficient = Number(first);
    const named = Number.isNaN(coefficient) ? [first, ...others] : others;
    add(
      polynomial,
      named.join(' * '),
      (sign === '-' ? -1 : 1) * (Number.isNaN(coefficient) ? 1 : coefficient),
    );
  }
  return polynomial;
}

/** Names before numbers, in alphabetical order. */
function format(polynomial: Polynomial): Size {
  const terms = [...polynomial].filter(([, coefficient]) => coefficient !== 0);
  if (terms.every(([monomial]) => monomial === '')) return terms[0]?.[1] ?? 0;
  terms.sort(([one], [other]) => (one === '' ? 1 : other === '' ? -1 : one < other ? -1 : 1));
  return terms
    .map(([monomial, coefficient], index) => {
      const magnitude = index === 0 ? coefficient : Math.abs(coefficient);
      const text =
        monomial === '' ? `${magnitude}` : magnitude === 1 ? monomial : `${magnitude} * ${monomial}`;
      return index === 0 ? text : `${coefficient < 0 ? '-' : '+'} ${text}`;
    })
    .join(' ');
}
