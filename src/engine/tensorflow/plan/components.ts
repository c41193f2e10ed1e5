/** Strongly connected components: what depends on itself, through time, has to be computed step by step. */
import { type Definition, type Quantity, type QuantityOperand, readsOf } from './definition.ts';

export interface Component {
  readonly definitions: readonly Definition[];
  /** Some definition depends on an earlier, or for adjoints a later, time step of its own. */
  readonly recurs: boolean;
}

/**
 * Components in an order in which each comes after those that it reads (Tarjan 1972); reads that `follow` refuses are no
 * dependence.
 */
export function componentsOf(
  definitions: readonly Definition[],
  follow: (read: QuantityOperand) => boolean = () => true,
): Component[] {
  const byQuantity = new Map(definitions.map((definition) => [definition.quantity, definition]));
  const order = new Map<Definition, number>();
  const stack: Definition[] = [];
  const waiting = new Set<Definition>();
  const components: Component[] = [];

  function dependencies(definition: Definition): Definition[] {
    return readsOf(definition)
      .filter(follow)
      .map(({ quantity }) => byQuantity.get(quantity))
      .filter((each) => each !== undefined);
  }

  /** The place in the order of the first definition that this one reaches and that waits for its component. */
  function visit(definition: Definition): number {
    const place = order.size;
    order.set(definition, place);
    stack.push(definition);
    waiting.add(definition);
    let first = place;
    for (const read of dependencies(definition)) {
      if (!order.has(read)) first = Math.min(first, visit(read));
      else if (waiting.has(read)) first = Math.min(first, order.get(read)!);
    }
    if (first === place) components.push(popComponent(definition));
    return first;
  }

  function popComponent(root: Definition): Component {
    const members = stack.splice(stack.indexOf(root));
    for (const member of members) waiting.delete(member);
    const recurs = members.length > 1 || dependencies(root).includes(root);
    return { definitions: members, recurs };
  }

  for (const definition of definitions) if (!order.has(definition)) visit(definition);
  return components;
}

/** The component of each quantity that recurs. */
export function recurrentComponents(definitions: readonly Definition[]): Map<Quantity, Component> {
  return new Map(
    componentsOf(definitions)
      .filter(({ recurs }) => recurs)
      .flatMap((component) => component.definitions.map(({ quantity }) => [quantity, component] as const)),
  );
}
