/**
 * Products that can be one: those of one sum (A a + B b is [A B] @ [a; b]), and those of several sums that read the same
 * quantities in the loop over time (A a and B a are parts of [A; B] @ a).
 */
import { type Component, recurrentComponents } from './components.ts';
import {
  copyOf,
  type Definition,
  type MatrixBlocks,
  type MatrixPlace,
  type Operand,
  type Quantity,
  type QuantityOperand,
  type Term,
  type VectorOperand,
  zero,
} from './definition.ts';

export function mergeProducts(
  definitions: readonly Definition[],
  isOneHot: (operand: Operand) => boolean,
): Definition[] {
  const components = recurrentComponents(definitions);
  const groups = new Map<string, SumOfProducts[]>();
  for (const definition of definitions) {
    const sum = sumOfProducts(definition, components.get(definition.quantity));
    const key = signatureOf(sum, components.get(definition.quantity));
    groups.set(key, [...(groups.get(key) ?? []), sum]);
  }
  const merged = [...groups.values()].flatMap((group) =>
    group.length > 1 ? together(group) : group.map(alone),
  );
  return merged.map(({ quantity, terms }) => ({
    quantity,
    terms: terms.map((term) => withLookup(term, isOneHot)),
  }));
}

interface Product {
  readonly matrix: MatrixPlace;
  readonly operand: QuantityOperand;
  readonly shift: number;
  /** It reads what recurs in the loop of its own sum. */
  readonly recurs: boolean;
}

interface SumOfProducts {
  readonly quantity: Quantity;
  /** Those of one kind can be one product: of one shift, and in or out of the loop. */
  readonly kinds: readonly (readonly Product[])[];
  readonly bias: VectorOperand | undefined;
  readonly rest: readonly Term[];
}

function sumOfProducts({ quantity, terms }: Definition, component: Component | undefined): SumOfProducts {
  const kinds = new Map<string, Product[]>();
  const rest: Term[] = [];
  let bias: VectorOperand | undefined;
  for (const term of terms) {
    const [operand] = term.operands;
    if (term.operation.kind === 'product' && operand?.kind === 'quantity') {
      const recurs = component?.definitions.some((each) => each.quantity === operand.quantity) ?? false;
      const kind = `${term.shift} ${recurs}`;
      const product = { matrix: term.operation.blocks[0]![0]!, operand, shift: term.shift, recurs };
      kinds.set(kind, [...(kinds.get(kind) ?? []), product]);
    } else if (bias === undefined && isBias(term, quantity)) {
      bias = operand as VectorOperand;
    } else {
      rest.push(term);
    }
  }
  return { quantity, kinds: [...kinds.values()], bias, rest };
}

function isBias({ operation, operands: [operand] }: Term, { size }: Quantity): boolean {
  return operation.kind === 'copy' && operand?.kind === 'vector' && operand.size === size;
}

/** Sums of equal signature can be parts of one. */
function signatureOf({ quantity, kinds, bias }: SumOfProducts, component: Component | undefined): string {
  if (component === undefined || kinds.length === 0) return quantity.key;
  const reads = kinds.map((products) =>
    products.map(({ operand, shift }) => [operand.quantity.key, operand.shift, operand.initial, shift]),
  );
  return JSON.stringify([component.definitions[0]!.quantity.key, reads, bias !== undefined]);
}

function alone({ quantity, kinds, bias, rest }: SumOfProducts): Definition {
  const products = kinds.map((kind) => productTerm([kind.map(({ matrix }) => matrix)], kind));
  return { quantity, terms: [...products, ...rest, ...(bias === undefined ? [] : [copyOf(bias)])] };
}

function together(group: readonly SumOfProducts[]): Definition[] {
  const sizes = group.map(({ quantity }) => quantity.size);
  const pack: Quantity = {
    key: `pack of ${group.map(({ quantity }) => quantity.key).join(', ')}`,
    size: sizes.reduce((sum, size) => sum + size, 0),
    timing: group[0]!.quantity.timing,
  };
  const products = group[0]!.kinds.map((kind, index) =>
    productTerm(
      group.map(({ kinds }) => kinds[index]!.map(({ matrix }) => matrix)),
      kind,
    ),
  );
  const biases = group.flatMap(({ bias }) => bias ?? []);
  const bias: VectorOperand = {
    kind: 'vector',
    parts: biases.flatMap(({ parts }) => parts),
    size: pack.size,
  };
  const packed = { quantity: pack, terms: [...products, ...(biases.length > 0 ? [copyOf(bias)] : [])] };
  const operand: Operand = { kind: 'quantity', quantity: pack, shift: 0, initial: zero };
  const parts = group.map(({ quantity, rest }, index): Definition => {
    const part: Term = { operation: { kind: 'part', index, sizes }, operands: [operand], shift: 0 };
    return { quantity, terms: [part, ...rest] };
  });
  return [packed, ...parts];
}

/** The product with a unit vector is a column. */
function withLookup(term: Term, isOneHot: (operand: Operand) => boolean): Term {
  const { operation, operands } = term;
  if (operation.kind !== 'product' || operands.length > 1 || !isOneHot(operands[0]!)) return term;
  return { ...term, operation: { kind: 'lookup', blocks: operation.blocks }, operands: [] };
}

function productTerm(blocks: MatrixBlocks, products: readonly Product[]): Term {
  return {
    operation: { kind: 'product', blocks },
    operands: products.map(({ operand }) => operand),
    shift: products[0]!.shift,
  };
}
