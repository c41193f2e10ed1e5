/** A cell's definition by its parts. */
import type {
  Cell,
  CellArgument,
  Equation,
  InitialStatement,
  OutputStatement,
  Parameter,
  ParameterStatement,
} from '../generated/ast.ts';
import { inputName } from '../vocabulary/functions.ts';
import type { Environment } from './constants.ts';
import { type EquationCycle, orderEquations } from './equations.ts';

/** A cell's parts by name; of two that share a name the first. */
export interface CellDefinition {
  readonly uri: string;
  readonly node: Cell;
  readonly arguments: ReadonlyMap<string, CellArgument>;
  /** Those of its file that no name of the cell hides. */
  readonly constants: Environment;
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

export function defineCell(node: Cell, uri: string, constants: Environment): CellDefinition {
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
    constants: new Map([...constants].filter(([name]) => !taken.has(name))),
    parameters,
    equations: new Map(ordered.map((equation) => [equation.name, equation])),
    cycles,
    initial,
    outputs,
  };
}

/** Constants, and arguments as symbols of their own names: what numbers in a definition may read. */
export function symbolicArguments({ arguments: declared, constants }: CellDefinition): Environment {
  return new Map([...constants, ...[...declared.keys()].map((name) => [name, name] as const)]);
}
