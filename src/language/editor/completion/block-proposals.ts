/** What completion offers between blocks: blocks, whole files, whole cells. */
import { CompletionItemKind } from 'vscode-languageserver';
import type { CellDefinition } from '../../check/cells.ts';
import { blocks } from '../../vocabulary/blocks.ts';
import { emptyCell, fileTemplates, regressionBlocks } from '../../vocabulary/templates.ts';
import { commentOf } from '../comments.ts';
import { escapeSnippet, type Proposal, snippetProposal, stop, templateProposal } from './proposal.ts';

export function fileProposals(cells: readonly CellDefinition[]): readonly Proposal[] {
  return [...fileTemplates.map(templateProposal), ...blockProposals(undefined, cells)];
}

/** @param source of the data that the file already has */
export function blockProposals(
  source: 'text' | 'csv' | undefined,
  cells: readonly CellDefinition[],
): readonly Proposal[] {
  const regression = source === 'csv' ? regressionBlocks : {};
  const whole = Object.values(blocks).map(({ name, documentation, snippet }) =>
    snippetProposal(name, `${name} block`, documentation, regression[name] ?? snippet),
  );
  return [...whole, ...lines, ...cellTemplates(cells)];
}

export function cellTemplates(cells: readonly CellDefinition[]): readonly Proposal[] {
  return [templateProposal(emptyCell), ...cells.map(cellTemplate)];
}

const lines: readonly Proposal[] = [
  {
    label: 'let',
    kind: CompletionItemKind.Keyword,
    detail: 'let n = 64',
    documentation: 'A constant of this file, for sizes and settings.',
    text: `let ${stop(1, 'n')} = ${stop(2, '64')}`,
  },
  {
    label: 'import',
    kind: CompletionItemKind.Keyword,
    detail: 'import "cells.rnn"',
    documentation: 'Makes the cells of another file known in this one.',
    text: 'import "$1"',
    thenSuggest: true,
  },
];

/** A copy of a cell of the prelude under a name of its own. */
function cellTemplate({ node }: CellDefinition): Proposal {
  const { text } = node.$cstNode!;
  const name = text.indexOf(node.name, 'cell'.length);
  const copy = `cell ${stop(1, `My${node.name}`)}${escapeSnippet(text.slice(name + node.name.length))}`;
  const documentation = commentOf(node) ?? `A copy of \`${node.name}\`, to change.`;
  return snippetProposal(`cell ${node.name}`, `a copy of ${node.name}, to change`, documentation, copy);
}
