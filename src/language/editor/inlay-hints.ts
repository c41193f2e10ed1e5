/** Inlay hints: shapes of quantities after their names, and how much each layer learns after it. */
import { type CstNode, GrammarUtils, type LangiumDocument } from 'langium';
import type { InlayHintProvider } from 'langium/lsp';
import {
  type InlayHint,
  InlayHintKind,
  type InlayHintParams,
  type Position,
  type Range,
} from 'vscode-languageserver';
import type { FileCheck } from '../check/check-file.ts';
import { countParameters, parametersOf, showCount } from '../check/parameter-counts.ts';
import { type Sizes, showSizes } from '../check/shape-texts.ts';
import type { LayerSpec } from '../checked-model.ts';
import {
  type Cell,
  type Equation,
  type File,
  isCell,
  isEquation,
  isModelBlock,
  type Layer,
} from '../generated/ast.ts';
import { CellFacts, type CellLayer, shapeIn } from './hover/cell-facts.ts';
import { everyLayer, specsOf } from './model-layers.ts';
import type { RnnServices } from './module.ts';

export class RnnInlayHintProvider implements InlayHintProvider {
  private readonly services: RnnServices;

  constructor(services: RnnServices) {
    this.services = services;
  }

  getInlayHints(document: LangiumDocument, { range }: InlayHintParams): InlayHint[] {
    const file = document as LangiumDocument<File>;
    const check = this.services.checks.of(file);
    return file.parseResult.value.blocks
      .filter((block) => touches(block.$cstNode, range))
      .flatMap((block) => {
        if (isCell(block)) return this.cellHints(block, file, check, range);
        const specs = isModelBlock(block) ? check.layers.get(block) : undefined;
        return isModelBlock(block) && specs ? layerHints(block.layers, specs, range) : [];
      });
  }

  private cellHints(
    cell: Cell,
    document: LangiumDocument<File>,
    check: FileCheck,
    range: Range,
  ): InlayHint[] {
    const uses = usesOf(cell, check);
    const shapes = new CellFacts(cell, document, this.services).shapes();
    if (shapes === undefined) return [];
    const equations = cell.statements.filter(isEquation).filter(({ $cstNode }) => touches($cstNode, range));
    return equations.flatMap((equation) => {
      const shape = shapes.names.get(equation.name);
      return shape ? [shapeHint(equation, shape, uses)] : [];
    });
  }
}

/** The layers of the file's models that are made of a cell; those that `repeat` writes several times count once. */
function usesOf(cell: Cell, { layers }: FileCheck): readonly CellLayer[] {
  const uses = new Map<string, CellLayer>();
  for (const layer of everyLayer([...layers.values()].flat())) {
    if (layer.kind !== 'cell' && layer.kind !== 'bidirectional') continue;
    const { line, character } = layer.source.start;
    if (layer.cell.name === cell.name) uses.set(`${line}:${character}`, layer);
  }
  return [...uses.values()];
}

/** `[64]` in a cell that is used once, `[units]` in others. */
function shapeHint(equation: Equation, symbolic: Sizes, uses: readonly CellLayer[]): InlayHint {
  const [only, ...others] = uses;
  const used = only && others.length === 0 ? shapeIn(only, equation.name) : undefined;
  const name = GrammarUtils.findNodeForProperty(equation.$cstNode, 'name')!;
  const bySizes = `\`${equation.name}\` has the shape \`${showSizes(symbolic)}\``;
  const texts = uses.map(({ text }) => `\`${text}\``).join(', ');
  const tooltip = used
    ? `${bySizes}: \`${showSizes(used)}\` in ${texts}.`
    : `${bySizes}, by the cell's arguments${uses.length > 1 ? `; layers with sizes of their own: ${texts}` : ''}.`;
  return hint(name.range.end, showSizes(used ?? symbolic), tooltip, InlayHintKind.Type);
}

function layerHints(layers: readonly Layer[], specs: readonly LayerSpec[], range: Range): InlayHint[] {
  return layers
    .filter(({ $cstNode }) => touches($cstNode, range))
    .flatMap((layer) => [...layerHint(layer, specs), ...layerHints(layer.layers, specs, range)]);
}

/** After a layer, or the brace of a group. */
function layerHint(layer: Layer, specs: readonly LayerSpec[]): InlayHint[] {
  const became = specsOf(layer, specs);
  const count = countParameters(became);
  if (count === 0) return [];
  if (!layer.group) return [hint(layer.$cstNode!.range.end, labelOf(became), layerTooltip(became[0]!))];
  const brace = GrammarUtils.findNodeForKeyword(layer.$cstNode, '{')!;
  const isRepeat = layer.type.$refText === 'repeat';
  const label = isRepeat ? `${showCount(count)} parameters` : labelOf(became);
  return [hint(brace.range.end, label, groupTooltip(isRepeat ? became : became.slice(0, 1)))];
}

/** `544 parameters`; of a layer in `repeat` each time: `2 × 544 parameters`. */
function labelOf(copies: readonly LayerSpec[]): string {
  const texts = copies.map((copy) => showCount(countParameters([copy])));
  const [text] = texts as [string];
  if (copies.length === 1) return `${text} parameters`;
  if (texts.some((other) => other !== text)) return `${texts.join(', then ')} parameters`;
  return `${copies.length} × ${text.includes(' ') ? `(${text})` : text} parameters`;
}

/** How the number comes about: a line for each parameter. */
function layerTooltip(layer: LayerSpec): string {
  const lines = parametersOf(layer).map(
    ({ name, shape, count }) => `- \`${name}\` \`${showSizes(shape)}\`: ${showCount(count)}`,
  );
  return [`\`${layer.text}\` learns`, ...lines].join('\n');
}

function groupTooltip(specs: readonly LayerSpec[]): string {
  const inner = specs.flatMap((spec) => (spec.kind === 'residual' ? spec.layers : [spec]));
  const lines = inner.map((spec) => `- \`${spec.text}\`: ${showCount(countParameters([spec]))}`);
  return ['The layers in braces learn', ...lines].join('\n');
}

function hint(position: Position, label: string, tooltip: string, kind?: InlayHintKind): InlayHint {
  return {
    position,
    label,
    tooltip: { kind: 'markdown', value: tooltip },
    paddingLeft: true,
    ...(kind !== undefined && { kind }),
  };
}

function touches(node: CstNode | undefined, { start, end }: Range): boolean {
  return node !== undefined && node.range.start.line <= end.line && start.line <= node.range.end.line;
}
