/** What completion offers, before it knows where it goes. */
import { CompletionItemKind } from 'vscode-languageserver';
import type { Option } from '../../vocabulary/kinds.ts';
import type { Template } from '../../vocabulary/templates.ts';

export interface Proposal {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly documentation?: string | undefined;
  readonly detail?: string;
  /** A snippet; by default the label. */
  readonly text?: string;
  /** What typing is compared with; by default the label. */
  readonly filter?: string;
  /** Offers what comes next at once. */
  readonly thenSuggest?: true;
}

export function optionProposal({ name, documentation, example }: Option): Proposal {
  return {
    label: name,
    kind: CompletionItemKind.EnumMember,
    detail: example,
    documentation,
    text: placeholders(example),
  };
}

export function templateProposal({ name, documentation, snippet, filter }: Template): Proposal {
  return snippetProposal(name, 'template', documentation, snippet, filter);
}

export function snippetProposal(
  label: string,
  detail: string,
  documentation: string,
  snippet: string,
  filter?: string,
): Proposal {
  return {
    label,
    kind: CompletionItemKind.Snippet,
    detail,
    documentation: `${documentation}\n${fenced(plainText(snippet))}`,
    text: snippet,
    ...(filter !== undefined && { filter }),
  };
}

export function named(
  names: readonly string[],
  kind: CompletionItemKind,
  detail: string,
): readonly Proposal[] {
  return names.map((name) => ({ label: name, kind, detail }));
}

export function fenced(code: string): string {
  return `\`\`\`rnn\n${code}\n\`\`\``;
}

/** A place to type in; the text can hold further ones. */
export function stop(index: number, text: string): string {
  return `\${${index}:${text}}`;
}

export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** A snippet as it looks before anything is typed. */
export function plainText(snippet: string): string {
  const texts = new Map<string, string>();
  return snippet
    .replace(/\$\{(\d+):([^}]*)\}/g, (_, index: string, text: string) => {
      texts.set(index, text);
      return text;
    })
    .replace(/\\([\\$}])/g, '$1')
    .replace(/\$(\d+)/g, (_, index: string) => texts.get(index) ?? '…');
}

/** Makes places to type in of the values in an example such as `adam(lr = 0.01)`. */
export function placeholders(example: string): string {
  let count = 0;
  return example.replace(/"[^"]*"|\b\d[\w.%-]*/g, (value) => {
    count++;
    return value.startsWith('"') ? `"${stop(count, value.slice(1, -1))}"` : stop(count, value);
  });
}
