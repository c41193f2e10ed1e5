/**
 * Whether two cells are the same but for the names of their parts: the same equations, whatever the order of their
 * lines and of the terms and factors that commute, over parameters of the same shapes that start alike.
 */
import type { CellDefinition, ParameterDefinition } from '../../check/cells.ts';
import type { Call, Equation, Expression } from '../../generated/ast.ts';
import { inputName } from '../../vocabulary/functions.ts';

/** Names of one cell by those of the other. */
export type Renaming = ReadonlyMap<string, string>;

/** @returns the names of `other` by those of `cell`; undefined where the cells differ */
export function sameCell(cell: CellDefinition, other: CellDefinition): Renaming | undefined {
  return new CellComparison(cell, other).run();
}

class CellComparison {
  private readonly cell: CellDefinition;
  private readonly other: CellDefinition;

  constructor(cell: CellDefinition, other: CellDefinition) {
    this.cell = cell;
    this.other = other;
  }

  run(): Renaming | undefined {
    const { cell, other } = this;
    const output = cell.outputs[0]?.quantity.$refText;
    const otherOutput = other.outputs[0]?.quantity.$refText;
    const sizes = ['arguments', 'parameters', 'equations'] as const;
    if (output === undefined || otherOutput === undefined) return undefined;
    if (sizes.some((part) => cell[part].size !== other[part].size)) return undefined;
    let names: Renaming | undefined = new Map([[inputName, inputName]]);
    // Arguments are given by position.
    const otherArguments = [...other.arguments.keys()];
    for (const [index, name] of [...cell.arguments.keys()].entries()) {
      names = names && this.bind(name, otherArguments[index]!, names);
    }
    const start = names && this.bind(output, otherOutput, names);
    for (const found of start ? this.equations([[output, otherOutput]], start) : []) {
      if (this.isComplete(found)) return found;
    }
    return undefined;
  }

  /** All ways in which the equations of pairs of quantities, and of what these read, are the same. */
  private *equations(pending: readonly (readonly [string, string])[], names: Renaming): Generator<Renaming> {
    const [next, ...rest] = pending;
    if (next === undefined) {
      yield names;
      return;
    }
    const equation = this.cell.equations.get(next[0]);
    const otherEquation = this.other.equations.get(next[1]);
    if (!equation || !otherEquation) return;
    for (const found of this.expressions(equation.value, otherEquation.value, names)) {
      const met = [...found].filter(([name]) => !names.has(name) && this.cell.equations.has(name));
      yield* this.equations([...rest, ...met], found);
    }
  }

  private *expressions(one: Expression, other: Expression, names: Renaming): Generator<Renaming> {
    if (isSum(one) || isSum(other)) {
      yield* this.lists(termsOf(one), termsOf(other), names);
    } else if (isProduct(one) || isProduct(other)) {
      yield* this.lists(factorsOf(one), factorsOf(other), names);
    } else if (one.$type === 'Binary' && other.$type === 'Binary') {
      yield* this.inOrder([one.left, one.right], [other.left, other.right], names);
    } else if (one.$type === 'NumberLiteral' && other.$type === 'NumberLiteral') {
      if (one.value === other.value) yield names;
    } else if (one.$type === 'NameReference' && other.$type === 'NameReference') {
      const isAlike = one.steps === other.steps && one.direction === other.direction;
      const bound = isAlike && this.bind(one.reference.$refText, other.reference.$refText, names);
      if (bound) yield bound;
    } else if (one.$type === 'Call' && other.$type === 'Call' && isCalledAlike(one, other)) {
      yield* this.inOrder(one.arguments.map(operandOf), other.arguments.map(operandOf), names);
    }
  }

  private *inOrder(
    ones: readonly Expression[],
    others: readonly Expression[],
    names: Renaming,
  ): Generator<Renaming> {
    const [one, ...rest] = ones;
    if (one === undefined) {
      yield names;
      return;
    }
    for (const found of this.expressions(one, others[0]!, names))
      yield* this.inOrder(rest, others.slice(1), found);
  }

  /** Terms or factors, in any order. */
  private *lists(ones: readonly Part[], others: readonly Part[], names: Renaming): Generator<Renaming> {
    if (ones.length !== others.length) return;
    const [one, ...rest] = ones;
    if (one === undefined) {
      yield names;
      return;
    }
    for (const [index, other] of others.entries()) {
      if (one.isInverse !== other.isInverse) continue;
      const remaining = others.filter((_, position) => position !== index);
      for (const found of this.expressions(one.value, other.value, names))
        yield* this.lists(rest, remaining, found);
    }
  }

