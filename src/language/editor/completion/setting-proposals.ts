/** What completion offers in `data` and `train`, and among arguments. */
import { CompletionItemKind } from 'vscode-languageserver';
import type { Key, ValueKind } from '../../vocabulary/kinds.ts';
import { lossOf } from '../../vocabulary/train-keys.ts';
import type { CompletionPlace, FileNames, ParameterHint } from './place.ts';
import { named, optionProposal, type Proposal, placeholders, stop } from './proposal.ts';

type Place<Kind extends CompletionPlace['kind']> = Extract<CompletionPlace, { kind: Kind }>;

export function keyProposals({ keys, used, source }: Place<'key'>): readonly Proposal[] {
  const missing = keys.filter((key) => !used.has(key.name));
  // What must be said comes before what has a default.
  const isNeeded = (key: Key) => key.default === undefined && !key.optional;
  return [...missing.filter(isNeeded), ...missing.filter((key) => !isNeeded(key))].map((key) =>
    keyProposal(key, source),
  );
}

function keyProposal(
  { name, documentation, value, example }: Key,
  source: 'text' | 'csv' | undefined,
): Proposal {
  const usual = name === 'loss' && source ? lossOf[source] : example;
  const common = {
    label: name,
    kind: CompletionItemKind.Property,
    documentation,
    detail: `${name} = ${usual}`,
  };
  switch (value.kind) {
    case 'choice':
    case 'block':
      return { ...common, text: `${name} = `, thenSuggest: true };
    case 'columns':
      return { ...common, text: `${name} = ["$1"]`, thenSuggest: true };
    case 'number':
    case 'share':
    case 'text':
    case 'cell':
      return { ...common, text: `${name} = ${placeholders(usual)}` };
  }
}

export function valueProposals({ value, example, names, fitting }: Place<'value'>): readonly Proposal[] {
  const proposals = valuesOf(value, example, names);
  return [
    ...proposals.filter(({ label }) => label === fitting),
    ...proposals.filter(({ label }) => label !== fitting),
  ];
}

function valuesOf(value: ValueKind, example: string, names: FileNames): readonly Proposal[] {
  switch (value.kind) {
    case 'choice':
      return value.options.map((option) => {
        const proposal = optionProposal(option);
        // Between the quotes, file names are offered.
        const takesFile = option.parameters[0]?.value.kind === 'text';
        return takesFile ? { ...proposal, text: `${option.name}("$1")`, thenSuggest: true } : proposal;
      });
    case 'block':
      return named(
        value.block === 'data' ? names.data : names.models,
        CompletionItemKind.Module,
        `${value.block} block`,
      );
    case 'number':
    case 'share':
      return [
        ...constantProposals(names),
        {
          label: example,
          kind: CompletionItemKind.Value,
          detail: 'a usual value',
          text: placeholders(example),
        },
      ];
    case 'cell':
      return names.cells.map(cellProposal);
    case 'columns':
      return [
        {
          label: '[…]',
          kind: CompletionItemKind.Value,
          detail: 'columns',
          text: '["$1"]',
          filter: '[',
          thenSuggest: true,
        },
      ];
    case 'text':
      return [];
  }
}

export function constantProposals({ constants }: FileNames): readonly Proposal[] {
  return named(constants, CompletionItemKind.Constant, 'constant of this file');
}

/** The value of the next parameter, if its kind has any to choose from, and all parameters by name. */
export function argumentProposals({ parameters, used, names }: Place<'argument'>): readonly Proposal[] {
  const [next, ...others] = parameters.filter(({ name }) => !used.has(name));
  if (next === undefined) return [];
  const byName = [next, ...others].map(argumentProposal);
  const byPosition =
    next.value?.kind === 'cell' ? valuesOf(next.value, next.example, names) : constantProposals(names);
  return next.value?.kind === 'cell' ? [...byPosition, ...byName] : [...byName, ...byPosition];
}

export function argumentProposal({ name, documentation, example }: ParameterHint): Proposal {
  const text = `${name} = ${stop(1, example)}`;
  return {
    label: name,
    kind: CompletionItemKind.Property,
    documentation,
    detail: `${name} = ${example}`,
    text,
  };
}

export function cellProposal({
  name,
  parameters,
  documentation,
  origin,
}: FileNames['cells'][number]): Proposal {
  const [first] = parameters;
  const signature = `${name}(${parameters.map((parameter) => parameter.name).join(', ')})`;
  return {
    label: name,
    kind: CompletionItemKind.Class,
    detail: `${signature}, ${origin}`,
    documentation: documentation ?? 'Recurrent cell.',
    text: first ? `${name}(${stop(1, first.example || first.name)})` : name,
  };
}
