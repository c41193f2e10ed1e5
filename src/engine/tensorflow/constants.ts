/** Tensors that never change, made once. */
import type { Tensor } from './binding.ts';
import type { RawOperations } from './raw-operations.ts';

export class Constants {
  /** The number of an axis, where an operation wants it as a tensor. */
  readonly axis: { readonly rows: Tensor; readonly units: Tensor };
  private readonly operations: RawOperations;
  private readonly made = new Map<string, Tensor>();

  /** @param operations whose tensors last as long as this is used */
  constructor(operations: RawOperations) {
    this.operations = operations;
    this.axis = {
      rows: operations.integers([], Int32Array.of(0)),
      units: operations.integers([], Int32Array.of(1)),
    };
  }

  scalar(value: number): Tensor {
    return this.once(`scalar ${Object.is(value, -0) ? '-0' : value}`, () =>
      this.operations.numbers([], Float32Array.of(value)),
    );
  }

  /** [rows, size] of one value. */
  filled(rows: number, size: number, value: number): Tensor {
    return this.once(`${rows} ${size} ${value}`, () =>
      this.operations.numbers([rows, size], new Float32Array(rows * size).fill(value)),
    );
  }

  integer(value: number): Tensor {
    return this.once(`integer ${value}`, () => this.operations.integers([], Int32Array.of(value)));
  }

  /** A vector of integers: a shape, or sizes. */
  list(...values: readonly number[]): Tensor {
    return this.once(`list ${values}`, () =>
      this.operations.integers([values.length], Int32Array.from(values)),
    );
  }

  private once(key: string, make: () => Tensor): Tensor {
    const tensor = this.made.get(key) ?? make();
    this.made.set(key, tensor);
    return tensor;
  }
}
