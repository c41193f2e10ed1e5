/** Completion: what can stand at the cursor, each with its meaning. */
import type { LangiumDocument } from 'langium';
import type { CompletionProvider } from 'langium/lsp';
import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  type CompletionParams,
  InsertTextFormat,
  type Range,
} from 'vscode-languageserver';
import { isName } from '../check/tokens.ts';
import { blocks } from '../vocabulary/blocks.ts';
import { functions, inputName } from '../vocabulary/functions.ts';
import type { Key, Option, ValueKind } from '../vocabulary/kinds.ts';
import { layers } from '../vocabulary/layers.ts';
import { statements } from '../vocabulary/statements.ts';
import { fileTemplates, gateTemplate, type Template } from '../vocabulary/templates.ts';
import {
  type CellNames,
  type CellSignature,
  type CompletionPlace,
  type ParameterHint,
  placeAt,
} from './completion-place.ts';
import type { RnnServices } from './module.ts';

/** An item without its place; `text` is a snippet, by default the label. */
interface Proposal {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly documentation?: string;
  readonly detail?: string;
  readonly text?: string;
  /** Offer the values at once. */
  readonly thenSuggest?: true;
}

export class RnnCompletionProvider implements CompletionProvider {
  private readonly services: RnnServices;

  constructor(services: RnnServices) {
    this.services = services;
  }

  getCompletion(document: LangiumDocument, { position }: CompletionParams): CompletionList | undefined {
    const { textDocument } = document;
    const offset = textDocument.offsetAt(position);
    const { tokens, hidden } = this.services.parser.Lexer.tokenize(textDocument.getText());
    const inComment = hidden.some(
      (token) =>
        token.tokenType.name === 'COMMENT' &&
        token.startOffset < offset &&
        offset <= token.startOffset + token.image.length,
    );
    const next = tokens.findIndex((token) => token.startOffset + token.image.length >= offset);
    const touched = tokens[next];
    // The word that the cursor is in or at the end of is what gets completed.
    const word =
      touched !== undefined && isName(touched) && touched.startOffset < offset ? touched : undefined;
    const touchesOther = touched !== undefined && !word && touched.startOffset < offset;
    if (inComment || (touchesOther && touched.startOffset + touched.image.length > offset)) return undefined;

    const index = next < 0 ? tokens.length : touchesOther ? next + 1 : next;
    const place = placeAt(tokens, index, this.preludeSignatures());
    const range = { start: word ? textDocument.positionAt(word.startOffset) : position, end: position };
    const items = place ? proposals(place) : [];
    return { isIncomplete: false, items: items.map((proposal, order) => toItem(proposal, order, range)) };
  }

  private preludeSignatures(): readonly CellSignature[] {
    return [...this.services.checks.preludeCells()].map(([name, { arguments: declared }]) => ({
      name,
      parameters: [...declared.values()].map((argument) => ({
        name: argument.name,
        documentation: 'Argument of the cell.',
        example: argument.default?.$cstNode?.text ?? '64',
      })),
    }));
  }
}

function toItem(proposal: Proposal, order: number, range: Range): CompletionItem {
  const { label, kind, documentation, detail, text, thenSuggest } = proposal;
  return {
    label,
    kind,
    sortText: String(order).padStart(3, '0'),
    insertTextFormat: InsertTextFormat.Snippet,
    textEdit: { range, newText: text ?? escapeSnippet(label) },
    ...(detail !== undefined && { detail }),
    ...(documentation !== undefined && {
      documentation: { kind: 'markdown' as const, value: documentation },
    }),
    ...(thenSuggest && { command: { title: 'Suggest values', command: 'editor.action.triggerSuggest' } }),
  };
}

function proposals(place: CompletionPlace): readonly Proposal[] {
  switch (place.kind) {
    case 'emptyFile':
      return [...blockProposals, ...fileTemplates.map(templateProposal)];
    case 'block':
      return blockProposals;
    case 'key':
      return place.keys.filter((key) => !place.used.has(key.name)).map(keyProposal);
    case 'value':
      return valueProposals(place.value);
    case 'argument':
      return place.parameters.filter(({ name }) => !place.used.has(name)).map(argumentProposal);
    case 'layer':
      return [...place.cells.map(cellProposal), ...layers.map(optionProposal)];
    case 'statement':
      return statementProposals;
    case 'expression':
      return expressionProposals(place.names);
    case 'size':
      return [inputProposal, ...named(place.names.arguments, CompletionItemKind.Variable, 'argument')];
    case 'quantity':
      return named(place.names.quantities, CompletionItemKind.Variable, 'quantity');
    case 'delay':
      return [{ label: 't-1', kind: CompletionItemKind.Value, documentation: 'One time step ago.' }];
  }
}

