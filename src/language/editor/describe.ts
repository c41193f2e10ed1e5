/** Says what a cell and the names in it are, with shapes: symbolic in the definition, and as used in the model. */
import { type AstNode, AstUtils, type LangiumDocument } from 'langium';
import { inferShapes } from '../check/cell-shapes.ts';
import { defineCell, symbolicArguments } from '../check/cells.ts';
import { foldedText, Reporter } from '../check/reporter.ts';
import { type Sizes, showSizes } from '../check/shape-texts.ts';
import type { LayerSpec } from '../checked-model.ts';
import {
  type Cell,
  type CellArgument,
  type Equation,
  type File,
  isCell,
  isCellArgument,
  isEquation,
  isParameter,
  type Parameter,
} from '../generated/ast.ts';
import { inputName } from '../vocabulary/functions.ts';
import { commentOf } from './comments.ts';
import type { FileChecks } from './file-checks.ts';

type Declaration = CellArgument | Equation | Parameter;

/** A cell's head and equations. */
export function describeCell(cell: Cell): string {
  const given = cell.arguments.map((argument) => foldedText(argument)).join(', ');
  const equations = cell.statements.filter(isEquation).map((equation) => foldedText(equation));
  const code = fenced(`cell ${cell.name}${given && `(${given})`}\n\n${equations.join('\n')}`);
  return withComment(code, cell);
}

export function describeDeclaration(
  node: AstNode,
  checks: FileChecks,
  document: LangiumDocument<File>,
): string | undefined {
  if (isCell(node)) return describeCell(node);
  if (isCellArgument(node))
    return `${fenced(foldedText(node))}\nArgument of the cell \`${node.$container.name}\`.`;
  if (!isEquation(node) && !isParameter(node)) return undefined;
  const definition = isEquation(node) ? node : node.$container;
  const what = isEquation(node) ? 'Quantity' : 'Parameter';
  const text = `${fenced(foldedText(definition))}\n${what} \`${node.name}\`${shapeText(node, checks, document)}`;
  return withComment(text, definition);
}

export function describeInput(cell: Cell, checks: FileChecks, document: LangiumDocument<File>): string {
  const widths = layersOf(cell, checks, document).map(
    (layer) => `\`[${layer.inputSize}]\` in \`${layer.text}\``,
  );
  const used = widths.length > 0 ? `; ${widths.join(', ')}` : '';
  return `\`${inputName}\`: the cell's input, what the layer below hands on at this time step${used}.`;
}

/** `, shape `[units]`; `[64]` in `LSTM(64)`.` */
function shapeText(node: Declaration, checks: FileChecks, document: LangiumDocument<File>): string {
  const cell = AstUtils.getContainerOfType(node, isCell);
  if (!cell || !isSound(cell, checks, document)) return '.';
  const symbolic = symbolicShape(cell, node.name);
  const used = layersOf(cell, checks, document).flatMap((layer) => {
    const shape = concreteShape(layer, node.name);
    return shape ? [`\`${showSizes(shape)}\` in \`${layer.text}\``] : [];
  });
  const shapes = [...(symbolic ? [`shape \`${showSizes(symbolic)}\``] : []), ...used];
  return shapes.length > 0 ? `, ${shapes.join('; ')}.` : '.';
}

/** Whether a cell's tree is without holes. */
function isSound(cell: Cell, checks: FileChecks, document: LangiumDocument<File>): boolean {
  return (
    checks.of(document).cells.has(cell) ||
    [...checks.preludeCells().values()].some((definition) => definition.node === cell)
  );
}

function symbolicShape(cell: Cell, name: string): Sizes | undefined {
  const uri = AstUtils.getDocument(cell).uri.toString();
  const definition = defineCell(cell, uri, new Map());
  const symbols = new Map([...symbolicArguments(definition), [inputName, inputName] as const]);
  return inferShapes(definition, symbols, new Reporter(uri)).names.get(name);
}

/** The layers of the open file's model that are made of a cell. */
function layersOf(cell: Cell, checks: FileChecks, document: LangiumDocument<File>) {
  const { cells, layers } = checks.of(document);
  const ownNames = new Set([...cells.keys()].map((own) => own.name));
  // An own cell hides the prelude's of the same name.
  if (AstUtils.getDocument(cell) !== document && ownNames.has(cell.name)) return [];
  return [...layers.values()]
    .flat()
    .filter((layer) => layer.kind === 'cell' && layer.cell.name === cell.name);
}

function concreteShape(layer: LayerSpec, name: string): Sizes | undefined {
  if (layer.kind !== 'cell') return undefined;
  const { equations, parameters } = layer.cell;
  return [...equations, ...parameters].find((part) => part.name === name)?.shape;
}

function fenced(code: string): string {
  return `\`\`\`rnn\n${code}\n\`\`\``;
}

function withComment(text: string, node: AstNode): string {
  const comment = commentOf(node);
  return comment ? `${text}\n\n${comment}` : text;
}
