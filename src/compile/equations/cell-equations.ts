/** The equations of a cell, forward and adjoint, as lines of text. */
import type { CheckedCell, Shape, SourceRange } from '../../language/checked-model.ts';
import type {
  CellEquations,
  EquationLine,
  EquationNotation,
  QuantityEquations,
  StandInCell,
} from '../../language/equation-texts.ts';
import { sizeStoodFor } from '../../language/stand-in-sizes.ts';
import { adjointProgram } from '../adjoint.ts';
import { forwardProgram } from '../forward.ts';
import { initiallyZero, type Value } from '../program.ts';
import {
  type AdjointEquations,
  adjointEquations,
  type Contribution,
  type DerivedLayer,
  type GradientEquation,
} from './adjoint-equations.ts';
import { expressionTerm } from './expression-term.ts';
import {
  binding,
  language,
  mathematics,
  type Notation,
  type SizeText,
  Writer,
  type Written,
  within,
} from './notation.ts';

const notations: Readonly<Record<EquationNotation, Notation>> = { mathematics, language };

export function cellEquations(
  { cell, inputSize, sizes }: StandInCell,
  notation: EquationNotation,
): CellEquations {
  const layer = derive(cell, inputSize);
  return writeEquations(cell, layer, notation, (size) => sizeText(size, sizes));
}

/** In an equation `x` is the input itself. */
function sizeText(size: number, standIns: ReadonlyMap<string, number>): string {
  const named = sizeStoodFor(size, standIns) ?? '…';
  return `${named}`.replace(/\bx\b/g, 'width(x)');
}

/** The programs of a cell of which nothing is known but itself: also its input's adjoint is asked for. */
function derive(cell: CheckedCell, inputSize: number): DerivedLayer {
  const source = cell.equations[0]!.source;
  const input: Value = {
    name: 'x',
    size: inputSize,
    role: 'input',
    equation: 'x',
    source,
    initial: initiallyZero,
  };
  const forward = forwardProgram(cell, input, numbersOf);
  const parameters = cell.parameters.map((parameter) => ({
    ...parameter,
    shape: numbersOf(parameter.shape),
  }));
  const { output } = cell;
  const adjoint = adjointProgram(forward, { parameters, output, data: new Set() });
  return {
    values: forward.values,
    output,
    parameters,
    forward: forward.instructions,
    adjoint: adjoint.instructions,
    gradients: adjoint.gradients,
    temporaries: adjoint.temporaries,
  };
}

function numbersOf(shape: Shape): number[] {
  return shape.map((size) => {
    if (typeof size === 'number') return size;
    throw new Error(`Nothing stands in for the size ${size}.`);
  });
}

export function writeEquations(
  cell: CheckedCell,
  layer: DerivedLayer,
  notation: EquationNotation,
  sizeText: SizeText,
): CellEquations {
  return new EquationWriter(notations[notation], sizeText, adjointEquations(layer)).equations(cell);
}

class EquationWriter {
  private readonly notation: Notation;
  private readonly writer: Writer;
  private readonly derived: AdjointEquations;

  constructor(notation: Notation, sizeText: SizeText, derived: AdjointEquations) {
    this.notation = notation;
    this.writer = new Writer(notation, sizeText);
    this.derived = derived;
  }

  equations(cell: CheckedCell): CellEquations {
    const quantities = cell.equations.toReversed().map(({ name, value, source }): QuantityEquations => {
      const parts = this.derived.parts.filter((part) => belongsTo(name, part.name));
      const forward = [{ name, value: expressionTerm(value), source }, ...parts];
      return {
        name,
        forward: forward.map((part) => ({
          text: `${part.name} = ${this.writer.text(part.value)}`,
          source: part.source,
        })),
        adjoint: this.adjoints(name, source),
      };
    });
    const ofInput = this.adjoints('x', cell.equations[0]!.source);
    if (ofInput.length > 0) quantities.push({ name: 'x', forward: [], adjoint: ofInput });
    const parameters = cell.parameters.map(({ name, source }) => {
      const gradient = this.derived.gradients.find((equation) => equation.name === name)!;
      return { name, gradient: this.lines(name, this.gradientSum(gradient), source) };
    });
    return { quantities, parameters };
  }

  private adjoints(quantity: string, source: SourceRange): EquationLine[] {
    return this.derived.adjoints
      .filter(({ name }) => belongsTo(quantity, name))
      .flatMap(({ name, contributions }) =>
        this.lines(
          name,
          contributions.map((contribution) => this.summand(contribution, plainly)),
          source,
        ),
      );
  }

  private gradientSum({ contributions, before }: GradientEquation): Summand[] {
    const { overTime, beforeStart } = this.notation;
    return [
      ...contributions.map((contribution) => this.summand(contribution, overTime)),
      ...before.map((contribution) => this.summand(contribution, beforeStart)),
    ];
  }

  private summand({ term, source }: Contribution, total: (summand: Written) => Written): Summand {
    const isNegative = term.kind === 'negate';
    const written = total(this.writer.write(isNegative ? term.operand : term));
    return {
      sign: isNegative ? this.notation.minus : '+',
      text: within(written, isNegative ? binding.product : binding.sum),
      source,
    };
  }

  /** @param source of the quantity, for an adjoint that is 0 */
  private lines(name: string, summands: readonly Summand[], source: SourceRange): EquationLine[] {
    const [first, ...others] = summands;
    if (first === undefined) return [{ text: `δ${name} = 0`, source }];
    const sign = first.sign === '+' ? '' : first.sign;
    const indent = ' '.repeat(`δ${name}`.length);
    return [
      { text: `δ${name} = ${sign}${first.text}`, source: first.source },
      ...others.map((other) => ({ text: `${indent} ${other.sign} ${other.text}`, source: other.source })),
    ];
  }
}

interface Summand {
  readonly sign: string;
  readonly text: string;
  readonly source: SourceRange;
}

const plainly = (summand: Written): Written => summand;

/** `f.pre` and `f.2` are parts of the equation of `f`. */
function belongsTo(quantity: string, name: string): boolean {
  return name === quantity || name.startsWith(`${quantity}.`);
}
