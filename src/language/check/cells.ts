/** A cell's definition and the checks that need no sizes: names, calls, delays, what is missing or unused. */
import { AstUtils } from 'langium';
import type {
  Call,
  Cell,
  CellArgument,
  Equation,
  Expression,
  InitialStatement,
  NameReference,
  OutputStatement,
  Parameter,
  ParameterStatement,
} from '../generated/ast.ts';
import { functions, inputName, isFunctionName } from '../vocabulary/functions.ts';
import { findLayer, initialisers } from '../vocabulary/layers.ts';
import { type Environment, evaluateConstant, noNames } from './constants.ts';
import { delayOf, type EquationCycle, orderEquations, readsOf } from './equations.ts';
import { suggest } from './nearest-name.ts';
import { foldedText, type Reporter } from './reporter.ts';
import { readChoice } from './values.ts';

/** A cell's parts by name; of two that share a name the first. */
export interface CellDefinition {
  readonly uri: string;
  readonly node: Cell;
  readonly arguments: ReadonlyMap<string, CellArgument>;
  readonly parameters: ReadonlyMap<string, ParameterDefinition>;
  /** In an order in which every quantity is defined before it is read in the same step. */
  readonly equations: ReadonlyMap<string, Equation>;
  readonly cycles: readonly EquationCycle[];
  readonly initial: readonly InitialStatement[];
  readonly outputs: readonly OutputStatement[];
}

export interface ParameterDefinition {
  readonly node: Parameter;
  readonly statement: ParameterStatement;
}

export function defineCell(node: Cell, uri: string): CellDefinition {
  const parameters = new Map<string, ParameterDefinition>();
  const equations = new Map<string, Equation>();
  const initial: InitialStatement[] = [];
  const outputs: OutputStatement[] = [];
  const taken = new Set([inputName, ...node.arguments.map((argument) => argument.name)]);
  for (const statement of node.statements) {
    switch (statement.$type) {
      case 'ParameterStatement':
        for (const parameter of statement.parameters) {
          if (!taken.has(parameter.name)) parameters.set(parameter.name, { node: parameter, statement });
          taken.add(parameter.name);
        }
        break;
      case 'Equation':
        if (!taken.has(statement.name)) equations.set(statement.name, statement);
        taken.add(statement.name);
        break;
      case 'InitialStatement':
        initial.push(statement);
        break;
      case 'OutputStatement':
        outputs.push(statement);
        break;
    }
  }
  const { ordered, cycles } = orderEquations([...equations.values()]);
  return {
    uri,
    node,
    arguments: new Map(node.arguments.map((argument) => [argument.name, argument])),
    parameters,
    equations: new Map(ordered.map((equation) => [equation.name, equation])),
    cycles,
    initial,
    outputs,
  };
}

/** The arguments as symbols of their own names: what constants in a definition may read. */
export function symbolicArguments(definition: CellDefinition): Environment {
  return new Map([...definition.arguments.keys()].map((name) => [name, name]));
}

