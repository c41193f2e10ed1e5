/** What a name cannot be changed into: another thing has it, so that two would become one and no way leads back. */
import { type AstNode, AstUtils } from 'langium';
import { affineCalls } from '../check/affine.ts';
import {
  type Cell,
  type File,
  isCell,
  isCellArgument,
  isConstant,
  isEquation,
  isFile,
  isParameter,
  isParameterStatement,
} from '../generated/ast.ts';
import { findLayer } from '../vocabulary/layers.ts';

/** @returns why what is declared cannot be called `name`; undefined where it can */
export function whyNotRename(declaration: AstNode, name: string): string | undefined {
  const file = AstUtils.getContainerOfType(declaration, isFile);
  const cell = AstUtils.getContainerOfType(declaration, isCell);
  if (file === undefined) return undefined;
  if (isCell(declaration)) {
    if (findLayer(name)) return `\`${name}\` is a layer of the language.`;
    return hasOther(file.blocks.filter(isCell), declaration, name)
      ? `There is already a cell \`${name}\` in its file.`
      : undefined;
  }
  if (cell) return whyNotInCell(declaration, cell, file, name);
  if (isConstant(declaration)) return whyNotConstant(declaration, file, name);
  const blocks = file.blocks.filter(({ $type }) => $type === declaration.$type);
  return hasOther(blocks, declaration, name)
    ? `There is already a block \`${name}\` of its kind.`
    : undefined;
}

function whyNotInCell(declaration: AstNode, cell: Cell, file: File, name: string): string | undefined {
  const isConstantName = file.constants.some((constant) => constant.name === name);
  if (isConstantName || hasOther(namesIn(cell), declaration, name))
    return `There is already a \`${name}\` that this cell can read.`;
  if (!isCellArgument(declaration) || declaration.name !== 'units' || !takesUnits(cell)) return undefined;
  return '`affine` has as many units as the argument `units` says; write `units = units` into it before you rename the argument.';
}

function whyNotConstant(declaration: AstNode, file: File, name: string): string | undefined {
  const members = file.blocks.filter(isCell).flatMap(namesIn);
  const isTaken = hasOther([...file.constants, ...members], declaration, name);
  return isTaken ? `There is already a \`${name}\` in this file.` : undefined;
}

type Named = AstNode & { readonly name?: string };

function namesIn({ arguments: declared, statements }: Cell): readonly Named[] {
  const parameters = statements.filter(isParameterStatement).flatMap((statement) => statement.parameters);
  return [...declared, ...parameters.filter(isParameter), ...statements.filter(isEquation)];
}

function hasOther(all: readonly Named[], declaration: AstNode, name: string): boolean {
  return all.some((other) => other !== declaration && other.name === name);
}

/** Whether an `affine` of the cell leaves it to the cell's arguments how many units it has. */
function takesUnits({ statements }: Cell): boolean {
  const calls = statements.filter(isEquation).flatMap((equation) => [...affineCalls(equation).keys()]);
  return calls.some((call) => call.arguments.every((argument) => argument.name !== 'units'));
}
