/** Layers as written, with what the checks made of them. */
import type { FileCheck } from '../check/check-file.ts';
import type { LayerSpec, SourceRange } from '../checked-model.ts';
import type { Layer, ModelBlock } from '../generated/ast.ts';

/**
 * What a layer became: several in `repeat`, which writes its layers that often; none where something is wrong. A group
 * is what its layers became.
 */
export function specsOf(layer: Layer, specs: readonly LayerSpec[]): readonly LayerSpec[] {
  if (layer.group && layer.type.$refText === 'repeat')
    return layer.layers.flatMap((inner) => specsOf(inner, specs));
  return everyLayer(specs).filter(({ source }) => startsAt(source, layer));
}

/** All layers of a model; undefined where one of them is not right. */
export function completeSpecs(block: ModelBlock, { layers }: FileCheck): readonly LayerSpec[] | undefined {
  const specs = layers.get(block);
  if (specs === undefined || block.layers.length === 0) return undefined;
  return block.layers.every((layer) => specsOf(layer, specs).length > 0) ? specs : undefined;
}

/** Also those in braces. */
export function everyLayer(specs: readonly LayerSpec[]): readonly LayerSpec[] {
  return specs.flatMap((spec) => (spec.kind === 'residual' ? [spec, ...everyLayer(spec.layers)] : [spec]));
}

function startsAt({ start }: SourceRange, layer: Layer): boolean {
  const place = layer.$cstNode?.range.start;
  return place?.line === start.line && place.character === start.character;
}
