/** What completion offers at the start of a line of a cell. */
import { CompletionItemKind } from 'vscode-languageserver';
import type { Sizes } from '../../check/shape-texts.ts';
import { inputName } from '../../vocabulary/functions.ts';
import { initialisers } from '../../vocabulary/initialisers.ts';
import { statements } from '../../vocabulary/statements.ts';
import { equationTemplates } from '../../vocabulary/templates.ts';
import type { CellNames } from './place.ts';
import { named, optionProposal, type Proposal, stop, templateProposal } from './proposal.ts';

/** @param shapes of the cell's names, as far as they are known */
export function statementProposals(
  names: CellNames,
  shapes: ReadonlyMap<string, Sizes>,
): readonly Proposal[] {
  const units = names.arguments[0] ?? 'units';
  return [
    ...equationsOfParameters(names, shapes),
    ...names.missing.map((name) => ({
      label: name,
      kind: CompletionItemKind.Variable,
      detail: `${name} = …`,
      documentation: `\`${name}\` is read in this cell; this is the equation that it still needs.`,
      text: `${name} = `,
      thenSuggest: true as const,
    })),
    ...(names.output === undefined && names.quantities.length > 0 ? [outputProposal] : []),
    {
      label: 'param',
      kind: CompletionItemKind.Keyword,
      documentation: statements.param,
      text: `param ${stop(1, 'W')} : [${stop(2, `${units}, ${inputName}`)}] ~ ${stop(3, 'glorot')}`,
    },
    ...equationTemplates.map((template) =>
      templateProposal({ ...template, snippet: template.snippet.replace('{2:units}', `{2:${units}}`) }),
    ),
    {
      label: 'initial',
      kind: CompletionItemKind.Keyword,
      documentation: statements.initial,
      text: `initial ${stop(1, 'h')} = ${stop(2, '0')}`,
    },
    ...(names.output === undefined && names.quantities.length === 0 ? [outputProposal] : []),
  ];
}

const outputProposal: Proposal = {
  label: 'output',
  kind: CompletionItemKind.Keyword,
  documentation: statements.output,
  text: 'output ',
  thenSuggest: true,
};

/** `z = sigmoid(W_z @ x + U_z @ h[t-1] + b_z)` where W_z, U_z and b_z are declared and z is not defined. */
function equationsOfParameters(
  { parameters, quantities, output }: CellNames,
  shapes: ReadonlyMap<string, Sizes>,
): readonly Proposal[] {
  const groups = new Map<string, string[]>();
  for (const parameter of parameters.filter((name) => name.includes('_'))) {
    const suffix = parameter.slice(parameter.indexOf('_') + 1);
    groups.set(suffix, [...(groups.get(suffix) ?? []), parameter]);
  }
  const state = output ?? quantities.at(-1) ?? 'h';
  const open = [...groups].filter(([name]) => name !== '' && !quantities.includes(name));
  return open.flatMap(([name, group]) => {
    const terms = group.flatMap((parameter) => termOf(parameter, shapes.get(parameter), state));
    if (terms.length !== group.length || terms.length < 2) return [];
    const sum = terms.join(' + ');
    return {
      label: name,
      kind: CompletionItemKind.Variable,
      detail: `${name} = sigmoid(${sum})`,
      documentation: `The equation of \`${name}\`, of the parameters that are named after it.`,
      text: `${name} = ${stop(1, 'sigmoid')}(${sum})`,
    };
  });
}

function termOf(parameter: string, shape: Sizes | undefined, state: string): readonly string[] {
  switch (shape?.length) {
    case 1:
      return [parameter];
    case 2:
      return [shape[1] === inputName ? `${parameter} @ ${inputName}` : `${parameter} @ ${state}[t-1]`];
    default:
      return [];
  }
}

/** After `~`. */
export function initialiserProposals(isMatrix: boolean | undefined): readonly Proposal[] {
  return initialisers.filter(({ matrixOnly }) => isMatrix !== false || !matrixOnly).map(optionProposal);
}

/** After `output` and `initial`: quantities, the latest first. */
export function quantityProposals(
  { quantities, missing }: CellNames,
  word: 'output' | 'initial',
): readonly Proposal[] {
  const all = named([...quantities].reverse(), CompletionItemKind.Variable, 'quantity');
  const pending = named(missing, CompletionItemKind.Variable, 'quantity, still to be defined');
  if (word === 'output') return [...all, ...pending];
  return all.map((proposal) => ({ ...proposal, text: `${proposal.label} = ${stop(1, '0')}` }));
}
