/**
 * Infers and checks the shapes of a cell. A state may be read before its own equation is seen, so shapes are found by
 * going over the equations until nothing changes. A shape that is found stays, so that what does not fit can be reported
 * as soon as it is seen.
 */
import type { Expression, NameReference } from '../generated/ast.ts';
import { inputName } from '../vocabulary/functions.ts';
import type { CellDefinition } from './cells.ts';
import { type Environment, evaluateConstant, type Size } from './constants.ts';
import { foldedText, type Reporter } from './reporter.ts';

/** `[]` scalar, `[n]` vector, `[m, n]` matrix; sizes may be symbols. */
export type Sizes = readonly Size[];

export interface CellShapes {
  /** Of parameters and quantities; without those whose shape is in error. */
  readonly names: ReadonlyMap<string, Sizes>;
  readonly expressions: ReadonlyMap<Expression, Sizes>;
}

/** `unknown`: hangs on a state whose shape is not yet found; undefined: in error. */
type Inferred = Sizes | 'unknown' | undefined;

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

export function showSizes(sizes: Sizes): string {
  return `[${sizes.join(', ')}]`;
}

/** `vocabulary` is a size like any other: fixed, though not known before the text is read. */
function isFixed(size: Size): size is number | 'vocabulary' {
  return typeof size === 'number' || size === 'vocabulary';
}

class ShapeInference {
  private readonly definition: CellDefinition;
  private readonly environment: Environment;
  private readonly names = new Map<string, Sizes>();
  private readonly expressions = new Map<Expression, Sizes>();
  /** Quantities whose equation is in error: what reads them is not told again. */
  private readonly failed = new Set<string>();
  private readonly reporter: Reporter;

  constructor(definition: CellDefinition, environment: Environment, reporter: Reporter) {
    this.definition = definition;
    this.environment = environment;
    this.reporter = reporter;
  }

  run(): CellShapes {
    this.readParameters();
    while (this.pass('unknown'));
    // What hangs on nothing but itself and numbers, such as `n = n[t-1] + 1`, is a scalar.
    while (this.pass('scalar'));
    this.checkOutput();
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
    const concrete = [...this.environment.values()].every(isFixed);
    if (typeof size === 'number' ? Number.isSafeInteger(size) && size >= 1 : !concrete || isFixed(size))
      return size;
    const message =
      typeof size === 'number'
        ? `A size is a whole number of at least 1; \`${foldedText(item)}\` comes to ${size}.`
        : `\`${foldedText(item)}\` hangs on the vocabulary, which is known only once the text is read; use \`x\` alone.`;
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
    const message = `A cell's output is a vector; \`${output.quantity.$refText}\` is ${describe(shape)}.`;
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
    return this.definition.arguments.has(name) ? [] : undefined;
  }

  private nonMatrix(reference: NameReference, shape: Inferred): Inferred {
    if (shape === undefined || shape === 'unknown' || shape.length < 2) return shape;
    const name = reference.reference.$refText;
    const message = `The matrix \`${name}\` ${showSizes(shape)} can only stand on the left of \`@\`, as in \`${name} @ x\`.`;
    this.reporter.error('matrix-outside-product', message, reference);
    return undefined;
  }

  private callShape(call: Expression & { $type: 'Call' }): Inferred {
    const argument = call.arguments[0];
    if (argument === undefined) return undefined;
    const shape = this.shapeOf(argument.value);
    if (call.function === 'softmax' && shape !== 'unknown' && shape?.length === 0) {
      const message = `\`softmax\` normalises over the units of a vector; ${label(argument.value, 'its argument')} is a scalar.`;
      this.reporter.error('shape-mismatch', message, argument);
      return undefined;
    }
    return shape;
  }

  /** `[m, n] @ [n]` gives `[m]`. */
  private productShape(product: Expression & { $type: 'Binary' }): Inferred {
    const { left, right } = product;
    const matrix = left.$type === 'NameReference' ? this.referenceShape(left) : this.shapeOf(left);
    const vector = this.shapeOf(right);
    if (matrix === undefined || matrix === 'unknown') return matrix;
    this.expressions.set(left, matrix);
    if (matrix.length !== 2) {
      const message = `\`@\` needs a matrix on its left; ${label(left, 'the left side')} is ${describe(matrix)}. \`*\` multiplies element by element.`;
      return this.mismatch(product, 'error', message);
    }
    const [rows, columns] = matrix as readonly [Size, Size];
    if (vector === undefined) return undefined;
    if (vector === 'unknown') return [rows];
    if (vector.length !== 1) {
      const message = `\`@\` needs a vector on its right; ${label(right, 'the right side')} is ${describe(vector)}.`;
      return this.mismatch(product, 'error', message);
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

  private elementwiseShape(binary: Expression & { $type: 'Binary' }): Inferred {
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
  private mismatchedSizes(
    binary: Expression & { $type: 'Binary' },
    one: Size,
    other: Size,
    message: string,
  ): boolean {
    const certain = isFixed(one) && isFixed(other);
    const advice = certain ? '' : ` This fits only where ${showSize(one)} equals ${showSize(other)}.`;
    this.mismatch(binary, certain ? 'error' : 'warning', message + advice);
    return !certain;
  }

  private mismatch(
    binary: Expression & { $type: 'Binary' },
    severity: 'error' | 'warning',
    message: string,
  ): undefined {
    this.reporter[severity]('shape-mismatch', message, this.reporter.part(binary, 'operator'));
  }
}

function showSize(size: Size): string {
  return typeof size === 'number' ? `${size}` : `\`${size}\``;
}

function describe(shape: Sizes): string {
  const kinds = ['a scalar', 'a vector', 'a matrix'] as const;
  return shape.length === 0 ? kinds[0] : `${kinds[shape.length]} ${showSizes(shape)}`;
}

/** An operand by its text where that is short. */
function label(expression: Expression, otherwise: string): string {
  const text = foldedText(expression);
  return text.length <= 24 ? text : otherwise;
}
