/** What is known of a cell: its shapes by the names of its arguments, its equations, and where models use it. */
import { AstUtils, type LangiumDocument } from 'langium';
import { type CellShapes, inferShapes } from '../../check/cell-shapes.ts';
import { type CellDefinition, symbolicArguments } from '../../check/cells.ts';
import { parametersOf } from '../../check/parameter-counts.ts';
import { Reporter } from '../../check/reporter.ts';
import { standInCell } from '../../check/stand-in.ts';
import type { CellUse, LayerSpec, Shape } from '../../checked-model.ts';
import type { CellEquations, EquationTexts, StandInCell } from '../../equation-texts.ts';
import type { Cell, File } from '../../generated/ast.ts';
import { addSizes, multiplySizes, type Size } from '../../sizes.ts';
import { sizeStoodFor } from '../../stand-in-sizes.ts';
import { inputName } from '../../vocabulary/functions.ts';
import type { FileChecks } from '../file-checks.ts';
import { everyLayer } from '../model-layers.ts';
import type { RnnServices } from '../module.ts';

export type CellLayer = LayerSpec & CellUse;

export class CellFacts {
  readonly cell: Cell;
  private readonly checks: FileChecks;
  private readonly texts: EquationTexts;
  /** The one that is looked at, whose models use the cell. */
  private readonly document: LangiumDocument<File>;
  private readonly definition: CellDefinition | undefined;

  constructor(
    cell: Cell,
    document: LangiumDocument<File>,
    { checks, equations }: Pick<RnnServices, 'checks' | 'equations'>,
  ) {
    this.cell = cell;
    this.checks = checks;
    this.texts = equations;
    this.document = document;
    this.definition = checks.of(AstUtils.getDocument<File>(cell)).cells.get(cell);
  }

  /** By the names of arguments; undefined where the cell's tree has holes. */
  shapes(): CellShapes | undefined {
    const { definition } = this;
    if (definition === undefined) return undefined;
    const symbols = new Map([...symbolicArguments(definition), [inputName, inputName] as const]);
    return inferShapes(definition, symbols, new Reporter(definition.uri));
  }

  standIn(): StandInCell | undefined {
    return this.definition && standInCell(this.definition);
  }

  /** As mathematics. */
  equations(): CellEquations | undefined {
    const standIn = this.standIn();
    return standIn && this.texts.of(standIn, 'mathematics');
  }

  /** How many numbers it learns, by the names of its sizes: `units * units + 2 * units`. */
  parameterCount(): Size | undefined {
    const standIn = this.standIn();
    if (standIn === undefined) return undefined;
    const counts = standIn.cell.parameters.map(({ shape }) => entriesOf(shape, standIn.sizes));
    return counts.every((count) => count !== undefined) ? counts.reduce<Size>(addSizes, 0) : undefined;
  }

  /** The layers of the open file's models that are made of the cell; of those that read alike the first. */
  uses(): readonly CellLayer[] {
    const { cells, layers } = this.checks.of(this.document);
    const ownNames = new Set([...cells.keys()].map(({ name }) => name));
    // An own cell hides others of the same name.
    if (AstUtils.getDocument(this.cell) !== this.document && ownNames.has(this.cell.name)) return [];
    const found = new Map<string, CellLayer>();
    for (const layer of everyLayer([...layers.values()].flat())) {
      if (layer.kind !== 'cell' && layer.kind !== 'bidirectional') continue;
      if (layer.cell.name === this.cell.name && !found.has(layer.text)) found.set(layer.text, layer);
    }
    return [...found.values()];
  }
}

/** Of a parameter or quantity of a cell where it is used. */
export function shapeIn({ cell: { equations, parameters } }: CellUse, name: string): Shape | undefined {
  return [...equations, ...parameters].find((part) => part.name === name)?.shape;
}

/** How many numbers a parameter has in a layer: twice as many where two cells read the sequence. */
export function countIn(layer: CellLayer, name: string): Size {
  return parametersOf(layer)
    .filter((parameter) => parameter.name === name || parameter.name.startsWith(`${name} `))
    .reduce<Size>((total, { count }) => addSizes(total, count), 0);
}

export function entriesOf(shape: Shape, standIns: ReadonlyMap<string, number> = new Map()): Size | undefined {
  const sizes = shape.map((size) => (typeof size === 'number' ? sizeStoodFor(size, standIns) : size));
  return sizes.every((size) => size !== undefined) ? sizes.reduce<Size>(multiplySizes, 1) : undefined;
}
