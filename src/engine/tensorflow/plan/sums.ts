/** a + (b + c) → a + b + c: parts of a sum that nothing else reads are terms of it, so that each can go where it is cheapest. */
import { copyOf, type Definition, type Operand, type Quantity, type Term } from './definition.ts';

/** `isPart` tells quantities that are read once and that nobody looks at. */
export function flattenSums(
  definitions: readonly Definition[],
  isPart: (quantity: Quantity) => boolean,
): Definition[] {
  const byQuantity = new Map(definitions.map((definition) => [definition.quantity, definition]));
  const absorbed = new Set<Quantity>();

  function flatten({ quantity, terms }: Definition): Term[] {
    return terms.flatMap((term) => {
      const { operation, operands, shift } = term;
      const isSum = (operation.kind === 'add' || operation.kind === 'copy') && shift === 0;
      return isSum ? operands.flatMap((operand) => termsOf(operand, quantity.size)) : [term];
    });
  }

  function termsOf(operand: Operand, size: number): Term[] {
    if (operand.kind !== 'quantity' || operand.shift !== 0) return [copyOf(operand)];
    const definition = byQuantity.get(operand.quantity);
    const isTerm = definition !== undefined && isPart(operand.quantity) && operand.quantity.size === size;
    if (!isTerm) return [copyOf(operand)];
    absorbed.add(operand.quantity);
    return flatten(definition);
  }

  const flat = definitions.map((definition) => ({ ...definition, terms: vectorsLast(flatten(definition)) }));
  return flat.filter(({ quantity }) => !absorbed.has(quantity));
}

/** Adding a vector to each row of a matrix is cheaper than starting from it. */
function vectorsLast(terms: readonly Term[]): Term[] {
  const isVector = ({ operation, operands: [operand] }: Term): boolean =>
    operation.kind === 'copy' && operand?.kind === 'vector';
  return [...terms.filter((term) => !isVector(term)), ...terms.filter(isVector)];
}
