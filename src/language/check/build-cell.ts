/** Turns a cell at one place of a model into plain data: arguments replaced by their values, every shape known. */
import type { AstNode } from 'langium';
import type {
  CheckedCell,
  Dimension,
  Equation,
  Expression,
  Initialiser,
  InitialState,
  ParameterDeclaration,
  Shape,
} from '../checked-model.ts';
import type * as syntax from '../generated/ast.ts';
import { isFixed } from '../sizes.ts';
import { inputName } from '../vocabulary/functions.ts';
import { type InitialiserName, initialisers } from '../vocabulary/initialisers.ts';
import { type AffineNames, affineCalls } from './affine.ts';
import { type CellShapes, inferShapes } from './cell-shapes.ts';
import type { CellDefinition } from './cells.ts';
import { type Environment, evaluateConstant } from './constants.ts';
import { delayOf, unsigned } from './equations.ts';
import { type FunctionCall, readCall } from './function-calls.ts';
import { readInitial } from './initial-state.ts';
import { foldedText, type Reporter, rangeOf } from './reporter.ts';
import type { Sizes } from './shape-texts.ts';
import { readChoice, type Value } from './values.ts';

/** What all kinds of expressions have. */
type Common = Pick<Expression, 'shape' | 'source'>;

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
  const declared = [...definition.parameters.keys()].map((name) => builder.parameter(name));
  const equations = [...definition.equations.values()].map((equation) => builder.equation(equation));
  const output = definition.outputs[0]?.quantity.$refText;
  if (output === undefined || !definition.equations.has(output)) return undefined;
  if (!allDefined(declared) || !allDefined(equations)) return undefined;
  const parameters = [...declared, ...builder.affineParameters];
  return { name: definition.node.name, parameters, equations, initial: builder.initial(), output };
}

function allDefined<Item>(items: readonly (Item | undefined)[]): items is readonly Item[] {
  return items.every((item) => item !== undefined);
}

class CellBuilder {
  /** Parameters that `affine` makes, in the order of the equations. */
  readonly affineParameters: ParameterDeclaration[] = [];
  private readonly definition: CellDefinition;
  /** Values of arguments and constants. */
  private readonly values: Environment;
  private readonly shapes: CellShapes;
  private readonly reporter: Reporter;
  /** Of the equation that is being built. */
  private affine: ReadonlyMap<syntax.Call, AffineNames> = new Map();

  constructor(definition: CellDefinition, values: Environment, shapes: CellShapes, reporter: Reporter) {
    this.definition = definition;
    this.values = new Map([...definition.constants, ...values]);
    this.shapes = shapes;
    this.reporter = reporter;
  }

  parameter(name: string): ParameterDeclaration | undefined {
    const { node, statement } = this.definition.parameters.get(name)!;
    const shape = concrete(this.shapes.names.get(name));
    const initialiser = this.initialiser(statement);
    if (shape === undefined || initialiser === undefined) return undefined;
    const { matrixOnly } = initialisers.find(({ name: other }) => other === initialiser.kind) ?? {};
    if (matrixOnly && shape.length !== 2) {
      const message = `\`${initialiser.kind}\` needs a matrix; \`${name}\` is a ${shape.length === 1 ? 'vector' : 'scalar'}.`;
      this.reporter.error('initialiser-shape', message, statement.initialiser!);
      return undefined;
    }
    return { name, shape, initialiser, source: this.source(node) };
  }

  equation(equation: syntax.Equation): Equation | undefined {
    const shape = concrete(this.shapes.names.get(equation.name));
    this.affine = affineCalls(equation);
    const value = this.expression(equation.value);
    if (shape === undefined || value === undefined) return undefined;
    return { name: equation.name, shape, value, source: this.source(equation), text: foldedText(equation) };
  }

  initial(): ReadonlyMap<string, InitialState> {
    const initial = new Map<string, InitialState>();
    for (const statement of this.definition.initial) {
      const start = readInitial(statement, this.definition, this.values, this.reporter);
      if (start?.kind === 'parameter') initial.set(statement.quantity.$refText, start);
      // Arguments have values here, so that a constant comes to a number.
      else if (typeof start?.value === 'number') {
        initial.set(statement.quantity.$refText, { kind: 'constant', value: start.value });
      }
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
      case 'he':
      case 'lecun':
      case 'orthogonal':
      case 'identity':
        return { kind: name };
      case 'zeros':
        return { kind: 'constant', value: 0 };
      case 'ones':
        return { kind: 'constant', value: 1 };
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
      case 'Binary':
        return this.binary(expression, common);
      case 'Call':
        return this.call(expression, common);
      case 'List':
      case 'TextLiteral':
        return undefined;
    }
  }

