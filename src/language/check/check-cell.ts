/** Checks of a cell that need no sizes: names, delays, what is missing or unused. */
import type { DiagnosticCode } from '../diagnostic-codes.ts';
import type {
  CellArgument,
  Equation,
  InitialStatement,
  Parameter,
  ParameterStatement,
} from '../generated/ast.ts';
import { inputName, isFunctionName } from '../vocabulary/functions.ts';
import { initialisers } from '../vocabulary/initialisers.ts';
import { findLayer } from '../vocabulary/layers.ts';
import { namesReferredTo } from '../walk.ts';
import { affineCalls } from './affine.ts';
import { type CellDefinition, symbolicArguments } from './cells.ts';
import { checkExpression } from './check-expression.ts';
import { evaluateConstant } from './constants.ts';
import { delayOf, type EquationCycle, isInWindow, readsOf } from './equations.ts';
import { readInitial } from './initial-state.ts';
import { checkReachability } from './reachability.ts';
import type { Reporter } from './reporter.ts';
import { readChoice } from './values.ts';

export function checkDefinition(definition: CellDefinition, reporter: Reporter): void {
  checkNames(definition, reporter);
  for (const { default: value } of definition.node.arguments) {
    if (value) evaluateConstant(value, definition.constants, reporter);
  }
  for (const statement of definition.node.statements) {
    switch (statement.$type) {
      case 'ParameterStatement':
        checkParameterStatement(statement, definition, reporter);
        break;
      case 'Equation':
        checkExpression(statement.value, definition, reporter);
        break;
      case 'InitialStatement':
        checkInitial(statement, definition, reporter);
        break;
      case 'OutputStatement':
        break;
    }
  }
  checkOutput(definition, reporter);
  for (const cycle of definition.cycles) reportCycle(cycle, reporter);
  checkAffine(definition, reporter);
  checkUse(definition, reporter);
}

function checkNames({ node }: CellDefinition, reporter: Reporter): void {
  if (findLayer(node.name) || isFunctionName(node.name)) {
    const what = isFunctionName(node.name) ? 'a function' : 'a built-in layer';
    const message = `\`${node.name}\` is ${what}; give the cell another name.`;
    reporter.error('reserved-name', message, reporter.part(node, 'name'));
  }
  const declared: (CellArgument | Parameter | Equation)[] = [...node.arguments];
  for (const statement of node.statements) {
    if (statement.$type === 'ParameterStatement') declared.push(...statement.parameters);
    if (statement.$type === 'Equation') declared.push(statement);
  }
  const seen = new Map<string, string>();
  for (const declaration of declared) {
    const { name } = declaration;
    const place = () => reporter.part(declaration, 'name');
    const earlier = seen.get(name);
    if (name === inputName) {
      const message = `\`${inputName}\` is the cell's input and is there already; choose another name.`;
      reporter.error('reserved-name', message, place());
    } else if (earlier !== undefined) {
      const message = `\`${name}\` is already defined in this cell, as ${earlier}.`;
      reporter.error('duplicate-definition', message, place());
    } else {
      seen.set(name, kindOf[declaration.$type]);
    }
  }
}

const kindOf = { CellArgument: 'an argument', Parameter: 'a parameter', Equation: 'a quantity' } as const;

function checkParameterStatement(
  statement: ParameterStatement,
  definition: CellDefinition,
  reporter: Reporter,
): void {
  const names = statement.parameters.map((parameter) => parameter.name).join(', ');
  const last = statement.parameters.at(-1)!;
  if (statement.shape === undefined) {
    const message = `\`${names}\` needs a shape, as in \`param ${names} : [units, x] ~ glorot\`.`;
    reporter.error('missing-shape', message, last);
  }
  if (statement.initialiser) {
    readChoice(statement.initialiser, initialisers, reporter, symbolicArguments(definition));
  } else if (statement.constant) {
    evaluateConstant(statement.constant, symbolicArguments(definition), reporter);
  } else {
    const message = `Say how \`${names}\` starts: \`~ glorot\`, \`~ orthogonal\` or \`= 0\` after the shape.`;
    reporter.error('missing-initialiser', message, last);
  }
}

