/** What completion offers in `model`, in the order of what fits where the cursor is. */
import { CompletionItemKind } from 'vscode-languageserver';
import { isGroup, type LayerDescription, layers, outputOf } from '../../vocabulary/layers.ts';
import { lossOf } from '../../vocabulary/train-keys.ts';
import type { ModelContext } from './model-context.ts';
import type { FileNames } from './place.ts';
import { optionProposal, type Proposal, placeholders } from './proposal.ts';
import { cellProposal } from './setting-proposals.ts';

const lookups: ReadonlySet<string> = new Set(['onehot', 'embed']);
const outputs: ReadonlySet<string> = new Set(Object.values(outputOf));
const beforeOutput: ReadonlySet<string> = new Set(['dense', 'tie']);

export function layerProposals(context: ModelContext, names: FileNames): readonly Proposal[] {
  const { before, source, inGroup } = context;
  // An output layer is the last.
  if (before.some((name) => outputs.has(name))) return [];
  const isFirst = before.length === 0 && !inGroup;
  const ofKind = (kind: ReadonlySet<string>) =>
    layers.filter(({ name }) => kind.has(name)).map(layerProposal);
  const others = layers.filter(({ name }) => !lookups.has(name) && !outputs.has(name) && fits(name, context));
  const cells = names.cells.map(cellProposal);
  const first = isFirst && source !== 'csv' ? ofKind(lookups) : [];
  const last = inGroup || isFirst ? [] : outputProposals(context);
  const rest = [...cells, ...others.map(layerProposal)];
  if (first.length > 0 && source === undefined) return [...cells, ...first, ...others.map(layerProposal)];
  if (first.length > 0) return [...first, ...rest];
  return beforeOutput.has(before.at(-1) ?? '') ? [...last, ...rest] : [...rest, ...last];
}

/** `tie` shares the table of an `embed`. */
function fits(name: string, { before, inGroup }: ModelContext): boolean {
  return name !== 'tie' || (before.includes('embed') && !inGroup);
}

/** The one that fits the loss, or the data where there is no loss yet. */
function outputProposals({ loss, source }: ModelContext): readonly Proposal[] {
  const measured = loss ?? (source && lossOf[source]);
  const fitting = measured && outputOf[measured];
  return layers
    .filter(({ name }) => outputs.has(name) && (fitting === undefined || name === fitting))
    .map(layerProposal);
}

function layerProposal(layer: LayerDescription): Proposal {
  const proposal = optionProposal(layer);
  if (isGroup(layer.name)) {
    return {
      ...proposal,
      kind: CompletionItemKind.Struct,
      text: `${placeholders(layer.example)} {\n  $0\n}`,
      thenSuggest: true,
    };
  }
  if (layer.name === 'bidirectional') return { ...proposal, text: 'bidirectional($1)', thenSuggest: true };
  return proposal;
}
