/** Hover texts of what has a name in a file: cells, and what is declared in them; constants; blocks. */
import { AstUtils, type LangiumDocument } from 'langium';
import { countParameters, showCount } from '../../check/parameter-counts.ts';
import { foldedText } from '../../check/reporter.ts';
import { showSizes } from '../../check/shape-texts.ts';
import type { CellEquations, EquationLine } from '../../equation-texts.ts';
import {
  type Cell,
  type CellArgument,
  type Constant,
  type Declaration,
  type Equation,
  type File,
  isEquation,
  type Parameter,
} from '../../generated/ast.ts';
import { multiplySizes, type Size } from '../../sizes.ts';
import { inputName } from '../../vocabulary/functions.ts';
import { initialisers } from '../../vocabulary/initialisers.ts';
import type { RnnServices } from '../module.ts';
import { CellFacts, countIn, shapeIn } from './cell-facts.ts';
import { code, comment, equationBlock, equationsIn, paragraphs } from './markdown.ts';

/** Every equation block says what its signs mean. */
const meaningOfAdjoint =
  '`δq` is ∂L/∂q, L being the mean loss of the minibatch; `[t+1]` is one step later, and 0 after the last step.';
const meaningOfGradient = 'Σₜ is over all time steps, and over the samples of the minibatch.';

export class NameHover {
  private readonly services: RnnServices;
  private readonly document: LangiumDocument<File>;

  constructor(services: RnnServices, document: LangiumDocument<File>) {
    this.services = services;
    this.document = document;
  }

  declaration(node: Declaration | Cell): string {
    switch (node.$type) {
      case 'Cell':
        return this.cell(node);
      case 'CellArgument':
        return this.argument(node);
      case 'Equation':
        return this.quantity(node);
      case 'Parameter':
        return this.parameter(node);
      case 'Constant':
        return this.constant(node);
      case 'DataBlock':
      case 'ModelBlock':
        return paragraphs(code(`${node.keyword} ${node.name ?? ''}`.trim()), comment(node));
    }
  }

  cell(cell: Cell): string {
    const facts = this.factsOf(cell);
    const given = cell.arguments.map((argument) => foldedText(argument)).join(', ');
    const equations = facts.equations();
    const forward = equations?.quantities.toReversed().flatMap((quantity) => quantity.forward.slice(0, 1));
    const written = cell.statements.filter(isEquation).map((equation) => foldedText(equation));
    const uses = facts.uses().map((layer) => {
      return `- \`${layer.text}\`: ${showCount(countParameters([layer]))} parameters`;
    });
    const count = facts.parameterCount();
    return paragraphs(
      code([`cell ${cell.name}${given && `(${given})`}`, ...(forward ? [] : ['', ...written])].join('\n')),
      comment(cell),
      forward && equationBlock(forward),
      count === undefined ? undefined : `Parameters: ${showCount(count)}.`,
      uses.join('\n'),
    );
  }

  input(cell: Cell): string {
    const facts = this.factsOf(cell);
    const widths = facts.uses().map((layer) => `\`[${layer.inputSize}]\` in \`${layer.text}\``);
    const used = widths.length > 0 ? `; ${widths.join(', ')}` : '';
    return paragraphs(
      `\`${inputName}\`: the cell's input, what the layer below hands on at this time step${used}.`,
      ...this.adjointOf(facts, inputName),
    );
  }

  private quantity(equation: Equation): string {
    const facts = this.factsOf(equation.$container);
    return paragraphs(
      code(foldedText(equation)),
      comment(equation),
      `Quantity \`${equation.name}\`${this.shapesOf(facts, equation.name)}`,
      ...this.adjointOf(facts, equation.name),
    );
  }

  /** Also its forward equation, where it has one. */
  private adjointOf(facts: CellFacts, name: string): (string | undefined)[] {
    const equations = facts.equations();
    const quantity = equations?.quantities.find((each) => each.name === name);
    if (equations === undefined || quantity === undefined) return [];
    const lines = withParts([...quantity.forward, ...quantity.adjoint], equations);
    return [equationBlock(lines), paragraphs(meaningOfAdjoint, assumptionsOf(facts))];
  }

