/** How many numbers a layer learns. What hangs on the vocabulary is a polynomial in it until the text is read. */
import type { CheckedCell, LayerSpec, Shape } from '../checked-model.ts';
import { addSizes, multiplySizes, type Size } from '../sizes.ts';

export interface CountedParameter {
  readonly name: string;
  readonly shape: Shape;
  readonly count: Size;
}

/** What a layer learns: each parameter with its entries. */
export function parametersOf(layer: LayerSpec): readonly CountedParameter[] {
  const { inputSize, outputSize } = layer;
  switch (layer.kind) {
    case 'cell':
      return cellParameters(layer.cell);
    case 'bidirectional':
      return ['forward', 'backward'].flatMap((direction) =>
        cellParameters(layer.cell).map((parameter) => ({
          ...parameter,
          name: `${parameter.name} ${direction}`,
        })),
      );
    case 'residual':
      return layer.layers.flatMap(parametersOf);
    case 'embed':
      return [counted('E', [inputSize, outputSize])];
    case 'dense':
      return [counted('W', [outputSize, inputSize]), counted('b', [outputSize])];
    case 'tie':
      return [counted('b', [outputSize])];
    case 'layer_norm':
      return [counted('gain', [outputSize]), counted('bias', [outputSize])];
    case 'onehot':
    case 'dropout':
    case 'last':
    case 'mean':
    case 'softmax':
    case 'linear':
      return [];
  }
}

function cellParameters({ parameters }: CheckedCell): readonly CountedParameter[] {
  return parameters.map(({ name, shape }) => counted(name, shape));
}

function counted(name: string, shape: Shape): CountedParameter {
  return { name, shape, count: shape.reduce<Size>((product, size) => multiplySizes(product, size), 1) };
}

export function countParameters(layers: readonly LayerSpec[]): Size {
  return layers.flatMap(parametersOf).reduce<Size>((total, { count }) => addSizes(total, count), 0);
}

/** `16,640`, `65 · vocabulary + 64`. */
export function showCount(count: Size): string {
  return `${count}`.replaceAll(' * ', ' · ').replace(/\d+/g, (digits) => Number(digits).toLocaleString('en'));
}
