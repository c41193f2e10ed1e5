/** The tensors of one value, or of one adjoint, over the time steps of the iteration in hand. */
import type { Tensor, TensorFlow } from './functions.ts';

type Matrix = ReturnType<TensorFlow['tensor2d']>;

export class Slot {
  private readonly tf: TensorFlow;
  private readonly batchSize: number;
  private readonly size: number;
  private readonly steps = new Map<number, Matrix>();
  private readonly constants = new Map<number, Matrix>();

  constructor(tf: TensorFlow, batchSize: number, size: number) {
    this.tf = tf;
    this.batchSize = batchSize;
    this.size = size;
  }

  /** [B, n], or undefined where nothing has been computed yet. */
  held(t: number): Matrix | undefined {
    return this.steps.get(t);
  }

  /** [B, n]; `otherwise` in every entry before the first time step and where nothing has been computed. */
  read(t: number, otherwise: number): Matrix {
    return this.steps.get(t) ?? this.constant(otherwise);
  }

  /** Steps from…to as one matrix [(to − from + 1)·B, n]. */
  range(from: number, to: number, otherwise: number): Matrix {
    const parts: Matrix[] = [];
    for (let t = from; t <= to; t += 1) parts.push(this.read(t, otherwise));
    return parts.length === 1 ? parts[0]! : this.tf.concat2d(parts, 0);
  }

  /** Takes over `tensor`, [B, n], and disposes of it in time. */
  set(t: number, tensor: Tensor): void {
    this.steps.get(t)?.dispose();
    this.steps.set(t, tensor as Matrix);
  }

  /** `tensor` spread to [B, n]: it may lack the batch, where it depends on parameters alone, or be a scalar's. */
  fit(tensor: Tensor): Tensor {
    const [rows, columns] = tensor.shape;
    const fits = tensor.rank === 2 && rows === this.batchSize && columns === this.size;
    return fits ? tensor : this.tf.broadcastTo(tensor, [this.batchSize, this.size]);
  }

  clear(): void {
    for (const tensor of this.steps.values()) tensor.dispose();
    this.steps.clear();
  }

  dispose(): void {
    this.clear();
    for (const tensor of this.constants.values()) tensor.dispose();
    this.constants.clear();
  }

  private constant(value: number): Matrix {
    let tensor = this.constants.get(value);
    if (tensor === undefined) {
      tensor = this.tf.keep(this.tf.fill([this.batchSize, this.size], value)) as Matrix;
      this.constants.set(value, tensor);
    }
    return tensor;
  }
}
