/** The parser and the lexer, as the editor and all others use them. */
import {
  type AstNode,
  type CompositeCstNode,
  CompositeCstNodeImpl,
  type CstNode,
  createLangiumParser,
  type GrammarAST,
  isCompositeCstNode,
  type LangiumCoreServices,
  type LangiumParser,
} from 'langium';
import { BoundedLexer } from './bounded-lexer.ts';
import { type Binary, isBinary } from './generated/ast.ts';
import { nodesOf } from './walk.ts';

export const parserModule = {
  Lexer: (services: LangiumCoreServices) => new BoundedLexer(services),
  LangiumParser: (services: LangiumCoreServices) => nestingParser(services),
};

/**
 * Of `a + b * c` Langium's infix rules, which are twice as fast as rules for each precedence, keep one flat stretch of
 * text for all operations. Here each gets its own, so that places in an expression are what they seem.
 */
function nestingParser(services: LangiumCoreServices): LangiumParser {
  const parser = createLangiumParser(services);
  const parse = parser.parse.bind(parser);
  parser.parse = (input, options) => {
    const result = parse<never>(input, options);
    for (const operation of nodesOf(result.value, isBinary)) nestChain(operation);
    return result;
  };
  return parser;
}

/** Operations of one chain share the stretch of the whole chain until they are nested. */
function nestChain(top: Binary): void {
  const chain = operatorsOf(top.$cstNode);
  if (chain === undefined) return;
  const { node, operators } = chain;
  const items = node.content;
  let next = 0;

  function nest(binary: Binary, from: number, to: number): CstNode[] {
    const operator = operators[next + operationsIn(binary.left)];
    const at = operator === undefined ? to : items.indexOf(operator);
    const left = part(binary.left, from, at, 'left');
    if (operator === undefined) return left;
    assign(operator, 'operator');
    next += 1;
    return [...left, operator, ...part(binary.right, at + 1, to, 'right')];
  }

  function part(expression: AstNode | undefined, from: number, to: number, feature: Feature): CstNode[] {
    const own = items.slice(from, to);
    if (expression === undefined || !isBinary(expression) || expression.$cstNode !== node) {
      for (const item of own) if (!item.hidden) assign(item, feature);
      return own;
    }
    const composite = new CompositeCstNodeImpl() as CompositeCstNode;
    assign(composite, feature);
    (composite as Writable).astNode = expression;
    adopt(composite, nest(expression, from, to));
    (expression as AstNode as Writable).$cstNode = composite;
    return [composite];
  }

  function operationsIn(expression: AstNode | undefined): number {
    if (expression === undefined || !isBinary(expression) || expression.$cstNode !== node) return 0;
    return 1 + operationsIn(expression.left) + operationsIn(expression.right);
  }

  adopt(node, nest(top, 0, items.length));
}

/** Langium builds its stretches of text once; these are its fields as they are written then. */
interface Writable {
  astNode?: AstNode;
  content?: readonly CstNode[];
  $cstNode?: CstNode;
  container?: CompositeCstNode;
  grammarSource?: GrammarAST.AbstractElement;
}

function adopt(container: CompositeCstNode, content: CstNode[]): void {
  for (const child of content) (child as Writable).container = container;
  (container as Writable).content = content;
}

/** What tells Langium which property a stretch of text belongs to. */
function assign(node: CstNode, feature: Feature): void {
  const source = { $type: 'Assignment', feature, operator: '=' } as GrammarAST.Assignment;
  (node as Writable).grammarSource = source;
}

const operatorImages = new Set(['+', '-', '*', '/', '@']);

/** The flat stretch of a chain, inside its parentheses, and its operators. */
function operatorsOf(node: CstNode | undefined) {
  let current = node;
  while (current !== undefined && isCompositeCstNode(current)) {
    const operators = current.content.filter(
      (child) => !isCompositeCstNode(child) && !child.hidden && operatorImages.has(child.text),
    );
    if (operators.length > 0) return { node: current, operators };
    current = current.content.find(isCompositeCstNode);
  }
  return undefined;
}

type Feature = 'left' | 'operator' | 'right';