const blockProposals: readonly Proposal[] = Object.values(blocks).map(({ name, documentation, snippet }) =>
  snippetProposal(name, `${name} block`, documentation, snippet),
);

function templateProposal({ name, documentation, snippet }: Template): Proposal {
  return snippetProposal(name, 'template', documentation, snippet);
}

function snippetProposal(label: string, detail: string, documentation: string, snippet: string): Proposal {
  return {
    label,
    kind: CompletionItemKind.Snippet,
    detail,
    documentation: `${documentation}\n\`\`\`rnn\n${plainText(snippet)}\n\`\`\``,
    text: snippet,
  };
}

function keyProposal({ name, documentation, value, example }: Key): Proposal {
  const common = {
    label: name,
    kind: CompletionItemKind.Property,
    documentation,
    detail: `${name} = ${example}`,
  };
  if (value.kind === 'choice') return { ...common, text: `${name} = `, thenSuggest: true };
  return { ...common, text: `${name} = ${placeholders(example)}` };
}

function valueProposals(value: ValueKind): readonly Proposal[] {
  return value.kind === 'choice' ? value.options.map(optionProposal) : [];
}

function optionProposal({ name, documentation, example }: Option): Proposal {
  return {
    label: name,
    kind: CompletionItemKind.EnumMember,
    detail: example,
    documentation,
    text: placeholders(example),
  };
}

function argumentProposal({ name, documentation, example }: ParameterHint): Proposal {
  const text = `${name} = ${place(1, example)}`;
  return {
    label: name,
    kind: CompletionItemKind.Property,
    documentation,
    detail: `${name} = ${example}`,
    text,
  };
}

function cellProposal({ name, parameters }: CellSignature): Proposal {
  const [first] = parameters;
  const signature = `${name}(${parameters.map((parameter) => parameter.name).join(', ')})`;
  const text = first ? `${name}(${place(1, first.example || first.name)})` : name;
  return {
    label: name,
    kind: CompletionItemKind.Class,
    detail: signature,
    documentation: 'Recurrent cell.',
    text,
  };
}

const statementProposals: readonly Proposal[] = [
  {
    label: 'param',
    kind: CompletionItemKind.Keyword,
    documentation: statements.param,
    text: `param ${place(1, 'W')} : [${place(2, 'units, x')}] ~ ${place(3, 'glorot')}`,
  },
  {
    label: 'initial',
    kind: CompletionItemKind.Keyword,
    documentation: statements.initial,
    text: `initial ${place(1, 'h')} = ${place(2, '0')}`,
  },
  {
    label: 'output',
    kind: CompletionItemKind.Keyword,
    documentation: statements.output,
    text: 'output ',
    thenSuggest: true,
  },
  templateProposal(gateTemplate),
];

const inputProposal: Proposal = {
  label: inputName,
  kind: CompletionItemKind.Variable,
  detail: 'input',
  documentation: 'What the layer below hands on; in a shape, its width.',
};

function expressionProposals(names: CellNames): readonly Proposal[] {
  return [
    ...names.quantities.flatMap((name): Proposal[] => [
      { label: name, kind: CompletionItemKind.Variable, detail: 'quantity, now' },
      { label: `${name}[t-1]`, kind: CompletionItemKind.Variable, detail: 'one time step ago' },
    ]),
    inputProposal,
    ...named(names.parameters, CompletionItemKind.Field, 'parameter'),
    ...named(names.arguments, CompletionItemKind.Variable, 'argument'),
    ...Object.entries(functions).map(([name, { meaning, derivative }]) => ({
      label: name,
      kind: CompletionItemKind.Function,
      detail: `${name}(…)`,
      documentation: `${meaning}\n\n${derivative}`,
      text: `${name}($1)`,
    })),
  ];
}

function named(names: readonly string[], kind: CompletionItemKind, detail: string): readonly Proposal[] {
  return names.map((name) => ({ label: name, kind, detail }));
}

/** A place to type in; the text can hold further ones. */
function place(index: number, text: string): string {
  return `\${${index}:${text}}`;
}

function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** A snippet as it looks before anything is typed. */
function plainText(snippet: string): string {
  return snippet.replace(/\$\{\d+:([^}]*)\}/g, '$1').replace(/\$\d+/g, '…');
}

/** Makes places to type in of the values in an example such as `adam(lr = 0.01)`. */
function placeholders(example: string): string {
  let count = 0;
  return example.replace(/"[^"]*"|\d[\w.%-]*/g, (value) => {
    count++;
    return value.startsWith('"') ? `"${place(count, value.slice(1, -1))}"` : place(count, value);
  });
}
