/**
 * TensorFlow's operations, one native call each and no bookkeeping but a list of the tensors that were made: they are
 * deleted together.
 */
import type { Attribute, Tensor, TensorFlowBinding } from './binding.ts';

export class RawOperations {
  private readonly binding: TensorFlowBinding;
  private readonly keepDimensions: readonly Attribute[];
  private readonly batchedByRow: readonly Attribute[];
  private readonly floats: Attribute;
  private made: number[] = [];

  constructor(binding: TensorFlowBinding) {
    this.binding = binding;
    this.keepDimensions = [{ name: 'keep_dims', type: binding.TF_ATTR_BOOL, value: true }];
    this.batchedByRow = [{ name: 'batch_dims', type: binding.TF_ATTR_INT, value: 1 }];
    this.floats = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  }

  /** Deletes what was made. */
  dispose(): void {
    for (const id of this.made) this.binding.deleteTensor(id);
    this.made = [];
  }

  /** Reads the array where it lies if that is a multiple of 64 bytes, so it may not change while the tensor lives. */
  numbers(shape: readonly number[], values: Float32Array): Tensor {
    return this.adopt({ id: this.binding.createTensor(shape, this.binding.TF_FLOAT, values), shape });
  }

  /** As `numbers`. */
  integers(shape: readonly number[], values: Int32Array): Tensor {
    return this.adopt({ id: this.binding.createTensor(shape, this.binding.TF_INT32, values), shape });
  }

  /** A copy of the tensor's entries. */
  read(tensor: Tensor): Float32Array {
    return this.binding.tensorDataSync(tensor.id);
  }

  /** An operation of one output that needs no attributes. */
  apply(name: string, ...inputs: readonly Tensor[]): Tensor {
    return this.execute(name, inputs);
  }

  /** left @ right, with either of them transposed. */
  product(
    left: Tensor,
    right: Tensor,
    transpose: { readonly left: boolean; readonly right: boolean },
  ): Tensor {
    const attribute = (name: string, value: boolean): Attribute => ({
      name,
      type: this.binding.TF_ATTR_BOOL,
      value,
    });
    return this.execute(
      'MatMul',
      [left, right],
      [attribute('transpose_a', transpose.left), attribute('transpose_b', transpose.right)],
    );
  }

  /** Σ over the entries of each row: [rows, n] → [rows, 1]. */
  sumOfRow(matrix: Tensor, axis: Tensor): Tensor {
    return this.execute('Sum', [matrix, axis], this.keepDimensions);
  }

  meanOfRow(matrix: Tensor, axis: Tensor): Tensor {
    return this.execute('Mean', [matrix, axis], this.keepDimensions);
  }

  concatenate(parts: readonly Tensor[], axis: Tensor): Tensor {
    if (parts.length === 1) return parts[0]!;
    const count = { name: 'N', type: this.binding.TF_ATTR_INT, value: parts.length };
    return this.execute('ConcatV2', [...parts, axis], [count, this.floats]);
  }

  /** Tensors of one shape, one after the other along a new first axis. */
  stack(parts: readonly Tensor[]): Tensor {
    const count = { name: 'N', type: this.binding.TF_ATTR_INT, value: parts.length };
    return this.execute('Pack', parts, [count, this.floats]);
  }

  /** `count` parts of equal length; along the rows they share memory where rows are multiples of 64 bytes. */
  split(tensor: Tensor, count: number, axis: Tensor): Tensor[] {
    const attribute = { name: 'num_split', type: this.binding.TF_ATTR_INT, value: count };
    return this.executeMany('Split', [axis, tensor], [attribute], count);
  }

  /** Parts of the lengths that the tensor `sizes` holds. */
  splitBySizes(tensor: Tensor, sizes: Tensor, axis: Tensor, count: number): Tensor[] {
    const attribute = { name: 'num_split', type: this.binding.TF_ATTR_INT, value: count };
    return this.executeMany('SplitV', [tensor, sizes, axis], [attribute], count);
  }

  /** The entry of each row that `columns`, [rows], names: [rows, 1]. */
  entriesOfRows(matrix: Tensor, columns: Tensor, axis: Tensor): Tensor {
    const indices = this.execute('ExpandDims', [columns, axis]);
    return this.execute('GatherV2', [matrix, indices, axis], this.batchedByRow);
  }

  private execute(name: string, inputs: readonly Tensor[], attributes: readonly Attribute[] = []): Tensor {
    return this.executeMany(name, inputs, attributes, 1)[0]!;
  }

  private executeMany(
    name: string,
    inputs: readonly Tensor[],
    attributes: readonly Attribute[],
    outputs: number,
  ): Tensor[] {
    const ids = inputs.map(({ id }) => id);
    const results = this.binding.executeOp(name, attributes, ids, outputs);
    for (const result of results) this.adopt(result);
    return results;
  }

  private adopt(tensor: Tensor): Tensor {
    this.made.push(tensor.id);
    return tensor;
  }
}
