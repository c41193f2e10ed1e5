/** Hover texts of what stands in equations: functions, operators, delays; with the shapes that meet there. */
import { AstUtils, type LangiumDocument } from 'langium';
import { affineCalls } from '../../check/affine.ts';
import type { CellShapes } from '../../check/cell-shapes.ts';
import { foldedText } from '../../check/reporter.ts';
import { showSizes } from '../../check/shape-texts.ts';
import {
  type Binary,
  type Call,
  type Equation,
  type Expression,
  type File,
  isCell,
  isEquation,
  type NameReference,
} from '../../generated/ast.ts';
import { functions, signatureOf, type WrittenFunction } from '../../vocabulary/functions.ts';
import { operators } from '../../vocabulary/operators.ts';
import type { RnnServices } from '../module.ts';
import { CellFacts } from './cell-facts.ts';
import { equationBlock, paragraphs } from './markdown.ts';

export class OperationHover {
  private readonly services: RnnServices;
  private readonly document: LangiumDocument<File>;

  constructor(services: RnnServices, document: LangiumDocument<File>) {
    this.services = services;
    this.document = document;
  }

  call(node: Call, name: WrittenFunction): string {
    const { meaning, derivative } = functions[name];
    const values = node.arguments.map(({ value }) => value);
    return paragraphs(
      `\`${signatureOf(name)}\``,
      meaning,
      `Derivative: ${derivative}`,
      this.shapesHere(node, (shapes) => `${name}(${values.map((value) => shapes(value)).join(', ')})`),
      name === 'affine' ? this.madeBy(node) : undefined,
    );
  }

  binary(node: Binary): string {
    const { meaning, derivative } = operators[node.operator];
    const { left, right, operator } = node;
    return paragraphs(
      meaning,
      `Derivative: ${derivative}`,
      this.shapesHere(node, (shapes) => `${shapes(left)} ${operator} ${shapes(right)}`),
    );
  }

  /** `Here: [units, x] @ [x] → [units].` */
  private shapesHere(
    node: Expression,
    write: (shapes: (operand: Expression) => string) => string,
  ): string | undefined {
    const shapes = this.shapesOf(node)?.expressions;
    const result = shapes?.get(node);
    if (shapes === undefined || result === undefined) return undefined;
    const shapeOf = (operand: Expression): string => {
      const shape = shapes.get(operand);
      return shape ? showSizes(shape) : '?';
    };
    return `Here: \`${write(shapeOf)}\` → \`${showSizes(result)}\`.`;
  }

  /** The parameters of an `affine`, with their gradients. */
  private madeBy(call: Call): string | undefined {
    const equation: Equation | undefined = AstUtils.getContainerOfType(call, isEquation);
    const made = equation && affineCalls(equation).get(call);
    if (equation === undefined || made === undefined) return undefined;
    const facts = new CellFacts(equation.$container, this.document, this.services);
    const names = [...made.weights, made.bias];
    const gradients = facts.equations()?.parameters.filter(({ name }) => names.includes(name)) ?? [];
    return paragraphs(
      `It makes ${names.map((name) => `\`${name}\``).join(', ')}.`,
      equationBlock(gradients.flatMap(({ gradient }) => gradient)),
    );
  }

  private shapesOf(node: Expression): CellShapes | undefined {
    const cell = AstUtils.getContainerOfType(node, isCell);
    return cell && new CellFacts(cell, this.document, this.services).shapes();
  }
}

export function describeNegation(): string {
  const { meaning, derivative } = operators.negation;
  return paragraphs(meaning, `Derivative: ${derivative}`);
}

export function describeDelay(node: NameReference): string {
  const name = node.reference.$refText;
  const steps = node.direction === undefined ? 0 : (node.steps ?? 0);
  if (steps === 0) return `\`${name}\` at this time step, as without the brackets.`;
  const ago = steps === 1 ? 'one time step ago' : `${steps} time steps ago`;
  const cell = AstUtils.getContainerOfType(node, isCell);
  const initial = cell?.statements.find(
    (statement) => statement.$type === 'InitialStatement' && statement.quantity.$refText === name,
  );
  const before =
    initial?.$type === 'InitialStatement' && initial.value
      ? `\`${foldedText(initial.value)}\`, by \`${foldedText(initial)}\``
      : `0; \`initial ${name} = …\` says otherwise`;
  return paragraphs(
    `\`${foldedText(node)}\`: \`${name}\` ${ago}. Before the first step it is ${name === 'x' ? '0' : before}.`,
    `Derivative: what reads \`${name}[t-${steps}]\` at t sends its adjoint back to t − ${steps}: δ${name} at t receives from t + ${steps}.`,
  );
}