  /** Parameters go with parameters, quantities with quantities; no two names become one. */
  private bind(name: string, other: string, names: Renaming): Renaming | undefined {
    const known = names.get(name);
    if (known !== undefined) return known === other ? names : undefined;
    const isTaken = [...names.values()].includes(other);
    const isAlike = (['arguments', 'parameters', 'equations'] as const).every(
      (part) => this.cell[part].has(name) === this.other[part].has(other),
    );
    return isTaken || !isAlike ? undefined : new Map([...names, [name, other]]);
  }

  /** Every name has its like, parameters start alike, states too. */
  private isComplete(names: Renaming): boolean {
    const { cell, other } = this;
    const all = [...cell.parameters.keys(), ...cell.equations.keys()];
    if (!all.every((name) => names.has(name))) return false;
    const alike = (one: Expression | undefined, another: Expression | undefined) =>
      one && another ? !this.expressions(one, another, names).next().done : one === another;
    const defaults = [...cell.arguments].every(([name, argument]) =>
      alike(argument.default, other.arguments.get(names.get(name)!)?.default),
    );
    const parameters = [...cell.parameters].every(([name, parameter]) =>
      startsAlike(parameter, other.parameters.get(names.get(name)!)!, alike),
    );
    const initial = (definition: CellDefinition) =>
      new Map(definition.initial.map(({ quantity, value }) => [quantity.$refText, value]));
    const starts = initial(cell);
    const otherStarts = initial(other);
    const states = [...cell.equations.keys()].every((name: Equation['name']) =>
      alike(starts.get(name), otherStarts.get(names.get(name)!)),
    );
    return defaults && parameters && states;
  }
}

type Alike = (one: Expression | undefined, other: Expression | undefined) => boolean;

function startsAlike(one: ParameterDefinition, other: ParameterDefinition, alike: Alike): boolean {
  const sizes = one.statement.shape?.items ?? [];
  const otherSizes = other.statement.shape?.items ?? [];
  return (
    sizes.length === otherSizes.length &&
    sizes.every((size, index) => alike(size, otherSizes[index])) &&
    alikeStart(one.statement.initialiser, other.statement.initialiser, alike) &&
    alike(one.statement.constant, other.statement.constant)
  );
}

/** Initialisers are names of their own, and no parts of a cell. */
function alikeStart(one: Expression | undefined, other: Expression | undefined, alike: Alike): boolean {
  if (one?.$type === 'NameReference' && other?.$type === 'NameReference') {
    return one.reference.$refText === other.reference.$refText;
  }
  return alike(one, other);
}

/** A term with its sign, or a factor above or below the bar. */
interface Part {
  readonly value: Expression;
  readonly isInverse: boolean;
}

function isSum(expression: Expression): boolean {
  if (expression.$type === 'Negation') return true;
  return expression.$type === 'Binary' && (expression.operator === '+' || expression.operator === '-');
}

function isProduct(expression: Expression): boolean {
  return expression.$type === 'Binary' && (expression.operator === '*' || expression.operator === '/');
}

function termsOf(expression: Expression, isInverse = false): readonly Part[] {
  if (expression.$type === 'Negation') return termsOf(expression.operand, !isInverse);
  if (expression.$type !== 'Binary' || !isSum(expression)) return [{ value: expression, isInverse }];
  const { left, operator, right } = expression;
  return [...termsOf(left, isInverse), ...termsOf(right, isInverse !== (operator === '-'))];
}

function factorsOf(expression: Expression, isInverse = false): readonly Part[] {
  if (expression.$type !== 'Binary' || !isProduct(expression)) return [{ value: expression, isInverse }];
  const { left, operator, right } = expression;
  return [...factorsOf(left, isInverse), ...factorsOf(right, isInverse !== (operator === '/'))];
}

function isCalledAlike(one: Call, other: Call): boolean {
  return (
    one.function.$refText === other.function.$refText &&
    one.arguments.length === other.arguments.length &&
    one.arguments.every(({ name }, index) => name === other.arguments[index]!.name)
  );
}

function operandOf({ value }: { readonly value: Expression }): Expression {
  return value;
}
