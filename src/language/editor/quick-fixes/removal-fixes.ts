/** Quick fixes that take something out, and what hangs on it. */
import type { AstNode } from 'langium';
import type { TextEdit } from 'vscode-languageserver';
import {
  type Cell,
  type Equation,
  isArgument,
  isCall,
  isCell,
  isCellArgument,
  isConstant,
  isEquation,
  isImport,
  isInitialStatement,
  isLayer,
  isOutputStatement,
  isParameter,
} from '../../generated/ast.ts';
import { nodesOf } from '../../walk.ts';
import { type FixContext, freeName, type QuickFix, removal } from './quick-fix.ts';
import { rangeOf } from './source-edits.ts';

/** The line that the diagnostic is in. */
export function removeLine(context: FixContext): readonly QuickFix[] {
  const node =
    context.around(isImport) ??
    context.around(isConstant) ??
    context.around(isInitialStatement) ??
    context.around(isOutputStatement);
  return node ? [removal('this line', context.edits.remove(node))] : [];
}

/** An equation, and where its quantity starts from. */
export function removeEquation(context: FixContext): readonly QuickFix[] {
  const equation = context.around(isEquation);
  return equation ? [removal(`\`${equation.name}\``, ...withoutEquations([equation], context))] : [];
}

/** What does not reach the output goes all at once: its equations read each other. */
export function removeUnreachable(context: FixContext): readonly QuickFix[] {
  const cell = context.around(isCell);
  const places = new Set(
    context.check.diagnostics
      .filter(({ code }) => code === 'unreachable-quantity' || code === 'unused-quantity')
      .map(({ source: { start } }) => `${start.line}:${start.character}`),
  );
  const equations = cell?.statements.filter(isEquation).filter((equation) => {
    const { start } = rangeOf(equation);
    return places.has(`${start.line}:${start.character}`);
  });
  if (!equations || equations.length === 0) return [];
  const listed = equations.map(({ name }) => `\`${name}\``).join(', ');
  return [removal(listed, ...withoutEquations(equations, context))];
}

function withoutEquations(equations: readonly Equation[], context: FixContext): readonly TextEdit[] {
  const names = new Set(equations.map(({ name }) => name));
  const initial = equations[0]!.$container.statements
    .filter(isInitialStatement)
    .filter(({ quantity }) => names.has(quantity.$refText));
  return [...equations, ...initial].map((node) => context.edits.remove(node));
}

export function removeParameter(context: FixContext): readonly QuickFix[] {
  const parameter = context.around(isParameter);
  if (!parameter) return [];
  const { $container: statement } = parameter;
  const edit =
    statement.parameters.length === 1
      ? context.edits.remove(statement)
      : context.edits.removeItem(parameter, statement.parameters);
  return [removal(`\`${parameter.name}\``, edit)];
}

/** An argument of a cell goes where it is declared and where it is given. */
export function removeCellArgument(context: FixContext): readonly QuickFix[] {
  const argument = context.around(isCellArgument);
  if (!argument) return [];
  const cell = argument.$container;
  const edits = [
    argumentEdit(cell, argument, context),
    ...usesOf(cell, context).flatMap((use) => {
      const given = use.arguments;
      const index = cell.arguments.indexOf(argument);
      const named = given.find(({ name }) => name === argument.name);
      const found = named ?? (given[index]?.name === undefined ? given[index] : undefined);
      return found ? [removeItem(found, given, use, context)] : [];
    }),
  ];
  return [removal(`\`${argument.name}\``, ...edits)];
}

function argumentEdit(cell: Cell, argument: Cell['arguments'][number], context: FixContext): TextEdit {
  return removeItem(argument, cell.arguments, cell, context);
}

/** The last one takes the parentheses with it. */
function removeItem(
  item: AstNode,
  siblings: readonly AstNode[],
  holder: AstNode,
  context: FixContext,
): TextEdit {
  const open = context.keyword(holder, '(');
  const close = context.keyword(holder, ')');
  if (siblings.length > 1 || !open || !close) return context.edits.removeItem(item, siblings);
  return context.edits.replace({ start: open.range.start, end: close.range.end }, '');
}

/** Where a cell of this file is a layer, or both directions of one. */
function usesOf(cell: Cell, { file }: FixContext) {
  const layers = nodesOf(file, isLayer).filter((layer) => layer.type?.$refText === cell.name);
  const calls = nodesOf(file, isCall).filter(
    (call) => call.function.$refText === cell.name && isArgument(call.$container),
  );
  return [...layers, ...calls];
}

/** What has a name that is taken: a line goes, a block or a cell gets another name. */
export function resolveDuplicate(context: FixContext): readonly QuickFix[] {
  if (context.around(isParameter)) return removeParameter(context);
  if (context.around(isCellArgument)) return removeCellArgument(context);
  const equation = context.around(isEquation);
  if (equation) return [removal('this line', context.edits.remove(equation))];
  const inLine = context.around(isInitialStatement) ?? context.around(isConstant);
  return inLine ? removeLine(context) : rename(context);
}

/** Another name for a cell or a block, where it is defined. */
export function rename(context: FixContext): readonly QuickFix[] {
  const { node, file, diagnostic } = context;
  const isNamed =
    isCell(node) ||
    node?.$type === 'DataBlock' ||
    node?.$type === 'ModelBlock' ||
    node?.$type === 'TrainBlock';
  if (!isNamed) return [];
  const name = freeName(
    `${(node as Cell).name}`,
    file.blocks.flatMap((block) => block.name ?? []),
  );
  return [{ title: `Rename it to \`${name}\``, edits: [context.edits.replace(diagnostic.source, name)] }];
}
