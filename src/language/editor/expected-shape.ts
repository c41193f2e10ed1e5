/**
 * What shape an operand must have for its equation to fit, told from what stands around it: for a name that is not
 * there yet, whether it is being typed or was never declared. Where the rest does not tell, a guess is better than
 * nothing: what comes of this is offered, never enforced.
 */
import { type AstNode, MultiMap } from 'langium';
import { type CellShapes, inferShapes } from '../check/cell-shapes.ts';
import { type CellDefinition, symbolicArguments } from '../check/cells.ts';
import { Reporter } from '../check/reporter.ts';
import type { Sizes } from '../check/shape-texts.ts';
import {
  type Argument,
  type Call,
  type Equation,
  type Expression,
  isArgument,
  isCall,
  isEquation,
  isNameReference,
  type NameReference,
} from '../generated/ast.ts';
import type { Size } from '../sizes.ts';
import { functions, inputName, isFunctionName } from '../vocabulary/functions.ts';
import { nodesOf } from '../walk.ts';

export class ExpectedShapes {
  readonly names: ReadonlyMap<string, Sizes>;
  private readonly definition: CellDefinition;
  private readonly shapes: CellShapes;
  /** By the name that they read. */
  private readonly reads: MultiMap<string, NameReference>;
  /** Equations that are being guessed: a state may hang on itself. */
  private readonly visiting = new Set<Equation>();
  /** How many more equations are looked into: where many read each other there is no end of ways. */
  private patience = 1000;

  constructor(definition: CellDefinition) {
    this.definition = definition;
    const reads = nodesOf(definition.node, isNameReference);
    this.reads = new MultiMap(reads.map((read) => [read.reference.$refText, read]));
    const symbols = new Map([...symbolicArguments(definition), [inputName, inputName] as const]);
    this.shapes = inferShapes(definition, symbols, new Reporter(definition.uri));
    const names = new Map<string, Sizes>([[inputName, [inputName]], ...this.shapes.names]);
    for (const equation of definition.equations.values()) {
      const shape = names.get(equation.name) ?? this.ofEquation(equation);
      if (shape) names.set(equation.name, shape);
    }
    this.names = names;
  }

  /** Of an operand, from its surroundings alone; a matrix only on the left of `@`. */
  at(node: Expression): Sizes | undefined {
    const { $container: container } = node;
    if (isEquation(container)) return this.wanted(container);
    if (isArgument(container)) return this.atArgument(container);
    if (container.$type === 'Negation') return this.at(container as Expression);
    if (container.$type !== 'Binary') return undefined;
    const { operator, left, right } = container;
    const isLeft = left === node;
    if (operator !== '@') {
      const sibling = this.of(isLeft ? right : left);
      return sibling?.length === 1 ? sibling : this.at(container);
    }
    if (!isLeft) {
      const columns = this.of(left)?.[1];
      return columns === undefined ? undefined : [columns];
    }
    const rows = this.at(container)?.[0] ?? this.usualUnits();
    const columns = this.of(right)?.[0] ?? (isNameReference(right) ? this.usualUnits() : undefined);
    return rows === undefined || columns === undefined ? undefined : [rows, columns];
  }

  /** Of a name, by the first place that tells. */
  wantedOf(name: string): Sizes | undefined {
    return firstKnown(this.reads.get(name), (read) => this.at(read));
  }

  /** The width that most of the cell's parameters have. */
  usualUnits(): Size | undefined {
    const counts = new Map<Size, number>();
    for (const name of this.definition.parameters.keys()) {
      const rows = this.shapes.names.get(name)?.[0];
      if (rows !== undefined) counts.set(rows, (counts.get(rows) ?? 0) + 1);
    }
    const [usual] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [];
    return usual ?? this.definition.arguments.keys().next().value;
  }

  private atArgument(argument: Argument): Sizes | undefined {
    const call = argument.$container;
    if (!isCall(call) || !isFunctionName(call.function.$refText)) return undefined;
    if (!keepsShape(call)) return undefined;
    const siblings = call.arguments.filter((other) => other !== argument).map(({ value }) => this.of(value));
    return siblings.find((shape) => shape?.length === 1) ?? this.at(call);
  }

  /** Of an equation's value: what the equation's other uses need. */
  private wanted(equation: Equation): Sizes | undefined {
    const known = this.shapes.names.get(equation.name);
    if (known || !this.mayVisit(equation)) return known;
    this.visiting.add(equation);
    const uses = this.reads.get(equation.name).filter((read) => !isWithin(read, equation));
    const shape = firstKnown(uses, (read) => this.at(read));
    this.visiting.delete(equation);
    if (shape) return shape;
    const usual = this.usualUnits();
    return usual === undefined ? undefined : [usual];
  }

  /** Of an expression, from what is in it, as far as that tells; around a cursor some are not written yet. */
  of(expression: Expression | undefined): Sizes | undefined {
    if (expression === undefined) return undefined;
    const inferred = this.shapes.expressions.get(expression);
    if (inferred) return inferred;
    switch (expression.$type) {
      case 'NumberLiteral':
        return [];
      case 'NameReference':
        return this.ofName(expression.reference.$refText);
      case 'Negation':
        return this.of(expression.operand);
      case 'Call':
        return keepsShape(expression)
          ? this.firstVector(expression.arguments.map(({ value }) => value))
          : undefined;
      case 'Binary': {
        if (expression.operator !== '@') return this.firstVector([expression.left, expression.right]);
        const rows = this.of(expression.left)?.[0];
        return rows === undefined ? undefined : [rows];
      }
      case 'List':
      case 'TextLiteral':
        return undefined;
    }
  }

  private ofName(name: string): Sizes | undefined {
    const known = this.shapes.names.get(name);
    const equation = known ? undefined : this.definition.equations.get(name);
    return equation ? this.ofEquation(equation) : known;
  }

  private ofEquation(equation: Equation): Sizes | undefined {
    if (!this.mayVisit(equation)) return undefined;
    this.visiting.add(equation);
    const shape = this.of(equation.value);
    this.visiting.delete(equation);
    return shape;
  }

  private mayVisit(equation: Equation): boolean {
    if (this.visiting.has(equation) || this.patience === 0) return false;
    this.patience -= 1;
    return true;
  }

  private firstVector(operands: readonly Expression[]): Sizes | undefined {
    const shapes = operands.map((operand) => this.of(operand));
    return shapes.find((shape) => shape?.length === 1) ?? shapes.find((shape) => shape !== undefined);
  }
}

function firstKnown<Item>(
  items: readonly Item[],
  shapeOf: (item: Item) => Sizes | undefined,
): Sizes | undefined {
  for (const item of items) {
    const shape = shapeOf(item);
    if (shape) return shape;
  }
  return undefined;
}

/** Whether a function's value has the shape of its arguments. */
function keepsShape(call: Call): boolean {
  const name = call.function.$refText;
  return isFunctionName(name) && /^the shape of/.test(functions[name].shape);
}

function isWithin(node: AstNode, container: AstNode): boolean {
  for (let at: AstNode | undefined = node; at; at = at.$container) if (at === container) return true;
  return false;
}