export function checkDefinition(definition: CellDefinition, reporter: Reporter): void {
  checkNames(definition, reporter);
  for (const { default: value } of definition.node.arguments) {
    if (value) evaluateConstant(value, noNames, reporter);
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
  checkUse(definition, reporter);
}

function checkNames({ node }: CellDefinition, reporter: Reporter): void {
  if (findLayer(node.name)) {
    const message = `\`${node.name}\` is a built-in layer; give the cell another name.`;
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
    const place = reporter.part(declaration, 'name');
    const earlier = seen.get(name);
    if (name === inputName) {
      const message = `\`${inputName}\` is the cell's input and is there already; choose another name.`;
      reporter.error('reserved-name', message, place);
    } else if (earlier !== undefined) {
      const message = `\`${name}\` is already defined in this cell, as ${earlier}.`;
      reporter.error('duplicate-definition', message, place);
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

function checkExpression(expression: Expression, definition: CellDefinition, reporter: Reporter): void {
  switch (expression.$type) {
    case 'Binary':
      checkExpression(expression.left, definition, reporter);
      checkExpression(expression.right, definition, reporter);
      break;
    case 'Negation':
      checkExpression(expression.operand, definition, reporter);
      break;
    case 'Call':
      checkCall(expression, reporter);
      for (const argument of expression.arguments) checkExpression(argument.value, definition, reporter);
      break;
    case 'NameReference':
      checkReference(expression, definition, reporter);
      break;
    case 'NumberLiteral':
      if (expression.percent || !Number.isFinite(expression.value)) {
        const message = `Expected a number, found \`${foldedText(expression)}\`.`;
        reporter.error('not-in-equation', message, expression);
      }
      break;
    case 'List':
    case 'TextLiteral':
      reporter.error(
        'not-in-equation',
        `Equations are made of numbers, names and functions; found \`${foldedText(expression)}\`.`,
        expression,
      );
      break;
  }
}

function checkCall(call: Call, reporter: Reporter): void {
  if (!isFunctionName(call.function)) {
    const hint = suggest(call.function, Object.keys(functions), 'Functions are');
    const message = `There is no function \`${call.function}\`.${hint}`;
    reporter.error('unknown-function', message, reporter.part(call, 'function'));
  } else if (call.arguments.length !== 1) {
    const message = `\`${call.function}\` takes one argument, found ${call.arguments.length}.`;
    reporter.error('wrong-argument-count', message, call);
  } else if (call.arguments[0]!.name !== undefined) {
    const message = `\`${call.function}\` takes its argument without a name.`;
    reporter.error('unknown-argument', message, reporter.part(call.arguments[0]!, 'name'));
  }
}

function checkReference(reference: NameReference, definition: CellDefinition, reporter: Reporter): void {
  const name = reference.reference.$refText;
  const isQuantity = name === inputName || definition.equations.has(name);
  const isConstant = definition.parameters.has(name) || definition.arguments.has(name);
  if (!isQuantity && !isConstant) {
    reportUnknown(reference, name, definition, reporter);
  } else if (reference.delayed && !isQuantity) {
    const message = `\`${name}\` is the same at every time step; read it as \`${name}\`.`;
    reporter.error('delayed-constant', message, reference);
  } else if (delayOf(reference) === undefined) {
    const advice = reference.direction === '+' ? ' A cell cannot read the future.' : '';
    const message = `Expected \`${name}[t-1]\`, \`${name}[t-2]\`, … for a value 1, 2, … steps ago.${advice}`;
    reporter.error('invalid-delay', message, reference);
  }
}

function reportUnknown(
  reference: NameReference,
  name: string,
  definition: CellDefinition,
  reporter: Reporter,
): void {
  const known = [
    inputName,
    ...definition.equations.keys(),
    ...definition.parameters.keys(),
    ...definition.arguments.keys(),
  ];
  const state = reference.delayed ? `No equation defines the state \`${name}\`.` : undefined;
  const message = state ?? `\`${name}\` is neither a quantity nor a parameter of this cell.`;
  const hint = isFunctionName(name)
    ? ` \`${name}\` is a function: write \`${name}(…)\`.`
    : suggest(name, known, 'This cell has');
  reporter.error('unknown-quantity', message + hint, reporter.part(reference, 'reference'));
}

function checkInitial(statement: InitialStatement, definition: CellDefinition, reporter: Reporter): void {
  const name = statement.quantity.$refText;
  const place = reporter.part(statement, 'quantity');
  evaluateConstant(statement.value, symbolicArguments(definition), reporter);
  if (!definition.equations.has(name)) {
    const hint = suggest(name, definition.equations.keys(), 'Quantities are');
    reporter.error('unknown-quantity', `No equation defines \`${name}\`.${hint}`, place);
  } else if (definition.initial.find((other) => other.quantity.$refText === name) !== statement) {
    reporter.error('duplicate-definition', `\`${name}\` already has an initial value.`, place);
  } else if (!isReadDelayed(name, definition)) {
    const message = `\`${name}\` is never read at an earlier time step, so that its initial value has no effect.`;
    reporter.warning('unused-initial', message, place);
  }
}

function isReadDelayed(name: string, definition: CellDefinition): boolean {
  return [...definition.equations.values()].some((equation) =>
    readsOf(equation).some((read) => read.reference.$refText === name && (delayOf(read) ?? 0) > 0),
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
    const hint = suggest(name, equations.keys(), 'Quantities are');
    const message = `\`${name}\` is no quantity of this cell.${hint}`;
    reporter.error('unknown-quantity', message, reporter.part(output, 'quantity'));
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

/** What is declared and never read. */
function checkUse(definition: CellDefinition, reporter: Reporter): void {
  const read = new Set(
    AstUtils.streamAst(definition.node)
      .flatMap((node) => AstUtils.streamReferences(node))
      .map(({ reference }) => reference.$refText),
  );
  const warn = (code: string, what: string, declaration: CellArgument | Parameter | Equation): void => {
    const { name } = declaration;
    if (read.has(name)) return;
    const message = `${what} \`${name}\` is never read.`;
    reporter.warning(code, message, reporter.part(declaration, 'name'));
  };
  for (const argument of definition.arguments.values()) warn('unused-argument', 'Argument', argument);
  for (const { node } of definition.parameters.values()) warn('unused-parameter', 'Parameter', node);
  for (const equation of definition.equations.values()) warn('unused-quantity', 'Quantity', equation);
}