  private parameter(parameter: Parameter): string {
    const statement = parameter.$container;
    const { name } = parameter;
    const facts = this.factsOf(statement.$container);
    const equations = facts.equations();
    const gradient = equations?.parameters.find((each) => each.name === name)?.gradient;
    return paragraphs(
      code(foldedText(statement)),
      comment(statement),
      `Parameter \`${name}\`${this.shapesOf(facts, name)}`,
      this.countsOf(facts, name),
      startOf(parameter),
      gradient && equations && equationBlock(withParts(gradient, equations)),
      gradient && `${meaningOfGradient} ${meaningOfAdjoint}`,
      assumptionsOf(facts),
    );
  }

  private argument(argument: CellArgument): string {
    const uses = this.factsOf(argument.$container).uses();
    const list = uses.map((layer) => `\`${layer.text}\``).join(', ');
    return paragraphs(
      code(foldedText(argument)),
      `Argument of the cell \`${argument.$container.name}\`${list && `, as in ${list}`}.`,
    );
  }

  private constant(constant: Constant): string {
    const home = AstUtils.getDocument<File>(constant);
    const value = this.services.checks.of(home).constants.get(constant.name);
    const comes = value === undefined ? '.' : `: ${value}.`;
    return paragraphs(
      code(foldedText(constant)),
      comment(constant),
      `Constant \`${constant.name}\`${comes} The same in the whole file.`,
    );
  }

  /** `, shape `[units]`; `[64]` in `LSTM(64)`.` */
  private shapesOf(facts: CellFacts, name: string): string {
    const symbolic = facts.shapes()?.names.get(name);
    const used = facts.uses().flatMap((layer) => {
      const shape = shapeIn(layer, name);
      return shape ? [`\`${showSizes(shape)}\` in \`${layer.text}\``] : [];
    });
    const shapes = [...(symbolic ? [`shape \`${showSizes(symbolic)}\``] : []), ...used];
    return shapes.length > 0 ? `, ${shapes.join('; ')}.` : '.';
  }

  private countsOf(facts: CellFacts, name: string): string | undefined {
    const symbolic = facts.shapes()?.names.get(name);
    if (symbolic === undefined) return undefined;
    const count = symbolic.reduce<Size>(multiplySizes, 1);
    const used = facts.uses().map((layer) => `${showCount(countIn(layer, name))} in \`${layer.text}\``);
    return `Numbers: ${[showCount(count), ...used].join('; ')}.`;
  }

  private factsOf(cell: Cell): CellFacts {
    return new CellFacts(cell, this.document, this.services);
  }
}

/** How a parameter starts. */
function startOf({ $container: { initialiser, constant } }: Parameter): string | undefined {
  if (constant) return `Starts as ${foldedText(constant)}.`;
  if (initialiser === undefined) return undefined;
  const name =
    initialiser.$type === 'Call'
      ? initialiser.function.$refText
      : initialiser.$type === 'NameReference'
        ? initialiser.reference.$refText
        : undefined;
  const known = initialisers.find((each) => each.name === name);
  return known && `Starts as \`${foldedText(initialiser)}\`: ${known.documentation}`;
}

/** What equations are written out for. */
function assumptionsOf(facts: CellFacts): string | undefined {
  const assumed = [...(facts.standIn()?.assumed ?? [])].map(([name, value]) => `\`${name} = ${value}\``);
  return assumed.length > 0 ? `Written out for ${assumed.join(', ')}.` : undefined;
}

/** Parts that have equations of their own: `h.7`, `δh.7`. */
const partName = /δ?[A-Za-z_]\w*(?:\.δ?\d+)+/g;

/** The lines and, after them, the equations of the parts that these read. */
function withParts(lines: readonly EquationLine[], { quantities }: CellEquations): EquationLine[] {
  const known = quantities.flatMap(({ forward, adjoint }) => equationsIn([...forward, ...adjoint]));
  const equations = new Map(known.map((equation) => [equation[0]!.text.split(' ')[0]!, equation]));
  const shown = [...lines];
  const names = new Set(lines.map(({ text }) => text.split(' ')[0]!));
  // What is added is looked through in its turn.
  for (const { text } of shown) {
    for (const [name] of text.matchAll(partName)) {
      if (!names.has(name)) shown.push(...(equations.get(name) ?? []));
      names.add(name);
    }
  }
  return shown;
}