  private binary(node: syntax.Binary, common: Common): Expression | undefined {
    const { operator } = node;
    const isProduct = operator === '@';
    const left = this.expression(isProduct ? unsigned(node.left) : node.left);
    const right = this.expression(node.right);
    if (left === undefined || right === undefined) return undefined;
    const binary: Expression = { ...common, kind: 'binary', operator, left, right };
    return isProduct && isNegative(node.left) ? { ...common, kind: 'negate', operand: binary } : binary;
  }

  private call(node: syntax.Call, common: Common): Expression | undefined {
    const call = readCall(node, this.values, this.reporter);
    const values = call?.values.map((value) => this.expression(value));
    if (call === undefined || values === undefined || !allDefined(values)) return undefined;
    const { name, numbers } = call;
    switch (name) {
      case 'affine':
        return this.affineSum(call, values, common);
      case 'window':
        return this.window(values[0]!, numberOf(numbers, 'k'), common);
      case 'maxout':
        return {
          ...common,
          kind: 'call',
          function: name,
          arguments: [...values, literal(call, 'k', common)],
        };
      case 'leaky_relu':
        return {
          ...common,
          kind: 'call',
          function: name,
          arguments: [...values, literal(call, 'slope', common)],
        };
      case 'elu':
        return {
          ...common,
          kind: 'call',
          function: name,
          arguments: [...values, literal(call, 'alpha', common)],
        };
      default:
        return { ...common, kind: 'call', function: name, arguments: values };
    }
  }

  /** q, q[t-1], …, q[t-k+1] end to end. */
  private window(quantity: Expression, count: number, common: Common): Expression | undefined {
    if (quantity.kind !== 'quantity') return undefined;
    if (count === 1) return quantity;
    const values = Array.from({ length: count }, (_, step) => ({
      ...quantity,
      delay: quantity.delay + step,
    }));
    return { ...common, kind: 'call', function: 'concat', arguments: values };
  }

  /** W @ u + U @ v + V @ w + b. */
  private affineSum(call: FunctionCall, vectors: readonly Expression[], common: Common): Expression {
    const { weights, bias } = this.affine.get(call.node)!;
    const { source } = common;
    const [units] = common.shape as readonly [Dimension];
    const terms = vectors.map((vector, index): Expression => {
      const shape: Shape = [units, vector.shape[0]!];
      const isSquareState = index === 1 && shape[0] === shape[1];
      const initialiser: Initialiser = { kind: isSquareState ? 'orthogonal' : 'glorot' };
      this.affineParameters.push({ name: weights[index]!, shape, initialiser, source });
      const left: Expression = { kind: 'parameter', name: weights[index]!, shape, source };
      return { ...common, kind: 'binary', operator: '@', left, right: vector };
    });
    const initialiser: Initialiser = { kind: 'constant', value: numberOf(call.numbers, 'bias') };
    this.affineParameters.push({ name: bias, shape: [units], initialiser, source });
    terms.push({ ...common, kind: 'parameter', name: bias });
    return terms.reduce((left, right) => ({ ...common, kind: 'binary', operator: '+', left, right }));
  }

  private reference(expression: syntax.NameReference) {
    const name = expression.reference.$refText;
    const value = this.values.get(name);
    if (this.definition.parameters.has(name)) return { kind: 'parameter', name } as const;
    if (typeof value === 'number') return { kind: 'number', value, name } as const;
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

/** Whether an odd number of signs stands before an expression. */
function isNegative(expression: syntax.Expression): boolean {
  return expression.$type === 'Negation' && !isNegative(expression.operand);
}

function numberOf(numbers: FunctionCall['numbers'], name: string): number {
  const value = numbers.get(name);
  return typeof value === 'number' ? value : 0;
}

function literal({ numbers, names }: FunctionCall, name: string, { source }: Common): Expression {
  return { kind: 'number', value: numberOf(numbers, name), name: names.get(name), shape: [], source };
}

/** A shape without symbols other than `vocabulary`. */
function concrete(sizes: Sizes | undefined): Shape | undefined {
  return sizes?.every(isFixed) ? sizes : undefined;
}
