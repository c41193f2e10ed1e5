/** Turns a cell at one place of a model into plain data: arguments replaced by their values, every shape known. */
import type { AstNode } from 'langium';
import type {
  CheckedCell,
  Dimension,
  Equation,
  Expression,
  Initialiser,
  ParameterDeclaration,
  Shape,
} from '../checked-model.ts';
import type * as syntax from '../generated/ast.ts';
import { inputName, isFunctionName } from '../vocabulary/functions.ts';
import { type InitialiserName, initialisers } from '../vocabulary/layers.ts';
import { type CellShapes, inferShapes, type Sizes } from './cell-shapes.ts';
import type { CellDefinition } from './cells.ts';
import { type Environment, evaluateConstant } from './constants.ts';
import { delayOf } from './equations.ts';
import { foldedText, type Reporter, rangeOf } from './reporter.ts';
import { readChoice, type Value } from './values.ts';

/**
 * @param values of the cell's arguments
 * @param inputSize width of `x`
 * @returns undefined where something is wrong, which is reported
 */
export function buildCell(
  definition: CellDefinition,
  values: ReadonlyMap<string, number>,
  inputSize: Dimension,
  reporter: Reporter,
): CheckedCell | undefined {
  const environment: Environment = new Map<string, Dimension>([...values, [inputName, inputSize]]);
  const shapes = inferShapes(definition, environment, reporter);
  const builder = new CellBuilder(definition, values, shapes, reporter);
  const parameters = [...definition.parameters.keys()].map((name) => builder.parameter(name));
  const equations = [...definition.equations.values()].map((equation) => builder.equation(equation));
  const output = definition.outputs[0]?.quantity.$refText;
  if (output === undefined || !definition.equations.has(output)) return undefined;
  if (!allDefined(parameters) || !allDefined(equations)) return undefined;
  return { name: definition.node.name, parameters, equations, initial: builder.initial(), output };
}

function allDefined<Item>(items: readonly (Item | undefined)[]): items is readonly Item[] {
  return items.every((item) => item !== undefined);
}

class CellBuilder {
  private readonly definition: CellDefinition;
  private readonly values: ReadonlyMap<string, number>;
  private readonly shapes: CellShapes;
  private readonly reporter: Reporter;

  constructor(
    definition: CellDefinition,
    values: ReadonlyMap<string, number>,
    shapes: CellShapes,
    reporter: Reporter,
  ) {
    this.definition = definition;
    this.values = values;
    this.shapes = shapes;
    this.reporter = reporter;
  }

  parameter(name: string): ParameterDeclaration | undefined {
    const { node, statement } = this.definition.parameters.get(name)!;
    const shape = concrete(this.shapes.names.get(name));
    const initialiser = this.initialiser(statement);
    if (shape === undefined || initialiser === undefined) return undefined;
    if (initialiser.kind === 'orthogonal' && shape.length !== 2) {
      const message = `\`orthogonal\` needs a matrix; \`${name}\` is a ${shape.length === 1 ? 'vector' : 'scalar'}.`;
      this.reporter.error('initialiser-shape', message, statement.initialiser!);
      return undefined;
    }
    return { name, shape, initialiser, source: this.source(node) };
  }

  equation(equation: syntax.Equation): Equation | undefined {
    const shape = concrete(this.shapes.names.get(equation.name));
    const value = this.expression(equation.value);
    if (shape === undefined || value === undefined) return undefined;
    return { name: equation.name, shape, value, source: this.source(equation), text: foldedText(equation) };
  }

  initial(): ReadonlyMap<string, number> {
    const initial = new Map<string, number>();
    for (const statement of this.definition.initial) {
      const value = this.constant(statement.value);
      if (value !== undefined) initial.set(statement.quantity.$refText, value);
    }
    return initial;
  }

  private initialiser(statement: syntax.ParameterStatement): Initialiser | undefined {
    if (statement.constant) {
      const value = this.constant(statement.constant);
      return value === undefined ? undefined : { kind: 'constant', value };
    }
    const choice =
      statement.initialiser && readChoice(statement.initialiser, initialisers, this.reporter, this.values);
    if (choice === undefined) return undefined;
    const name = choice.name as InitialiserName;
    switch (name) {
      case 'glorot':
      case 'orthogonal':
        return { kind: name };
      case 'normal':
        return { kind: name, deviation: numberArgument(choice, 'deviation') };
      case 'uniform':
        return { kind: name, bound: numberArgument(choice, 'bound') };
    }
  }

  /** Arguments have values here, so that a constant comes to a number. */
  private constant(expression: syntax.Expression): number | undefined {
    const value = evaluateConstant(expression, this.values, this.reporter);
    return typeof value === 'number' ? value : undefined;
  }

  private expression(expression: syntax.Expression): Expression | undefined {
    const shape = concrete(this.shapes.expressions.get(expression));
    if (shape === undefined) return undefined;
    const common = { shape, source: this.source(expression) };
    switch (expression.$type) {
      case 'NumberLiteral':
        return { ...common, kind: 'number', value: expression.value };
      case 'NameReference':
        return { ...common, ...this.reference(expression) };
      case 'Negation': {
        const operand = this.expression(expression.operand);
        return operand && { ...common, kind: 'negate', operand };
      }
      case 'Binary': {
        const { operator } = expression;
        const left = this.expression(expression.left);
        const right = this.expression(expression.right);
        return left && right && { ...common, kind: 'binary', operator, left, right };
      }
      case 'Call': {
        const argument = this.expression(expression.arguments[0]!.value);
        if (argument === undefined || !isFunctionName(expression.function)) return undefined;
        return { ...common, kind: 'call', function: expression.function, argument };
      }
      case 'List':
      case 'TextLiteral':
        return undefined;
    }
  }

  private reference(expression: syntax.NameReference) {
    const name = expression.reference.$refText;
    const value = this.values.get(name);
    if (this.definition.parameters.has(name)) return { kind: 'parameter', name } as const;
    if (value !== undefined) return { kind: 'number', value } as const;
    return { kind: 'quantity', name, delay: delayOf(expression) ?? 0 } as const;
  }

  private source(node: AstNode) {
    return rangeOf(node, this.definition.uri);
  }
}

function numberArgument(choice: Value & { kind: 'choice' }, name: string): number {
  const value = choice.arguments.get(name);
  return value?.kind === 'number' && typeof value.value === 'number' ? value.value : 0;
}

/** A shape without symbols other than `vocabulary`. */
function concrete(sizes: Sizes | undefined): Shape | undefined {
  return sizes?.every((size): size is Dimension => typeof size === 'number' || size === 'vocabulary')
    ? sizes
    : undefined;
}
