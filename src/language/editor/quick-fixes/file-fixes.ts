/** Quick fixes of a file's blocks. */
import { isTrainBlock } from '../../generated/ast.ts';
import { blocks } from '../../vocabulary/blocks.ts';
import type { BlockName } from '../../vocabulary/kinds.ts';
import { regressionBlocks } from '../../vocabulary/templates.ts';
import { plainText } from '../completion/proposal.ts';
import { type FixContext, freeName, type QuickFix } from './quick-fix.ts';

export function addBlock(context: FixContext): readonly QuickFix[] {
  const { fix } = context.diagnostic;
  if (fix?.kind !== 'add') return [];
  const name = fix.name as BlockName;
  const [data] = context.check.data.values();
  const isRegression = data?.source.kind === 'csv';
  const snippet = (isRegression ? regressionBlocks[name] : undefined) ?? blocks[name].snippet;
  const text = name === 'data' ? dataBlock(context) : plainText(snippet);
  return [{ title: `Add a \`${name}\` block`, edits: [context.edits.atEnd(text)] }];
}

/** Of a file that is there. */
function dataBlock({ dataFiles, file }: FixContext): string {
  const learnsNumbers = file.blocks
    .filter(isTrainBlock)
    .flatMap(({ settings }) => settings)
    .some(({ value }) => value?.$type === 'NameReference' && value.reference.$refText === 'mse');
  const { text, csv, column } = dataFiles;
  const lines = learnsNumbers
    ? [`source  = csv("${csv}")`, `inputs  = ["${column}"]`, `targets = ["${column}"]`, 'window  = 24']
    : [`source = text("${text}")`, 'tokens = char', 'window = 50'];
  return `data {\n  ${lines.join('\n  ')}\n}`;
}

export function nameBlock(context: FixContext): readonly QuickFix[] {
  const { node, file, diagnostic } = context;
  const keyword = node?.$cstNode ? file.blocks.find((block) => block === node)?.keyword : undefined;
  if (!keyword) return [];
  const taken = file.blocks.flatMap((block) => block.name ?? []);
  const name = freeName(keyword, taken);
  return [{ title: `Name it \`${name}\``, edits: [context.edits.insert(diagnostic.source.end, ` ${name}`)] }];
}