function checkInitial(statement: InitialStatement, definition: CellDefinition, reporter: Reporter): void {
  const name = statement.quantity.$refText;
  const place = reporter.part(statement, 'quantity');
  readInitial(statement, definition, symbolicArguments(definition), reporter);
  if (!definition.equations.has(name)) {
    const known = definition.equations.keys();
    const message = `No equation defines \`${name}\`.`;
    reporter.unknownName('unknown-quantity', message, place, { name, known, listing: 'Quantities are' });
  } else if (definition.initial.find((other) => other.quantity.$refText === name) !== statement) {
    reporter.error('duplicate-definition', `\`${name}\` already has an initial value.`, place);
  } else if (!isReadDelayed(name, definition)) {
    const message = `\`${name}\` is never read at an earlier time step, so that its initial value has no effect.`;
    reporter.warning('unused-initial', message, place);
  }
}

function isReadDelayed(name: string, definition: CellDefinition): boolean {
  return [...definition.equations.values()].some((equation) =>
    readsOf(equation).some(
      (read) => read.reference.$refText === name && ((delayOf(read) ?? 0) > 0 || isInWindow(read)),
    ),
  );
}

function checkOutput({ node, outputs, equations }: CellDefinition, reporter: Reporter): void {
  const [output, ...others] = outputs;
  for (const other of others) {
    reporter.error('duplicate-output', 'A cell has one output; keep one of these lines.', other);
  }
  if (output === undefined) {
    const last = [...equations.keys()].at(-1) ?? 'h';
    const message = `\`${node.name}\` hands nothing on: add \`output ${last}\` as its last line.`;
    reporter.error('missing-output', message, reporter.part(node, 'name'));
    return;
  }
  const name = output.quantity.$refText;
  if (!equations.has(name)) {
    const known = equations.keys();
    const message = `\`${name}\` is no quantity of this cell.`;
    const place = reporter.part(output, 'quantity');
    reporter.unknownName('unknown-quantity', message, place, { name, known, listing: 'Quantities are' });
  }
}

function reportCycle({ read, path }: EquationCycle, reporter: Reporter): void {
  const name = read.reference.$refText;
  const circle = path.map((step) => `\`${step}\``).join(' → ');
  const message =
    path.length === 2
      ? `\`${name}\` reads itself in the same time step; its value one step ago is \`${name}[t-1]\`.`
      : `\`${name}\` is read before it is defined in the same time step: ${circle}. Read one of them one step ago, as in \`${name}[t-1]\`.`;
  reporter.error('equation-cycle', message, read);
}

/** `affine` makes parameters: none may have a name that is taken. */
function checkAffine(definition: CellDefinition, reporter: Reporter): void {
  const taken = new Set([
    ...definition.arguments.keys(),
    ...definition.parameters.keys(),
    ...definition.equations.keys(),
  ]);
  for (const equation of definition.equations.values()) {
    for (const [call, { weights, bias }] of affineCalls(equation)) {
      for (const name of [...weights, bias]) {
        if (taken.has(name)) {
          const message = `\`affine\` makes a parameter \`${name}\` here, and the cell has that name already; change it.`;
          reporter.error('duplicate-definition', message, call);
        }
        taken.add(name);
      }
    }
  }
}

/** What is declared and never read. */
function checkUse(definition: CellDefinition, reporter: Reporter): void {
  const read = namesReferredTo(definition.node);
  // `affine` reads `units` where it is not told how many units it gives.
  if ([...definition.equations.values()].some((equation) => affineCalls(equation).size > 0))
    read.add('units');
  const warn = (
    code: DiagnosticCode,
    what: string,
    declaration: CellArgument | Parameter | Equation,
  ): void => {
    const { name } = declaration;
    if (read.has(name)) return;
    const message = `${what} \`${name}\` is never read.`;
    reporter.warning(code, message, reporter.part(declaration, 'name'));
  };
  for (const argument of definition.arguments.values()) warn('unused-argument', 'Argument', argument);
  for (const { node } of definition.parameters.values()) warn('unused-parameter', 'Parameter', node);
  for (const equation of definition.equations.values()) warn('unused-quantity', 'Quantity', equation);
  checkReachability(definition, read, reporter);
}
