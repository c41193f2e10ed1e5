/** The parameters of the iteration in hand as products want them: rows are samples, so (W v)ᵀ = vᵀ Wᵀ. */
import type { ParameterArray } from '../parameters.ts';
import type { Tensor } from './binding.ts';
import type { MatrixBlocks, MatrixPlace, ParameterPlace, VectorOperand } from './plan/definition.ts';
import type { RawOperations } from './raw-operations.ts';

export class ParameterTensors {
  private readonly operations: RawOperations;
  private readonly arrays: ReadonlyMap<string, ParameterArray>;
  private readonly tensors = new Map<object, Tensor>();

  /** @param operations whose tensors last as long as the parameters stay as they are */
  constructor(operations: RawOperations, parameters: readonly ParameterArray[]) {
    this.operations = operations;
    this.arrays = new Map(parameters.map((each) => [`${each.layer} ${each.name}`, each]));
  }

  array({ layer, name }: ParameterPlace): ParameterArray {
    return this.arrays.get(`${layer} ${name}`)!;
  }

  /** Forgets tensors, which are deleted with the operations that made them. */
  forget(): void {
    this.tensors.clear();
  }

  /** [n], the parts end to end. */
  vector(operand: VectorOperand): Tensor {
    return this.once(operand, () => {
      const parts = operand.parts.map((part) => this.array(part).values);
      return this.operations.numbers([operand.size], joined(parts, operand.size));
    });
  }

  /** The blocks' transpose, [Σ columns, Σ rows]. */
  transposedBlocks(blocks: MatrixBlocks): Tensor {
    return this.once(blocks, () => {
      const heights = blocks.map(([first]) => this.turned(first!).columns);
      const widths = blocks[0]!.map((place) => this.turned(place).rows);
      const shape = [total(widths), total(heights)] as const;
      const entries = new Float32Array(shape[0] * shape[1]);
      for (const [row, places] of blocks.entries()) {
        for (const [column, place] of places.entries()) {
          const offset = total(widths.slice(0, column)) * shape[1] + total(heights.slice(0, row));
          writeBlock(this.turned(place), entries, offset, shape[1]);
        }
      }
      return this.operations.numbers(shape, entries);
    });
  }

  /** The matrix as it stands in the transpose: Wᵀ, or W where the program multiplies by Wᵀ. */
  private turned(place: MatrixPlace): TurnedMatrix {
    const { shape, values } = this.array(place);
    const [rows = 1, columns = 1] = shape;
    return place.transposed
      ? { rows, columns, values, rowStride: columns, columnStride: 1 }
      : { rows: columns, columns: rows, values, rowStride: 1, columnStride: columns };
  }

  private once(key: object, make: () => Tensor): Tensor {
    const tensor = this.tensors.get(key) ?? make();
    this.tensors.set(key, tensor);
    return tensor;
  }
}

interface TurnedMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  readonly rowStride: number;
  readonly columnStride: number;
}

function writeBlock(matrix: TurnedMatrix, entries: Float32Array, offset: number, stride: number): void {
  const { rows, columns, values, rowStride, columnStride } = matrix;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      entries[offset + row * stride + column] = values[row * rowStride + column * columnStride]!;
    }
  }
}

function joined(parts: readonly Float32Array[], size: number): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const entries = new Float32Array(size);
  let offset = 0;
  for (const part of parts) {
    entries.set(part, offset);
    offset += part.length;
  }
  return entries;
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
