/** Of a sum in the loop over time, the terms that do not recur are summed before it, for all of its steps at once. */
import { type Component, recurrentComponents } from './components.ts';
import { copyOf, type Definition, type Quantity, type Term, zero } from './definition.ts';

export function hoistTerms(definitions: readonly Definition[]): Definition[] {
  const components = recurrentComponents(definitions);
  return definitions.flatMap((definition) => {
    const component = components.get(definition.quantity);
    return component === undefined ? [definition] : splitSum(definition, component);
  });
}

function splitSum({ quantity, terms }: Definition, component: Component): Definition[] {
  const recurs = ({ operands }: Term): boolean =>
    operands.some(
      (operand) =>
        operand.kind === 'quantity' &&
        component.definitions.some((definition) => definition.quantity === operand.quantity),
    );
  const outside = terms.filter((term) => !recurs(term));
  // A copy alone costs nothing where it is.
  if (outside.every(({ operation }) => operation.kind === 'copy') && outside.length < 2) {
    return [{ quantity, terms }];
  }
  const base: Quantity = { key: `base of ${quantity.key}`, size: quantity.size, timing: quantity.timing };
  const copy = copyOf({ kind: 'quantity', quantity: base, shift: 0, initial: zero });
  return [
    { quantity: base, terms: outside },
    { quantity, terms: [copy, ...terms.filter(recurs)] },
  ];
}
