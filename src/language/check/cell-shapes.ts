/**
 * Infers and checks the shapes of a cell. A state may be read before its own equation is seen, so shapes are found by
 * going over the equations until nothing changes. A shape that is found stays, so that what does not fit can be reported
 * as soon as it is seen.
 */
import type { Binary, Call, Expression, InitialStatement, NameReference } from '../generated/ast.ts';
import { isFixed, type Size } from '../sizes.ts';
import { inputName } from '../vocabulary/functions.ts';
import type { CellDefinition } from './cells.ts';
import { type Environment, evaluateConstant } from './constants.ts';
import { unsigned } from './equations.ts';
import { readCall } from './function-calls.ts';
import { callShape, fitsOnlyWhere, type Inferred } from './function-shapes.ts';
import { readInitial } from './initial-state.ts';
import { foldedText, type Place, Reporter } from './reporter.ts';
import { describeShape, label, type Sizes, showSize, showSizes } from './shape-texts.ts';

export interface CellShapes {
  /** Of parameters and quantities; without those whose shape is in error. */
  readonly names: ReadonlyMap<string, Sizes>;
  readonly expressions: ReadonlyMap<Expression, Sizes>;
}

/**
 * @param environment values of the cell's arguments, and the width of its input under `x`; symbols for what is not
 * known, as in a cell that no model uses
 */
export function inferShapes(
  definition: CellDefinition,
  environment: Environment,
  reporter: Reporter,
): CellShapes {
  return new ShapeInference(definition, environment, reporter).run();
}

class ShapeInference {
  private readonly definition: CellDefinition;
  private readonly environment: Environment;
  /** The environment without the width of the input, which is for sizes alone. */
  private readonly numbers: Environment;
  private readonly names = new Map<string, Sizes>();
  private readonly expressions = new Map<Expression, Sizes>();
  /** Quantities whose equation is in error: what reads them is not told again. */
  private readonly failed = new Set<string>();
  private readonly reporter: Reporter;

  constructor(definition: CellDefinition, environment: Environment, reporter: Reporter) {
    this.definition = definition;
    this.environment = new Map([...definition.constants, ...environment]);
    this.numbers = new Map([...this.environment].filter(([name]) => name !== inputName));
    this.reporter = reporter;
  }

  run(): CellShapes {
    this.readParameters();
    while (this.pass('unknown'));
    // What hangs on nothing but itself and numbers, such as `n = n[t-1] + 1`, is a scalar.
    while (this.pass('scalar'));
    this.checkOutput();
    for (const statement of this.definition.initial) this.checkInitial(statement);
    return { names: this.names, expressions: this.expressions };
  }

  private readParameters(): void {
    for (const [name, { statement }] of this.definition.parameters) {
      const sizes = statement.shape?.items.map((item) => this.readSize(item));
      if (sizes === undefined) continue;
      if (sizes.length > 2) {
        const message = `A parameter is a scalar [], a vector [n] or a matrix [m, n]; this shape has ${sizes.length} sizes.`;
        this.reporter.error('invalid-shape', message, statement.shape!);
      } else if (sizes.every((size) => size !== undefined)) {
        this.names.set(name, sizes);
      }
    }
  }

  private readSize(item: Expression): Size | undefined {
    const size = evaluateConstant(item, this.environment, this.reporter);
    if (size === undefined) return undefined;
    if (typeof size === 'string' || (Number.isSafeInteger(size) && size >= 1)) return size;
    const message = `A size is a whole number of at least 1; \`${foldedText(item)}\` comes to ${size}.`;
    this.reporter.error('invalid-size', message, item);
    return undefined;
  }

  /** Goes over all equations; true where a shape, or that there is none, was found that was not known before. */
  private pass(unknown: 'unknown' | 'scalar'): boolean {
    let found = false;
    for (const equation of this.definition.equations.values()) {
      const shape = this.shapeOf(equation.value);
      const settled = shape === 'unknown' && unknown === 'scalar' ? [] : shape;
      const isKnown = this.names.has(equation.name) || this.failed.has(equation.name);
      if (settled === 'unknown' || isKnown) continue;
      if (settled === undefined) this.failed.add(equation.name);
      else this.names.set(equation.name, settled);
      found = true;
    }
    return found;
  }

  private checkOutput(): void {
    const output = this.definition.outputs[0];
    const equation = output && this.definition.equations.get(output.quantity.$refText);
    const shape = equation && this.expressions.get(equation.value);
    if (output === undefined || shape === undefined || shape.length === 1) return;
    const message = `A cell's output is a vector; \`${output.quantity.$refText}\` is ${describeShape(shape)}.`;
    this.reporter.error('output-not-vector', message, this.reporter.part(output, 'quantity'));
  }

  private shapeOf(expression: Expression): Inferred {
    const shape = this.infer(expression);
    if (shape === undefined || shape === 'unknown') this.expressions.delete(expression);
    else this.expressions.set(expression, shape);
    return shape;
  }

  private infer(expression: Expression): Inferred {
    switch (expression.$type) {
      case 'NumberLiteral':
        return [];
      case 'NameReference':
        return this.nonMatrix(expression, this.referenceShape(expression));
      case 'Negation':
        return this.shapeOf(expression.operand);
      case 'Call':
        return this.callShape(expression);
      case 'Binary':
        return expression.operator === '@'
          ? this.productShape(expression)
          : this.elementwiseShape(expression);
      case 'List':
      case 'TextLiteral':
        return undefined;
    }
  }

