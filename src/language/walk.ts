/** Walks over syntax trees: what Langium's streams do, several times as fast, for what is done at every keystroke. */
import { type AstNode, isAstNode, isReference, type Reference } from 'langium';

/** Visits a node and all that it contains, in source order. */
export function walk(node: AstNode, visit: (node: AstNode) => void): void {
  visit(node);
  forEachPart(node, (part) => {
    if (isAstNode(part)) walk(part, visit);
  });
}

/** The nodes of one kind in a tree, in source order. */
export function nodesOf<Kind extends AstNode>(
  tree: AstNode,
  isKind: (node: unknown) => node is Kind,
): Kind[] {
  const found: Kind[] = [];
  walk(tree, (node) => {
    if (isKind(node)) found.push(node);
  });
  return found;
}

/** Visits every reference in a tree with the node that has it, in source order. */
export function forEachReference(tree: AstNode, visit: (reference: Reference, node: AstNode) => void): void {
  walk(tree, (node) =>
    forEachPart(node, (part) => {
      if (isReference(part)) visit(part, node);
    }),
  );
}

/** Every name that a tree refers to. */
export function namesReferredTo(tree: AstNode): Set<string> {
  const names = new Set<string>();
  forEachReference(tree, ({ $refText }) => names.add($refText));
  return names;
}

function forEachPart(
  node: AstNode,
  visit: (part: AstNode | Reference | string | number | boolean) => void,
): void {
  for (const key in node) {
    // Names with `$` lead back to containers and to the text.
    if (key.startsWith('$')) continue;
    const value = (node as unknown as Record<string, unknown>)[key];
    for (const part of Array.isArray(value) ? value : [value]) visit(part);
  }
}