  private referenceShape(reference: NameReference): Inferred {
    const name = reference.reference.$refText;
    if (this.failed.has(name)) return undefined;
    if (this.definition.equations.has(name)) return this.names.get(name) ?? 'unknown';
    if (this.definition.parameters.has(name)) return this.names.get(name);
    if (name === inputName) {
      const width = this.environment.get(inputName);
      return width === undefined ? undefined : [width];
    }
    return this.environment.has(name) ? [] : undefined;
  }

  private nonMatrix(reference: NameReference, shape: Inferred): Inferred {
    if (shape === undefined || shape === 'unknown' || shape.length < 2) return shape;
    const name = reference.reference.$refText;
    const message = `The matrix \`${name}\` ${showSizes(shape)} can only stand on the left of \`@\`, as in \`${name} @ x\`.`;
    this.reporter.error('matrix-outside-product', message, reference);
    return undefined;
  }

  private callShape(node: Call): Inferred {
    const call = readCall(node, this.numbers, this.reporter);
    if (call === undefined) return undefined;
    const shapes = call.values.map((value) => this.shapeOf(value));
    const units = call.name === 'affine' ? this.affineUnits(node, call.numbers.get('units')) : undefined;
    return callShape(call, shapes, units, (severity, message, place) =>
      this.mismatch(place, severity, message),
    );
  }

  /** What `affine` is told, or else the cell's own `units`. */
  private affineUnits(node: Call, given: Size | undefined): Size | undefined {
    const units = given ?? this.environment.get('units');
    if (units !== undefined) return units;
    const message =
      '`affine` cannot tell how many units it gives: add `units = …` to it, or give the cell an argument `units`.';
    this.reporter.error('missing-argument', message, node);
    return undefined;
  }

  /** `[m, n] @ [n]` gives `[m]`. */
  private productShape(product: Binary): Inferred {
    const { right } = product;
    const left = unsigned(product.left);
    const matrix = left.$type === 'NameReference' ? this.referenceShape(left) : this.shapeOf(left);
    const vector = this.shapeOf(right);
    if (matrix === undefined || matrix === 'unknown') return matrix;
    this.expressions.set(left, matrix);
    if (matrix.length !== 2) {
      const message = `\`@\` needs a matrix on its left; ${label(left, 'the left side')} is ${describeShape(matrix)}. \`*\` multiplies element by element.`;
      return this.mismatch(this.reporter.part(product, 'operator'), 'error', message);
    }
    const [rows, columns] = matrix as readonly [Size, Size];
    if (vector === undefined) return undefined;
    if (vector === 'unknown') return [rows];
    if (vector.length !== 1) {
      const message = `\`@\` needs a vector on its right; ${label(right, 'the right side')} is ${describeShape(vector)}.`;
      return this.mismatch(this.reporter.part(product, 'operator'), 'error', message);
    }
    const units = vector[0]!;
    if (columns !== units) {
      const message =
        `\`@\` cannot multiply ${label(left, 'the left side')} ${showSizes(matrix)} by ${label(right, 'the right side')} ${showSizes(vector)}: ` +
        `the matrix has ${showSize(columns)} columns and the vector ${showSize(units)} units.`;
      this.mismatchedSizes(product, columns, units, message);
    }
    return [rows];
  }

  private elementwiseShape(binary: Binary): Inferred {
    const left = this.shapeOf(binary.left);
    const right = this.shapeOf(binary.right);
    if (left === undefined || right === undefined) return undefined;
    if (left === 'unknown' || right === 'unknown') {
      const known = left === 'unknown' ? right : left;
      return known !== 'unknown' && known.length > 0 ? known : 'unknown';
    }
    if (left.length === 0) return right;
    if (right.length === 0 || left[0] === right[0]) return left;
    const message =
      `\`${binary.operator}\` cannot combine ${label(binary.left, 'the left side')} ${showSizes(left)} with ` +
      `${label(binary.right, 'the right side')} ${showSizes(right)}: it works unit by unit, and one side has ` +
      `${showSize(left[0]!)} units, the other ${showSize(right[0]!)}.`;
    return this.mismatchedSizes(binary, left[0]!, right[0]!, message) ? left : undefined;
  }

  /** An error where the sizes are known to differ; a warning where symbols may turn out equal, which is then assumed. */
  private mismatchedSizes(binary: Binary, one: Size, other: Size, message: string): boolean {
    const certain = isFixed(one) && isFixed(other);
    const place = this.reporter.part(binary, 'operator');
    if (certain) this.mismatch(place, 'error', message);
    else this.mismatch(place, 'warning', `${message} ${fitsOnlyWhere(one, other)}`);
    return !certain;
  }

  private mismatch(place: Place, severity: 'error' | 'warning', message: string): undefined {
    this.reporter[severity]('shape-mismatch', message, place);
  }

  /** A parameter that a state starts from is as wide as the state, or a scalar. */
  private checkInitial(statement: InitialStatement): void {
    const { quantity, value } = statement;
    const state = this.names.get(quantity.$refText);
    // What is wrong with its value is told where the cell is checked.
    const initial = readInitial(
      statement,
      this.definition,
      this.environment,
      new Reporter(this.reporter.uri),
    );
    if (initial?.kind !== 'parameter') return;
    const { name } = initial;
    const start = this.names.get(name);
    if (state === undefined || start === undefined || start.length === 0) return;
    const fits = start.length === 1 && state.length === 1 && start[0] === state[0];
    if (fits) return;
    const message =
      `\`${quantity.$refText}\` is ${describeShape(state)} and cannot start from \`${name}\`, ` +
      `${describeShape(start)}: declare \`param ${name} : ${showSizes(state)}\`.`;
    this.mismatch(value, 'error', message);
  }
}
